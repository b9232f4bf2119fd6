// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/scheduler.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <QTest>
#include <cmath>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::engine;
using nlohmann::json;

namespace {

const std::string kSource = "scheduler_config.json";
constexpr const char* kClasses[] = {"FlowMatchEulerDiscreteScheduler", "EulerDiscreteScheduler",
    "EulerAncestralDiscreteScheduler", "DPMSolverMultistepScheduler", "DPMSolverSinglestepScheduler", "DDIMScheduler",
    "LCMScheduler"};

/// The schedule of SDXL base.
json sdxl()
{
    return {{"_class_name", "EulerDiscreteScheduler"}, {"beta_schedule", "scaled_linear"}, {"beta_start", 0.00085},
        {"beta_end", 0.012}, {"timestep_spacing", "leading"}, {"steps_offset", 1}};
}

std::unique_ptr<Scheduler> make(const json& config, const std::string& className)
{
    auto made = makeScheduler(config, className, kSource);
    if (!made)
        qWarning("%s", made.error().message.c_str());
    return made ? std::move(*made) : nullptr;
}

/// The error of making a scheduler and preparing `steps`, or none.
std::optional<Error> errorOf(const json& config, const std::string& className, int steps = 4)
{
    auto made = makeScheduler(config, className, kSource);
    if (!made)
        return made.error();
    const auto prepared = (*made)->setTimesteps(steps, {}, {});
    return prepared ? std::nullopt : std::optional(prepared.error());
}

at::Tensor noise(std::uint64_t seed)
{
    return at::randn({1, 4, 8, 8}, at::detail::createCPUGenerator(seed), at::TensorOptions().dtype(at::kFloat));
}

/// The last sample of a run in which the model always answers with the same noise.
at::Tensor runThrough(Scheduler& scheduler, const at::Generator& generator)
{
    at::Tensor sample = noise(1) * scheduler.initNoiseSigma();
    for (int i = 0; i < static_cast<int>(scheduler.timesteps().size()); ++i)
        sample = scheduler.step(noise(2), i, sample, generator).previousSample;
    return sample;
}

} // namespace

/// What schedulers refuse, and the few schedules that everyone knows by heart. The numbers at large: tests/parity.
class TestSchedulers : public QObject {
    Q_OBJECT

private Q_SLOTS:
    // ---- refused

    void refusesUnknownClass()
    {
        const auto error = errorOf(json::object(), "PNDMScheduler");
        QVERIFY(error);
        QCOMPARE(error->code, ErrorCode::Unsupported);
        QVERIFY(error->message.find("PNDMScheduler") != std::string::npos);
        QVERIFY(error->message.find("LCMScheduler") != std::string::npos); // what is known
    }

    void refusesConfigWithoutClass()
    {
        const auto error = errorOf(json::object(), "");
        QVERIFY(error);
        QCOMPARE(error->code, ErrorCode::InvalidArgument);
        QVERIFY(error->message.find("_class_name") != std::string::npos);
    }

