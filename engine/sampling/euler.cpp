// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/noise_schedule.h"
#include "engine/sampling/numpy.h"
#include "engine/sampling/prediction.h"
#include "engine/sampling/scheduler_base.h"
#include "engine/sampling/scheduler_fields.h"
#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>

namespace tintype::engine {
namespace {

/// What both Euler schedulers do: noise in the sigma form, where a noisy sample is x0 + sigma * noise.
class EulerBase : public SchedulerBase {
public:
    double initNoiseSigma() const override
    {
        const float largest = *std::ranges::max_element(m_sigmas);
        return m_spacing == TimestepSpacing::Leading ? squareRoot(largest * largest + 1) : largest;
    }

    at::Tensor scaleModelInput(const at::Tensor& sample, int index) const override
    {
        return sample / m_inputScales.at(static_cast<std::size_t>(index));
    }

protected:
    struct CommonFields {
        NoiseSchedule noise;
        Prediction prediction;
        TimestepSpacing spacing;
        int stepsOffset;

        static Result<CommonFields> read(const JsonFields& fields, PredictionChoice predictions);
    };

    explicit EulerBase(CommonFields fields)
        : m_noise(std::move(fields.noise))
        , m_prediction(fields.prediction)
        , m_spacing(fields.spacing)
        , m_stepsOffset(fields.stepsOffset)
    {
    }

    const NoiseSchedule& noise() const { return m_noise; }
    Prediction prediction() const { return m_prediction; }
    float sigmaAt(int index) const { return m_sigmas.at(static_cast<std::size_t>(index)); }
    const std::vector<float>& sigmas() const { return m_sigmas; }

    std::vector<double> spacedTimesteps(int steps) const
    {
        const int train = m_noise.trainTimesteps();
        auto timesteps = spaceTimesteps({.spacing = m_spacing, .trainTimesteps = train, .lastTimestep = train,
            .steps = steps, .offset = m_stepsOffset});
        std::ranges::transform(timesteps, timesteps.begin(), [](double timestep) { return float(timestep); });
        return timesteps;
    }

    std::vector<double> sigmasAt(const std::vector<double>& timesteps) const
    {
        std::vector<double> sigmas;
        for (const double timestep : timesteps)
            sigmas.push_back(numpy::interpolate(timestep, m_noise.sigmas()));
        return sigmas;
    }

    Result<> setSigmas(const std::vector<double>& sigmas)
    {
        m_sigmas.assign(sigmas.begin(), sigmas.end());
        m_inputScales.clear();
        for (const float sigma : m_sigmas)
            m_inputScales.push_back(squareRoot(sigma * sigma + 1));
        return requireFinite(m_sigmas, className());
    }

    /// @source diffusers 0.42.1 EulerDiscreteScheduler.step, 1.
    at::Tensor original(const at::Tensor& output, int index, const at::Tensor& sample) const
    {
        const float sigma = sigmaAt(index);
        if (m_prediction == Prediction::Sample)
            return output;
        if (m_prediction == Prediction::Epsilon)
            return sample - times(sigma, output);
        return output * (-sigma / m_inputScales[static_cast<std::size_t>(index)]) + sample / (sigma * sigma + 1);
    }

    /// Moves from `sigma` to `target` along the line through the predicted original.
    /// @source diffusers 0.42.1 EulerDiscreteScheduler.step, 2.
    static at::Tensor move(const at::Tensor& sample, const at::Tensor& original, float sigma, float target)
    {
        return sample + (sample - original) / sigma * (target - sigma);
    }

private:
    const NoiseSchedule m_noise;
    const Prediction m_prediction;
    const TimestepSpacing m_spacing;
    const int m_stepsOffset;
    std::vector<float> m_sigmas; // one more than steps
    std::vector<float> m_inputScales; // √(sigma² + 1)
};

auto EulerBase::CommonFields::read(const JsonFields& fields, PredictionChoice predictions) -> Result<CommonFields>
{
    TINTYPE_TRY_ASSIGN(auto noise, NoiseSchedule::fromFields(fields));
    TINTYPE_TRY_ASSIGN(const auto prediction, readPrediction(fields, predictions));
    TINTYPE_TRY_ASSIGN(const auto spacing, readTimestepSpacing(fields, TimestepSpacing::Linspace));
    TINTYPE_TRY_ASSIGN(const int offset, readStepsOffset(fields));
    return CommonFields{std::move(noise), prediction, spacing, offset};
}

class Euler final : public EulerBase {
public:
    static Result<std::unique_ptr<Scheduler>> make(const JsonFields& fields);

    std::string className() const override { return "EulerDiscreteScheduler"; }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator>) override
    {
        const at::Tensor wide = sample.to(at::kFloat);
        const at::Tensor original = this->original(modelOutput, index, wide);
        return {move(wide, original, sigmaAt(index), sigmaAt(index + 1)).to(modelOutput.scalar_type()),
            original.to(modelOutput.scalar_type())};
    }

protected:
    Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double>, const std::vector<double>&) override;

private:
    struct Fields {
        bool isLogLinear;
        SigmaSpacing sigmaSpacing;
        SigmaEnds ends;
        FinalSigma finalSigma;
        bool isContinuous;
    };

