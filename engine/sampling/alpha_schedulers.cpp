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

/// What DDIM and LCM share: noise in the alpha form, where a noisy sample is √ᾱ·x0 + √(1-ᾱ)·noise.
class AlphaScheduler : public SchedulerBase {
protected:
    struct Fields {
        NoiseSchedule noise;
        Prediction prediction;
        Bounds bounds;

        static Result<Fields> read(const JsonFields& fields, const NoiseDefaults& noiseDefaults, bool clipsByDefault);
    };

    explicit AlphaScheduler(Fields fields)
        : m_fields(std::move(fields))
    {
    }

    const Fields& fields() const { return m_fields; }

    /// ᾱ at a timestep. Python's negative index counts from the end.
    Result<float> alphaAt(double timestep) const
    {
        const auto& alphas = m_fields.noise.alphasCumprod();
        const auto size = static_cast<std::int64_t>(alphas.size());
        const auto index = static_cast<std::int64_t>(timestep);
        if (index >= size || index < -size) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format("[sampling] {}: timestep {} lies beyond the {} trained ones", className(), index, size));
        }
        return alphas[static_cast<std::size_t>(index < 0 ? index + size : index)];
    }

    static NoiseMix mixOf(float alpha) { return {squareRoot(alpha), squareRoot(1 - alpha), 0}; }

    at::Tensor original(NoiseMix mix, const at::Tensor& output, const at::Tensor& sample) const
    {
        return m_fields.bounds.apply(impliedOriginal(m_fields.prediction, mix, output, sample));
    }

private:
    const Fields m_fields;
};

auto AlphaScheduler::Fields::read(const JsonFields& fields, const NoiseDefaults& noiseDefaults, bool clipsByDefault)
    -> Result<Fields>
{
    TINTYPE_TRY_ASSIGN(auto noise, NoiseSchedule::fromFields(fields, noiseDefaults));
    TINTYPE_TRY_ASSIGN(const auto prediction, readPrediction(fields));
    TINTYPE_TRY_ASSIGN(const auto bounds, Bounds::fromFields(fields, clipsByDefault));
    return Fields{std::move(noise), prediction, bounds};
}

/// With eta = 0, as the SDXL pipeline calls it: no noise is drawn.
/// @source diffusers 0.42.1 scheduling_ddim.py
class Ddim final : public AlphaScheduler {
public:
    static Result<std::unique_ptr<Scheduler>> make(const JsonFields& fields);

    std::string className() const override { return "DDIMScheduler"; }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator>) override;

protected:
    Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double>, const std::vector<double>&) override;

private:
    struct Step {
        NoiseMix from;
        NoiseMix to;
    };

    struct OwnFields {
        TimestepSpacing spacing;
        int stepsOffset;
        bool endsClean; ///< set_alpha_to_one
    };

    Ddim(Fields fields, OwnFields own)
        : AlphaScheduler(std::move(fields))
        , m_own(own)
    {
    }

    const OwnFields m_own;
    std::vector<Step> m_steps;
};

Result<std::unique_ptr<Scheduler>> Ddim::make(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(auto shared, Fields::read(fields, {.keepsSigmasFinite = false}, true));
    OwnFields own;
    TINTYPE_TRY_ASSIGN(own.spacing, readTimestepSpacing(fields, TimestepSpacing::Leading));
    TINTYPE_TRY_ASSIGN(own.stepsOffset, readStepsOffset(fields));
    TINTYPE_TRY_ASSIGN(own.endsClean, fields.boolean("set_alpha_to_one", true));
    return std::unique_ptr<Scheduler>(new Ddim(std::move(shared), own));
}

/// @source diffusers 0.42.1 DDIMScheduler.set_timesteps, and the scalars of step
Result<std::vector<double>> Ddim::computeSchedule(int steps, std::optional<double>, const std::vector<double>&)
{
    const int train = fields().noise.trainTimesteps();
    if (steps > train) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("[sampling] {} steps asked for, DDIMScheduler was trained with {}", steps, train));
    }
    std::vector<double> timesteps = spaceTimesteps({.spacing = m_own.spacing, .trainTimesteps = train,
        .lastTimestep = train, .steps = steps, .offset = m_own.stepsOffset});
    m_steps.clear();
    for (double& timestep : timesteps) {
        timestep = std::nearbyint(timestep);
        const double next = timestep - train / steps;
        TINTYPE_TRY_ASSIGN(const float from, alphaAt(timestep));
        float to = m_own.endsClean ? 1 : fields().noise.alphasCumprod().front();
        if (next >= 0) {
            TINTYPE_TRY_ASSIGN(to, alphaAt(next));
        }
        m_steps.push_back({mixOf(from), mixOf(to)});
    }
    return timesteps;
}

