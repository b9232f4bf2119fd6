// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/noise_schedule.h"
#include "engine/sampling/numpy.h"
#include "engine/sampling/prediction.h"
#include "engine/sampling/scheduler_base.h"
#include "engine/sampling/scheduler_fields.h"
#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>
#include <cmath>

namespace tintype::engine {
namespace {

enum class TimeShift { Exponential, Linear };

struct FlowMatchFields {
    int trainTimesteps = 1000;
    double shift = 1.0;
    bool isDynamic = false;
    TimeShift timeShift = TimeShift::Exponential;
    double terminalSigma = 0; ///< 0 = not moved
    SigmaSpacing spacing = SigmaSpacing::Timesteps;
    SigmaEnds ends;
    bool inverts = false;
    bool isStochastic = false;
    bool ignoresGivenSigmas = false; ///< a leftover use_flow_sigmas: FluxPipeline then passes no sigmas
    FlowShift dynamicShift;
};

/// The shifts of set_timesteps, with each operation rounded to Real: numpy computes in the dtype of the sigmas, which
/// is float32 for those of the pipeline and float64 for the scheduler's own.
template <class Real>
class Shift {
public:
    Shift(const FlowMatchFields& fields, std::optional<double> mu)
        : m_fields(fields)
        , m_mu(mu)
    {
    }

    std::vector<double> apply(const std::vector<double>& sigmas) const
    {
        std::vector<Real> shifted;
        for (const double sigma : sigmas)
            shifted.push_back(m_fields.isDynamic ? dynamic(Real(sigma)) : fixed(Real(sigma)));
        if (m_fields.terminalSigma != 0)
            stretch(shifted);
        return std::vector<double>(shifted.begin(), shifted.end());
    }

    Real fixed(Real sigma) const
    {
        return Real(m_fields.shift) * sigma / (Real(1) + Real(m_fields.shift - 1) * sigma);
    }

private:
    /// @source diffusers 0.42.1 FlowMatchEulerDiscreteScheduler._time_shift_exponential, _time_shift_linear
    Real dynamic(Real sigma) const
    {
        const bool isExponential = m_fields.timeShift == TimeShift::Exponential;
        const auto factor = static_cast<Real>(isExponential ? std::exp(*m_mu) : *m_mu);
        return factor / (factor + (Real(1) / sigma - Real(1)));
    }

    /// @source diffusers 0.42.1 FlowMatchEulerDiscreteScheduler.stretch_shift_to_terminal
    void stretch(std::vector<Real>& sigmas) const
    {
        const Real scale = (Real(1) - sigmas.back()) / Real(1 - m_fields.terminalSigma);
        for (Real& sigma : sigmas)
            sigma = Real(1) - (Real(1) - sigma) / scale;
    }

    const FlowMatchFields& m_fields;
    std::optional<double> m_mu;
};

class FlowMatchEuler final : public SchedulerBase {
public:
    explicit FlowMatchEuler(FlowMatchFields fields)
        : m_fields(std::move(fields))
    {
    }

    std::string className() const override { return "FlowMatchEulerDiscreteScheduler"; }
    bool isFlowMatch() const override { return true; }

    std::optional<double> dynamicShift(int imageTokens) const override
    {
        return m_fields.isDynamic ? std::optional(m_fields.dynamicShift.at(imageTokens)) : std::nullopt;
    }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator> generator) override;

protected:
    bool takesSigmas() const override { return true; }
    Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double> mu, const std::vector<double>& sigmas) override;

private:
    std::vector<double> ownSigmas(int steps) const;

    const FlowMatchFields m_fields;
    std::vector<float> m_sigmas; // one more than steps
};

/// The scheduler's own sigmas before the shift. Its ends were shifted once when it was made, and are again.
/// @source diffusers 0.42.1 FlowMatchEulerDiscreteScheduler.__init__, set_timesteps
std::vector<double> FlowMatchEuler::ownSigmas(int steps) const
{
    const int train = m_fields.trainTimesteps;
    const auto end = [&](float timestep) {
        const float sigma = timestep / float(train);
        return double(m_fields.isDynamic ? sigma : Shift<float>(m_fields, {}).fixed(sigma));
    };
    std::vector<double> sigmas = numpy::linspace(end(float(train)) * train, end(1) * train, steps);
    for (double& sigma : sigmas)
        sigma /= train;
    return sigmas;
}

