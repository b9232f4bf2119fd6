// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/dpm_solver.h"

#include "engine/sampling/numpy.h"
#include "engine/sampling/scheduler_fields.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <limits>

namespace tintype::engine {
namespace {

/// "-Infinity" stands for the number that Python writes so: see parseSchedulerConfig.
Result<double> readLambdaMinimum(const JsonFields& fields)
{
    constexpr double kNone = -std::numeric_limits<double>::infinity();
    const auto found = fields.object().find("lambda_min_clipped");
    if (found != fields.object().end() && found->is_string() && *found == "-Infinity")
        return kNone;
    return fields.number("lambda_min_clipped", kNone);
}

Result<DpmMethod> readMethod(const JsonFields& fields, bool hasStochasticNoise)
{
    TINTYPE_TRY_ASSIGN(const auto name, fields.string("algorithm_type", "dpmsolver++"));
    TINTYPE_TRY_ASSIGN(const bool isHeun,
        choice(fields, "solver_type", false,
            {{"midpoint", false}, {"heun", true}, {"logrho", false}, {"bh1", false}, {"bh2", false}}));
    if (name == "dpmsolver++" || name == "deis") // diffusers turns the second into the first
        return DpmMethod{.predictsOriginal = true, .isStochastic = false, .isHeun = isHeun};
    if (name == "sde-dpmsolver++")
        return DpmMethod{.predictsOriginal = true, .isStochastic = true, .isHeun = isHeun};
    if (name == "dpmsolver")
        return DpmMethod{.predictsOriginal = false, .isStochastic = false, .isHeun = isHeun};
    if (name == "sde-dpmsolver" && hasStochasticNoise)
        return DpmMethod{.predictsOriginal = false, .isStochastic = true, .isHeun = isHeun};
    return tl::unexpected(fields.refuse("algorithm_type", "is not an algorithm that this scheduler knows"));
}

/// What diffusers itself refuses, or cannot compute.
Result<> checkTogether(const JsonFields& fields, const DpmFields& read, const DpmTraits& traits)
{
    const DpmMethod& method = read.method;
    TINTYPE_TRY_ASSIGN(const auto algorithm, fields.string("algorithm_type", ""));
    if ((!method.predictsOriginal || algorithm == "deis") && read.finalSigma == FinalSigma::Zero)
        return tl::unexpected(fields.refuse("algorithm_type", "needs final_sigmas_type = sigma_min"));
    if (!method.predictsOriginal && read.prediction == Prediction::Flow)
        return tl::unexpected(fields.refuse("prediction_type", "does not go with this algorithm_type"));
    if (!method.predictsOriginal && read.bounds.thresholds() && !traits.thresholdsNoise)
        return tl::unexpected(fields.refuse("thresholding", "does not go with algorithm_type = dpmsolver"));
    if (fields.has("variance_type"))
        return tl::unexpected(fields.refuse("variance_type", "is not supported: models here predict no variance"));
    return {};
}

/// A weight that is no number makes a picture of NaN; diffusers paints it, or fails at that step.
Result<> checkUpdates(const std::vector<DpmUpdate>& updates, const std::string& className)
{
    for (const DpmUpdate& update : updates) {
        const auto& [first, second, third] = update.derivatives;
        if (!std::isfinite(update.sample + first + second + third + update.noise)) {
            return fail(ErrorCode::InvalidArgument,
                fmt::format("[sampling] {}: solver_order, algorithm_type and sigmas do not go together", className));
        }
    }
    return {};
}

} // namespace

/// @source diffusers 0.42.1 DPMSolverMultistepScheduler.__init__, DPMSolverSinglestepScheduler.__init__
Result<DpmFields> DpmFields::read(const JsonFields& fields, const DpmTraits& traits)
{
    TINTYPE_TRY_ASSIGN(auto noise, NoiseSchedule::fromFields(fields, {.canRescale = traits.canRescale}));
    DpmFields read{.noise = std::move(noise)};
    TINTYPE_TRY_ASSIGN(read.prediction, readPrediction(fields, {.flow = true}));
    TINTYPE_TRY_ASSIGN(read.bounds, Bounds::fromFields(fields));
    TINTYPE_TRY_ASSIGN(read.method, readMethod(fields, traits.hasStochasticNoise));
    TINTYPE_TRY_ASSIGN(const auto order, fields.integer("solver_order", 2, 1, 3));
    read.order = static_cast<int>(order);
    TINTYPE_TRY_ASSIGN(read.usesLowerOrderFinal, fields.boolean("lower_order_final", traits.lowersByDefault));
    TINTYPE_TRY_ASSIGN(read.sigmaSpacing, readSigmaSpacing(fields, {.hasLu = traits.hasLu, .hasFlow = true}));
    TINTYPE_TRY_ASSIGN(read.ends, readSigmaEnds(fields));
    TINTYPE_TRY_ASSIGN(read.finalSigma, readFinalSigma(fields));
    TINTYPE_TRY_ASSIGN(read.lambdaMinimum, readLambdaMinimum(fields));
    TINTYPE_TRY_ASSIGN(read.isFlow, fields.boolean("use_flow_sigmas", false));
    TINTYPE_TRY_ASSIGN(read.flowShift, fields.number("flow_shift", 1.0));
    TINTYPE_TRY_ASSIGN(read.shiftsDynamically, fields.boolean("use_dynamic_shifting", false));
    TINTYPE_TRY_ASSIGN(const auto shiftType, fields.string("time_shift_type", "exponential"));
    read.shiftIsExponential = shiftType == "exponential";
    TINTYPE_TRY_ASSIGN(read.dynamicShift, FlowShift::fromFields(fields));
    TINTYPE_TRY(checkTogether(fields, read, traits));
    return read;
}

std::optional<double> DpmSolver::dynamicShift(int imageTokens) const
{
    return m_fields.shiftsDynamically ? std::optional(m_fields.dynamicShift.at(imageTokens)) : std::nullopt;
}

/// @source diffusers 0.42.1 DPMSolverMultistepScheduler.set_timesteps (use_flow_sigmas)
std::vector<double> DpmSolver::flowSigmas(int steps, std::optional<double> mu) const
{
    const double shift = mu ? std::exp(*mu) : m_fields.flowShift;
    std::vector<double> sigmas = numpy::linspace(1, 1.0 / m_fields.noise.trainTimesteps(), steps + 1);
    for (double& value : sigmas) {
        const double sigma = 1.0 - value;
        value = shift * sigma / (1 + (shift - 1) * sigma);
    }
    std::ranges::reverse(sigmas);
    sigmas.pop_back();
    return sigmas;
}

/// The sigmas of a schedule, and the timesteps that belong to them where they are not those given.
/// @source diffusers 0.42.1 DPMSolverMultistepScheduler.set_timesteps, DPMSolverSinglestepScheduler.set_timesteps
std::vector<double> DpmSolver::sigmasFor(std::vector<double>& timesteps, int steps, std::optional<double> mu) const
{
    const NoiseSchedule& noise = m_fields.noise;
    const SigmaSpacing spacing = m_fields.sigmaSpacing;
    std::vector<double> sigmas;
    if (spacing == SigmaSpacing::Timesteps) {
        for (const double timestep : timesteps)
            sigmas.push_back(numpy::interpolate(timestep, noise.sigmas()));
        return sigmas;
    }
    timesteps.clear();
    if (spacing == SigmaSpacing::Flow) {
        sigmas = flowSigmas(steps, mu);
        for (const double sigma : sigmas)
            timesteps.push_back(sigma * noise.trainTimesteps());
        return sigmas;
    }
    const bool isLu = spacing == SigmaSpacing::Lu;
    const auto& ends = isLu ? noise.logSigmas() : noise.sigmas();
    sigmas = isLu ? spreadSigmas(spacing, ends.back(), ends.front(), steps)
                  : spreadSigmas(spacing, m_fields.ends.largest.value_or(ends.back()),
                        m_fields.ends.smallest.value_or(ends.front()), steps);
    const bool rounds = m_fields.roundsTimesteps && (isLu || spacing == SigmaSpacing::Karras);
    for (const double sigma : sigmas) {
        const double timestep = noise.timestepOf(sigma);
        timesteps.push_back(rounds ? std::nearbyint(timestep) : timestep);
    }
    return sigmas;
}

Result<std::vector<double>> DpmSolver::computeSchedule(int steps, std::optional<double> mu, const std::vector<double>&)
{
    if (mu && !(m_fields.shiftsDynamically && m_fields.shiftIsExponential)) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("[sampling] {} shifts only with use_dynamic_shifting and an exponential time_shift_type",
                className()));
    }
    std::vector<double> timesteps = spaceTimesteps({.spacing = m_fields.timestepSpacing,
        .trainTimesteps = m_fields.noise.trainTimesteps(),
        .lastTimestep = m_fields.noise.timestepsAbove(m_fields.lambdaMinimum),
        .steps = steps,
        .offset = m_fields.stepsOffset,
        .leavesOutZero = true});
    std::ranges::transform(timesteps, timesteps.begin(), [](double timestep) { return std::nearbyint(timestep); });
    const std::vector<double> spread = sigmasFor(timesteps, steps, mu);
    std::vector<float> sigmas(spread.begin(), spread.end());
    sigmas.push_back(m_fields.finalSigma == FinalSigma::Zero ? 0 : float(m_fields.noise.sigmas().front()));
    TINTYPE_TRY(requireFinite(sigmas, className()));
    std::ranges::transform(timesteps, timesteps.begin(), [](double timestep) { return std::trunc(timestep); });
    m_updates = makeUpdates(sigmas);
    TINTYPE_TRY(checkUpdates(m_updates, className()));
    m_outputs = {};
    return timesteps;
}

at::Tensor DpmSolver::remember(const at::Tensor& modelOutput, int index, const at::Tensor& sample)
{
    const NoiseMix mix = updateAt(index).mix;
    at::Tensor original;
    at::Tensor kept;
    if (m_fields.method.predictsOriginal) {
        original = m_fields.bounds.apply(impliedOriginal(m_fields.prediction, mix, modelOutput, sample));
        kept = original;
    } else {
        kept = impliedNoise(m_fields.prediction, mix, modelOutput, sample);
        original = m_fields.bounds.apply(impliedOriginal(Prediction::Epsilon, mix, kept, sample));
        if (m_fields.bounds.thresholds())
            kept = impliedNoise(Prediction::Sample, mix, original, sample);
    }
    m_outputs = {std::move(kept), m_outputs[0], m_outputs[1]};
    return original;
}

} // namespace tintype::engine