/// @source diffusers 0.42.1 DDIMScheduler.step
StepResult Ddim::step(
    const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator>)
{
    const auto& [from, to] = m_steps.at(static_cast<std::size_t>(index));
    const at::Tensor original = this->original(from, modelOutput, sample);
    const at::Tensor noise = impliedNoise(fields().prediction, from, modelOutput, sample);
    return {times(to.alpha, original) + times(to.sigma, noise), original};
}

/// @source diffusers 0.42.1 scheduling_lcm.py
class Lcm final : public AlphaScheduler {
public:
    static Result<std::unique_ptr<Scheduler>> make(const JsonFields& fields);

    std::string className() const override { return "LCMScheduler"; }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator> generator) override;

protected:
    Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double>, const std::vector<double>&) override;

private:
    struct Step {
        NoiseMix from;
        NoiseMix to;
        float skip; ///< weight of the sample in the denoised one
        float out;  ///< weight of the predicted original
    };

    struct OwnFields {
        int originalSteps;
        double timestepScaling;
    };

    Lcm(Fields fields, OwnFields own)
        : AlphaScheduler(std::move(fields))
        , m_own(own)
    {
    }

    Result<> checkSteps(int steps) const;

    const OwnFields m_own;
    std::vector<Step> m_steps;
};

Result<std::unique_ptr<Scheduler>> Lcm::make(const JsonFields& fields)
{
    constexpr NoiseDefaults kNoise {
        .betaStart = 0.00085, .betaEnd = 0.012, .betaSchedule = "scaled_linear", .keepsSigmasFinite = false};
    TINTYPE_TRY_ASSIGN(auto shared, Fields::read(fields, kNoise, false));
    TINTYPE_TRY_ASSIGN(
        const auto originalSteps, fields.integer("original_inference_steps", 50, 1, shared.noise.trainTimesteps()));
    TINTYPE_TRY_ASSIGN(const double scaling, fields.number("timestep_scaling", 10.0));
    return std::unique_ptr<Scheduler>(new Lcm(std::move(shared), {static_cast<int>(originalSteps), scaling}));
}

Result<> Lcm::checkSteps(int steps) const
{
    if (steps <= m_own.originalSteps)
        return {};
    return fail(ErrorCode::InvalidArgument,
        fmt::format("[sampling] {} steps asked for, LCMScheduler has {} (original_inference_steps)", steps,
            m_own.originalSteps));
}

/// @source diffusers 0.42.1 LCMScheduler.set_timesteps, get_scalings_for_boundary_condition_discrete
Result<std::vector<double>> Lcm::computeSchedule(int steps, std::optional<double>, const std::vector<double>&)
{
    constexpr float kDataVariance = 0.25F; // sigma_data 0.5, squared
    TINTYPE_TRY(checkSteps(steps));
    const int original = m_own.originalSteps;
    const int stride = fields().noise.trainTimesteps() / original;
    std::vector<double> timesteps;
    for (const double place : numpy::linspace(0, original, steps, false))
        timesteps.push_back((original - std::floor(place)) * stride - 1);
    m_steps.clear();
    for (std::size_t i = 0; i < timesteps.size(); ++i) {
        TINTYPE_TRY_ASSIGN(const float from, alphaAt(timesteps[i]));
        TINTYPE_TRY_ASSIGN(const float to, alphaAt(timesteps[std::min(i + 1, timesteps.size() - 1)]));
        const float scaled = float(timesteps[i]) * float(m_own.timestepScaling);
        const float variance = scaled * scaled + kDataVariance;
        m_steps.push_back({mixOf(from), mixOf(to), kDataVariance / variance, scaled / squareRoot(variance)});
    }
    return timesteps;
}

/// @source diffusers 0.42.1 LCMScheduler.step
StepResult Lcm::step(
    const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator> generator)
{
    const Step& step = m_steps.at(static_cast<std::size_t>(index));
    const at::Tensor denoised = times(step.out, original(step.from, modelOutput, sample)) + times(step.skip, sample);
    if (static_cast<std::size_t>(index) + 1 == m_steps.size())
        return {denoised, denoised};
    return {times(step.to.alpha, denoised) + times(step.to.sigma, noiseLike(denoised, generator)), denoised};
}

} // namespace

Result<std::unique_ptr<Scheduler>> makeDdim(const JsonFields& fields)
{
    return Ddim::make(fields);
}

Result<std::unique_ptr<Scheduler>> makeLcm(const JsonFields& fields)
{
    return Lcm::make(fields);
}

} // namespace tintype::engine