    void refusesValueByName_data()
    {
        QTest::addColumn<QByteArray>("className");
        QTest::addColumn<QByteArray>("config");
        QTest::addColumn<QByteArray>("field");
        const auto row = [](const char* className, const json& config, const char* field) {
            const std::string text = config.dump();
            QTest::addRow("%s %s", className, text.c_str())
                << QByteArray(className) << QByteArray(text.c_str()) << QByteArray(field);
        };
        // values that are not supported
        row("EulerDiscreteScheduler", {{"beta_schedule", "sigmoid"}}, "beta_schedule");
        row("EulerDiscreteScheduler", {{"timestep_spacing", "quadratic"}}, "timestep_spacing");
        row("EulerDiscreteScheduler", {{"prediction_type", "flow_prediction"}}, "prediction_type");
        row("EulerDiscreteScheduler", {{"interpolation_type", "cubic"}}, "interpolation_type");
        row("EulerDiscreteScheduler", {{"timestep_type", "other"}}, "timestep_type");
        row("EulerDiscreteScheduler", {{"final_sigmas_type", "one"}}, "final_sigmas_type");
        row("EulerAncestralDiscreteScheduler", {{"prediction_type", "sample"}}, "prediction_type");
        row("DPMSolverMultistepScheduler", {{"algorithm_type", "unipc"}}, "algorithm_type");
        row("DPMSolverMultistepScheduler", {{"algorithm_type", "dpmsolver"}}, "algorithm_type"); // final sigma is zero
        row("DPMSolverMultistepScheduler", {{"solver_type", "euler"}}, "solver_type");
        row("DPMSolverMultistepScheduler", {{"solver_order", 4}}, "solver_order");
        row("DPMSolverMultistepScheduler", {{"variance_type", "learned"}}, "variance_type");
        row("DPMSolverSinglestepScheduler", {{"algorithm_type", "sde-dpmsolver"}, {"final_sigmas_type", "sigma_min"}},
            "algorithm_type");
        row("DPMSolverSinglestepScheduler",
            {{"algorithm_type", "dpmsolver"}, {"final_sigmas_type", "sigma_min"}, {"thresholding", true}},
            "thresholding");
        row("FlowMatchEulerDiscreteScheduler", {{"time_shift_type", "cubic"}}, "time_shift_type");
        // values that make no sense
        row("EulerDiscreteScheduler", {{"beta_start", -0.1}}, "beta_start");
        row("EulerDiscreteScheduler", {{"beta_end", 2}}, "beta_end");
        row("EulerDiscreteScheduler", {{"trained_betas", json::array()}}, "trained_betas");
        row("EulerDiscreteScheduler", {{"trained_betas", json::array({0.1, 1.5})}}, "trained_betas");
        row("EulerDiscreteScheduler", {{"num_train_timesteps", 0}}, "num_train_timesteps");
        row("EulerDiscreteScheduler", {{"sigma_min", 0}}, "sigma_min");
        row("EulerDiscreteScheduler", {{"use_karras_sigmas", true}, {"use_exponential_sigmas", true}},
            "use_exponential_sigmas");
        row("DDIMScheduler", {{"dynamic_thresholding_ratio", 1.5}}, "dynamic_thresholding_ratio");
        row("DDIMScheduler", {{"steps_offset", -1}}, "steps_offset");
        row("LCMScheduler", {{"original_inference_steps", 2000}}, "original_inference_steps");
        row("FlowMatchEulerDiscreteScheduler", {{"shift", 0}}, "shift");
        row("FlowMatchEulerDiscreteScheduler", {{"shift_terminal", 1.5}}, "shift_terminal");
        row("FlowMatchEulerDiscreteScheduler", {{"max_image_seq_len", 256}}, "max_image_seq_len");
        // wrong types
        row("EulerDiscreteScheduler", {{"beta_schedule", 3}}, "beta_schedule");
        row("EulerDiscreteScheduler", {{"beta_start", "small"}}, "beta_start");
        row("EulerDiscreteScheduler", {{"use_karras_sigmas", "yes"}}, "use_karras_sigmas");
        row("EulerDiscreteScheduler", {{"trained_betas", 0.1}}, "trained_betas");
        row("EulerDiscreteScheduler", {{"num_train_timesteps", 1000.5}}, "num_train_timesteps");
        row("EulerDiscreteScheduler", {{"prediction_type", json::array({"epsilon"})}}, "prediction_type");
        row("DPMSolverMultistepScheduler", {{"lambda_min_clipped", "low"}}, "lambda_min_clipped");
        row("DPMSolverMultistepScheduler", {{"solver_order", "2"}}, "solver_order");
        row("FlowMatchEulerDiscreteScheduler", {{"use_dynamic_shifting", 1}}, "use_dynamic_shifting");
    }

    void refusesValueByName()
    {
        QFETCH(QByteArray, className);
        QFETCH(QByteArray, config);
        QFETCH(QByteArray, field);
        const auto error = errorOf(json::parse(config.toStdString()), className.toStdString());
        QVERIFY(error);
        QVERIFY(error->code == ErrorCode::Unsupported || error->code == ErrorCode::InvalidArgument);
        QVERIFY2(error->message.find(kSource + ": " + field.toStdString()) == 0, error->message.c_str());
    }