/// @source diffusers 0.42.1 FlowMatchEulerDiscreteScheduler.set_timesteps
Result<std::vector<double>> FlowMatchEuler::computeSchedule(
    int steps, std::optional<double> mu, const std::vector<double>& given)
{
    if (m_fields.isDynamic && !mu)
        return fail(ErrorCode::InvalidArgument, "[sampling] use_dynamic_shifting needs a shift for the image's size");
    const bool usesOwn = given.empty() || m_fields.ignoresGivenSigmas;
    std::vector<double> sigmas = usesOwn ? Shift<double>(m_fields, mu).apply(ownSigmas(steps))
                                         : Shift<float>(m_fields, mu).apply(given);
    if (m_fields.spacing != SigmaSpacing::Timesteps) {
        sigmas = spreadSigmas(m_fields.spacing, m_fields.ends.largest.value_or(sigmas.front()),
            m_fields.ends.smallest.value_or(sigmas.back()), steps);
    }
    m_sigmas.assign(sigmas.begin(), sigmas.end());
    std::vector<double> timesteps;
    for (float& sigma : m_sigmas) {
        if (m_fields.inverts)
            sigma = 1 - sigma;
        timesteps.push_back(sigma * float(m_fields.trainTimesteps));
    }
    m_sigmas.push_back(m_fields.inverts ? 1 : 0);
    TINTYPE_TRY(requireFinite(m_sigmas, className()));
    return timesteps;
}

/// @source diffusers 0.42.1 FlowMatchEulerDiscreteScheduler.step
StepResult FlowMatchEuler::step(
    const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator> generator)
{
    const float sigma = m_sigmas.at(static_cast<std::size_t>(index));
    const float next = m_sigmas.at(static_cast<std::size_t>(index) + 1);
    const at::Tensor wide = sample.to(at::kFloat);
    const at::Tensor original = wide - times(sigma, modelOutput);
    const at::Tensor previous = m_fields.isStochastic
        ? times(1 - next, original) + times(next, noiseLike(wide, generator))
        : wide + times(next - sigma, modelOutput);
    return {previous.to(modelOutput.scalar_type()), original.to(modelOutput.scalar_type())};
}

} // namespace

Result<std::unique_ptr<Scheduler>> makeFlowMatchEuler(const JsonFields& fields)
{
    FlowMatchFields read;
    TINTYPE_TRY_ASSIGN(const auto train, fields.integer("num_train_timesteps", 1000, 1, kMostTrainTimesteps));
    read.trainTimesteps = static_cast<int>(train);
    TINTYPE_TRY_ASSIGN(read.shift, fields.number("shift", 1.0));
    if (read.shift <= 0)
        return tl::unexpected(fields.refuse("shift", "is not above 0", ErrorCode::InvalidArgument));
    TINTYPE_TRY_ASSIGN(read.isDynamic, fields.boolean("use_dynamic_shifting", false));
    TINTYPE_TRY_ASSIGN(read.timeShift,
        choice(fields, "time_shift_type", TimeShift::Exponential,
            {{"exponential", TimeShift::Exponential}, {"linear", TimeShift::Linear}}));
    TINTYPE_TRY_ASSIGN(read.terminalSigma, fields.number("shift_terminal", 0));
    if (read.terminalSigma < 0 || read.terminalSigma >= 1)
        return tl::unexpected(fields.refuse("shift_terminal", "is not within 0 to 1", ErrorCode::InvalidArgument));
    TINTYPE_TRY_ASSIGN(read.spacing, readSigmaSpacing(fields));
    TINTYPE_TRY_ASSIGN(read.ends, readSigmaEnds(fields));
    TINTYPE_TRY_ASSIGN(read.inverts, fields.boolean("invert_sigmas", false));
    TINTYPE_TRY_ASSIGN(read.isStochastic, fields.boolean("stochastic_sampling", false));
    TINTYPE_TRY_ASSIGN(read.ignoresGivenSigmas, fields.boolean("use_flow_sigmas", false));
    TINTYPE_TRY_ASSIGN(read.dynamicShift, FlowShift::fromFields(fields));
    return std::make_unique<FlowMatchEuler>(std::move(read));
}

} // namespace tintype::engine
