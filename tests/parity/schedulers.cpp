// SPDX-License-Identifier: Apache-2.0
// Runs the cases that schedulers.py wrote, and compares every timestep and every sample with those of diffusers.
// Usage: schedulers FOLDER. Exits with 1 if any case drifts.

#include "engine/sampling/numpy.h"
#include "engine/sampling/scheduler.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>
#include <algorithm>
#include <cmath>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace {

using namespace tintype;
using namespace tintype::engine;
using nlohmann::json;

constexpr double kScalarGate = 1e-6;  // relative
constexpr double kSampleGate = 1e-5;  // relative to the sample's largest value
constexpr double kBfloatGate = 1e-2;  // one bit of bfloat16, in the few places where a kernel rounds otherwise
constexpr int kShownDrifts = 20;

/// The cases of one run, and what diffusers made of them.
struct Reference {
    json index;
    std::vector<float> samples;
    std::vector<std::int64_t> shape;
    std::uint64_t noiseSeed = 0;
};

struct Drift {
    std::string where;
    double error = 0; ///< relative; 0 = none
};

struct Tally {
    int compared = 0;
    int exact = 0;
    int refused = 0;
    int infinite = 0;
    int drifted = 0;
    double worst = 0;
};

Reference load(const std::string& folder)
{
    std::ifstream indexFile(folder + "/schedulers.json");
    std::ifstream blob(folder + "/schedulers.bin", std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(blob), {}};
    Reference reference{.index = json::parse(indexFile), .samples = {}, .shape = {}};
    reference.samples.resize(bytes.size() / sizeof(float));
    std::memcpy(reference.samples.data(), bytes.data(), reference.samples.size() * sizeof(float));
    reference.shape = reference.index.at("shape").get<std::vector<std::int64_t>>();
    reference.noiseSeed = reference.index.at("noise_seed").get<std::uint64_t>();
    return reference;
}

at::Tensor noise(const Reference& reference, std::uint64_t seed, at::ScalarType dtype)
{
    return at::randn(reference.shape, at::detail::createCPUGenerator(seed), at::TensorOptions().dtype(dtype));
}

/// schedulers.py, model()
at::Tensor model(const at::Tensor& sample, double timestep, const at::Tensor& constant)
{
    const double weight = 0.5 * timestep / (std::abs(timestep) + 100.0);
    return sample * weight + constant * (1.0 - weight);
}

double relativeError(double actual, double expected)
{
    return actual == expected ? 0 : std::abs(actual - expected) / std::max(std::abs(expected), 1e-30);
}

Result<std::unique_ptr<Scheduler>> prepare(const json& test)
{
    const std::string source = "scheduler_config.json";
    TINTYPE_TRY_ASSIGN(const json config, parseSchedulerConfig(test.at("config").get<std::string>(), source));
    TINTYPE_TRY_ASSIGN(auto scheduler, makeScheduler(config, test.at("class").get<std::string>(), source));
    const int steps = test.at("steps").get<int>();
    if (!test.contains("tokens") || test.at("tokens").is_null()) {
        TINTYPE_TRY(scheduler->setTimesteps(steps, {}, {}));
    } else {
        const auto mu = scheduler->dynamicShift(test.at("tokens").get<int>());
        TINTYPE_TRY(scheduler->setTimesteps(steps, mu, numpy::linspace(1.0, 1.0 / steps, steps)));
    }
    return scheduler;
}

Drift compareScalars(const Scheduler& scheduler, const json& test)
{
    const auto expected = test.at("timesteps").get<std::vector<double>>();
    const auto& actual = scheduler.timesteps();
    if (actual.size() != expected.size())
        return {fmt::format("{} timesteps in place of {}", actual.size(), expected.size()), 1};
    Drift worst;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const double error = relativeError(actual[i], expected[i]);
        if (error > kScalarGate)
            return {fmt::format("timestep {}: {} in place of {}", i, actual[i], expected[i]), error};
        worst.error = std::max(worst.error, error);
    }
    const double factor = test.at("factor").get<double>();
    const double error = relativeError(scheduler.initNoiseSigma(), factor);
    if (error > kScalarGate)
        return {fmt::format("initial noise factor: {} in place of {}", scheduler.initNoiseSigma(), factor), error};
    return worst;
}