    Euler(CommonFields common, Fields fields)
        : EulerBase(std::move(common))
        , m_fields(std::move(fields))
    {
    }

    std::vector<double> logLinearSigmas(int steps) const;

    const Fields m_fields;
};

Result<std::unique_ptr<Scheduler>> Euler::make(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(auto common, CommonFields::read(fields, {.sample = true, .originalSample = true}));
    Fields own;
    TINTYPE_TRY_ASSIGN(
        own.isLogLinear, choice(fields, "interpolation_type", false, {{"linear", false}, {"log_linear", true}}));
    TINTYPE_TRY_ASSIGN(
        own.isContinuous, choice(fields, "timestep_type", false, {{"discrete", false}, {"continuous", true}}));
    TINTYPE_TRY_ASSIGN(own.sigmaSpacing, readSigmaSpacing(fields));
    TINTYPE_TRY_ASSIGN(own.ends, readSigmaEnds(fields));
    TINTYPE_TRY_ASSIGN(own.finalSigma, readFinalSigma(fields));
    return std::unique_ptr<Scheduler>(new Euler(std::move(common), std::move(own)));
}

/// One sigma more than steps, as in diffusers.
std::vector<double> Euler::logLinearSigmas(int steps) const
{
    const auto& logs = noise().logSigmas();
    const at::Tensor sigmas = at::linspace(logs.back(), logs.front(), steps + 1, at::kFloat).exp();
    const float* begin = sigmas.const_data_ptr<float>();
    return {begin, begin + sigmas.numel()};
}

/// @source diffusers 0.42.1 EulerDiscreteScheduler.set_timesteps
Result<std::vector<double>> Euler::computeSchedule(int steps, std::optional<double>, const std::vector<double>&)
{
    std::vector<double> timesteps = spacedTimesteps(steps);
    std::vector<double> sigmas = m_fields.isLogLinear ? logLinearSigmas(steps) : sigmasAt(timesteps);
    if (m_fields.sigmaSpacing != SigmaSpacing::Timesteps) {
        sigmas = spreadSigmas(m_fields.sigmaSpacing, m_fields.ends.largest.value_or(sigmas.front()),
            m_fields.ends.smallest.value_or(sigmas.back()), steps);
        timesteps.clear();
        for (const double sigma : sigmas)
            timesteps.push_back(float(noise().timestepOf(sigma)));
    }
    sigmas.push_back(m_fields.finalSigma == FinalSigma::Zero ? 0 : noise().sigmas().front());
    TINTYPE_TRY(setSigmas(sigmas));
    if (m_fields.isContinuous && prediction() == Prediction::Velocity) {
        timesteps.clear();
        for (std::size_t i = 0; i + 1 < this->sigmas().size(); ++i)
            timesteps.push_back((0.25 * at::scalar_tensor(this->sigmas()[i], at::kFloat).log()).item<float>());
    }
    return timesteps;
}

class EulerAncestral final : public EulerBase {
public:
    static Result<std::unique_ptr<Scheduler>> make(const JsonFields& fields)
    {
        TINTYPE_TRY_ASSIGN(auto common, CommonFields::read(fields, {.sample = false}));
        return std::unique_ptr<Scheduler>(new EulerAncestral(std::move(common)));
    }

    std::string className() const override { return "EulerAncestralDiscreteScheduler"; }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator> generator) override;

protected:
    /// @source diffusers 0.42.1 EulerAncestralDiscreteScheduler.set_timesteps
    Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double>, const std::vector<double>&) override
    {
        std::vector<double> timesteps = spacedTimesteps(steps);
        std::vector<double> sigmas = sigmasAt(timesteps);
        sigmas.push_back(0);
        TINTYPE_TRY(setSigmas(sigmas));
        return timesteps;
    }

private:
    explicit EulerAncestral(CommonFields common)
        : EulerBase(std::move(common))
    {
    }
};

/// @source diffusers 0.42.1 EulerAncestralDiscreteScheduler.step
StepResult EulerAncestral::step(
    const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator> generator)
{
    const float from = sigmaAt(index);
    const float to = sigmaAt(index + 1);
    const float up = squareRoot(to * to * (from * from - to * to) / (from * from));
    const float down = squareRoot(to * to - up * up);
    const at::Tensor wide = sample.to(at::kFloat);
    const at::Tensor original = this->original(modelOutput, index, wide);
    const at::Tensor previous = move(wide, original, from, down) + noiseLike(modelOutput, generator) * up;
    return {previous.to(modelOutput.scalar_type()), original.to(modelOutput.scalar_type())};
}

} // namespace

Result<std::unique_ptr<Scheduler>> makeEuler(const JsonFields& fields)
{
    return Euler::make(fields);
}

Result<std::unique_ptr<Scheduler>> makeEulerAncestral(const JsonFields& fields)
{
    return EulerAncestral::make(fields);
}

} // namespace tintype::engine