    void refusesTooManySteps_data()
    {
        QTest::addColumn<QByteArray>("className");
        QTest::addColumn<int>("steps");
        QTest::newRow("none") << QByteArray("EulerDiscreteScheduler") << 0;
        QTest::newRow("negative") << QByteArray("LCMScheduler") << -3;
        QTest::newRow("DDIM") << QByteArray("DDIMScheduler") << 1001;
        QTest::newRow("LCM") << QByteArray("LCMScheduler") << 51;
    }

    void refusesTooManySteps()
    {
        QFETCH(QByteArray, className);
        QFETCH(int, steps);
        const auto error = errorOf(json::object(), className.toStdString(), steps);
        QVERIFY(error);
        QCOMPARE(error->code, ErrorCode::InvalidArgument);
        QVERIFY2(error->message.find(std::to_string(steps)) != std::string::npos, error->message.c_str());
    }

    void refusesTimestepsBeyondTheTrainedOnes()
    {
        const auto error = errorOf({{"steps_offset", 500}}, "DDIMScheduler");
        QVERIFY(error);
        QVERIFY2(error->message.find("1250") != std::string::npos, error->message.c_str());
    }

    void refusesSigmasThatAreNoNumbers()
    {
        const auto error = errorOf({{"shift_terminal", 0.1}}, "FlowMatchEulerDiscreteScheduler", 1);
        QVERIFY(error);
        QCOMPARE(error->code, ErrorCode::InvalidArgument);
    }

    void refusesGivenSigmas()
    {
        const auto euler = make(json::object(), "EulerDiscreteScheduler");
        QCOMPARE(euler->setTimesteps(2, {}, {1.0, 0.5}).error().code, ErrorCode::InvalidArgument);
        const auto flow = make(json::object(), "FlowMatchEulerDiscreteScheduler");
        QCOMPARE(flow->setTimesteps(4, {}, {1.0, 0.5}).error().code, ErrorCode::InvalidArgument);
    }

    void refusesDynamicShiftWithoutMu()
    {
        const auto flow = make({{"use_dynamic_shifting", true}}, "FlowMatchEulerDiscreteScheduler");
        QCOMPARE(flow->setTimesteps(4, {}, {}).error().code, ErrorCode::InvalidArgument);
        QVERIFY(flow->setTimesteps(4, flow->dynamicShift(4096), {}));
        QCOMPARE(flow->dynamicShift(256), 0.5);
        QCOMPARE(flow->dynamicShift(4096), 1.15);
    }

    // ---- left out, as from_config does

    void leavesOutForeignFields()
    {
        json config = sdxl();
        config["algorithm_type"] = "unknown";
        config["skip_prk_steps"] = true;
        config["_diffusers_version"] = "0.42.1";
        QVERIFY(!errorOf(config, ""));
        QVERIFY(errorOf(config, "DPMSolverMultistepScheduler")); // which has the field
    }

    void leavesOutSavedDefaults()
    {
        json config = sdxl();
        config["prediction_type"] = "nonsense";
        config["_use_default_values"] = {"prediction_type"};
        QVERIFY(!errorOf(config, ""));
    }

    void nullIsTheDefault()
    {
        QVERIFY(!errorOf({{"trained_betas", nullptr}, {"sigma_min", nullptr}}, "EulerDiscreteScheduler"));
    }

    void readsInfinityAsPythonWritesIt() // no raw strings here: moc 6.4 loses its way in them
    {
        const auto config = parseSchedulerConfig(
            "{\"lambda_min_clipped\": -Infinity, \"_name\": \"-Infinity, \\\"NaN\\\"\", \"x\": [NaN, Infinity]}",
            kSource);
        QVERIFY(config);
        QCOMPARE(config->at("lambda_min_clipped").get<std::string>(), std::string("-Infinity"));
        QCOMPARE(config->at("_name").get<std::string>(), std::string("-Infinity, \"NaN\""));
        QCOMPARE(config->at("x").size(), std::size_t(2));
        QVERIFY(!errorOf(*config, "DPMSolverMultistepScheduler"));
        QVERIFY(!parseSchedulerConfig("{\"x\": -Infinite}", kSource));
        QVERIFY(!parseSchedulerConfig("[Infinity]", kSource));
        QVERIFY(!parseSchedulerConfig("{\"x\": \"unfinished}", kSource));
    }