Drift compareSamples(Scheduler& scheduler, const json& test, const Reference& reference)
{
    const auto dtype = test.at("dtype") == "bfloat16" ? at::kBFloat16 : at::kFloat;
    const double gate = dtype == at::kFloat ? kSampleGate : kBfloatGate;
    const at::Tensor constant = noise(reference, reference.noiseSeed + 1, dtype);
    at::Tensor sample = noise(reference, reference.noiseSeed, dtype) * scheduler.initNoiseSigma();
    const at::Generator generator = at::detail::createCPUGenerator(test.at("seed").get<std::uint64_t>());
    std::size_t offset = test.at("offset").get<std::size_t>() / sizeof(float);
    Drift worst;
    for (std::size_t i = 0; i < scheduler.timesteps().size(); ++i) {
        const int index = static_cast<int>(i);
        const at::Tensor output = model(scheduler.scaleModelInput(sample, index), scheduler.timesteps()[i], constant);
        sample = scheduler.step(output, index, sample, generator).previousSample;
        const at::Tensor expected = at::tensor(at::ArrayRef<float>(reference.samples.data() + offset,
            static_cast<std::size_t>(sample.numel()))).view(sample.sizes());
        offset += static_cast<std::size_t>(sample.numel());
        const double scale = std::max(expected.abs().max().item<double>(), 1e-30);
        const double error = (sample.to(at::kFloat) - expected).abs().max().item<double>() / scale;
        if (!(error <= gate))
            return {fmt::format("sample after step {} of {}", i + 1, scheduler.timesteps().size()), error};
        worst.error = std::max(worst.error, error);
    }
    return worst;
}

Drift compare(const json& test, const Reference& reference, Tally& tally)
{
    auto scheduler = prepare(test);
    if (test.contains("refused")) {
        ++tally.refused;
        return scheduler ? Drift{"diffusers refuses: " + test.at("refused").get<std::string>(), 1} : Drift{};
    }
    if (!test.at("finite").get<bool>()) { // diffusers paints NaN: to refuse is better, and either will do
        ++tally.infinite;
        return {};
    }
    if (!scheduler)
        return {"refused: " + scheduler.error().message, 1};
    ++tally.compared;
    Drift scalars = compareScalars(**scheduler, test);
    if (!scalars.where.empty())
        return scalars;
    Drift samples = compareSamples(**scheduler, test, reference);
    tally.exact += scalars.error == 0 && samples.error == 0;
    if (test.at("dtype") == "float32")
        tally.worst = std::max({tally.worst, scalars.error, samples.error});
    return samples;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        fmt::print(stderr, "usage: schedulers FOLDER\n");
        return 2;
    }
    at::set_num_threads(1);
    const Reference reference = load(argv[1]);
    Tally tally;
    for (const json& test : reference.index.at("cases")) {
        const Drift drift = compare(test, reference, tally);
        if (drift.where.empty())
            continue;
        if (++tally.drifted <= kShownDrifts) {
            fmt::print("DRIFT {} {} steps {} {}\n  {} (relative {:.3g})\n", test.at("class").get<std::string>(),
                test.at("steps").get<int>(), test.at("dtype").get<std::string>(),
                test.at("config").get<std::string>().substr(0, 600), drift.where, drift.error);
        }
    }
    fmt::print("{} cases compared, {} of them equal to the last bit, {} refused by both, {} that end in NaN; "
               "worst relative error {:.3g}; {} drift\n",
        tally.compared, tally.exact, tally.refused, tally.infinite, tally.worst, tally.drifted);
    return tally.drifted == 0 ? 0 : 1;
}