    // ---- schedules known by heart

    void makesEveryClass()
    {
        for (const char* name : kClasses) {
            const auto scheduler = make(sdxl(), name);
            QVERIFY(scheduler);
            QCOMPARE(scheduler->className(), std::string(name));
            QVERIFY(scheduler->setTimesteps(4, {}, {}));
            QCOMPARE(scheduler->timesteps().size(), std::size_t(4));
        }
    }

    void schnellMakesFourEvenSteps()
    {
        const auto flow = make({{"shift", 1.0}}, "FlowMatchEulerDiscreteScheduler");
        QVERIFY(flow->setTimesteps(4, {}, {1.0, 0.75, 0.5, 0.25}));
        QCOMPARE(flow->timesteps(), (std::vector<double>{1000, 750, 500, 250}));
        QVERIFY(flow->isFlowMatch());
        QVERIFY(!flow->dynamicShift(4096));
        const at::Tensor sample = noise(1);
        const StepResult last = flow->step(noise(2), 3, sample, {});
        QVERIFY(at::allclose(last.previousSample, sample - noise(2) * 0.25));
        QVERIFY(at::allclose(last.previousSample, last.predictedOriginal));
    }

    void sdxlBaseLeadsWithOffset()
    {
        const auto euler = make(sdxl(), "");
        QVERIFY(euler->setTimesteps(4, {}, {}));
        QCOMPARE(euler->timesteps(), (std::vector<double>{751, 501, 251, 1}));
        const double largest = std::sqrt(euler->initNoiseSigma() * euler->initNoiseSigma() - 1);
        const at::Tensor scaled = euler->scaleModelInput(at::ones({1}), 0);
        QVERIFY(std::abs(scaled.item<double>() * std::sqrt(largest * largest + 1) - 1) < 1e-6);
    }

    void singlestepSpacesSevenSteps()
    {
        const auto solver = make(sdxl(), "DPMSolverSinglestepScheduler");
        QVERIFY(solver->setTimesteps(7, {}, {}));
        QCOMPARE(solver->timesteps(), (std::vector<double>{999, 856, 714, 571, 428, 285, 143}));
    }

    void trailingMayMakeOneStepMore()
    {
        json config = sdxl();
        config["timestep_spacing"] = "trailing";
        const auto euler = make(config, "");
        QVERIFY(euler->setTimesteps(61, {}, {}));
        QCOMPARE(euler->timesteps().size(), std::size_t(62));
    }

    // ---- steps

    void sameSeedSamePicture()
    {
        for (const char* name : kClasses) {
            const auto scheduler = make(sdxl(), name);
            QVERIFY(scheduler->setTimesteps(5, {}, {}));
            const at::Tensor first = runThrough(*scheduler, at::detail::createCPUGenerator(3));
            QVERIFY(scheduler->setTimesteps(5, {}, {})); // the next generation with the same scheduler
            QVERIFY2(at::equal(first, runThrough(*scheduler, at::detail::createCPUGenerator(3))), name);
            const bool isRandom = scheduler->className() == "LCMScheduler"
                || scheduler->className() == "EulerAncestralDiscreteScheduler";
            QVERIFY(scheduler->setTimesteps(5, {}, {}));
            QCOMPARE(at::equal(first, runThrough(*scheduler, at::detail::createCPUGenerator(4))), !isRandom);
        }
    }

    void answersInTheModelsDtype()
    {
        for (const char* name : kClasses) {
            const auto scheduler = make(sdxl(), name);
            QVERIFY(scheduler->setTimesteps(2, {}, {}));
            const at::Tensor output = noise(2).to(at::kBFloat16);
            const at::Tensor sample = noise(1).to(at::kBFloat16);
            const auto result = scheduler->step(output, 0, sample, at::detail::createCPUGenerator(3));
            QCOMPARE(result.previousSample.scalar_type(), at::kBFloat16);
            QCOMPARE(result.predictedOriginal.scalar_type(), at::kBFloat16);
            QVERIFY(result.predictedOriginal.sizes() == output.sizes());
        }
    }
};

QTEST_GUILESS_MAIN(TestSchedulers)
#include "tst_schedulers.moc"
