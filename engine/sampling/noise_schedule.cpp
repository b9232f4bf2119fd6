// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/noise_schedule.h"

#include "engine/sampling/beta_distribution.h"
#include "engine/sampling/numpy.h"
#include "engine/sampling/scheduler_fields.h"

#include <ATen/ATen.h>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <ranges>

namespace tintype::engine {
namespace {

constexpr double kSmallestHalf = 0x1p-24;
constexpr double kSmallestSigma = 1e-10; // diffusers 0.42.1 EulerDiscreteScheduler._sigma_to_t

enum class BetaSchedule { Linear, ScaledLinear, SquaredCosine };

at::Tensor tensorOf(const std::vector<double>& values)
{
    return at::tensor(values, at::kDouble).to(at::kFloat);
}

/// @source diffusers 0.42.1 scheduling_euler_discrete.py betas_for_alpha_bar ("cosine")
std::vector<double> cosineBetas(int count)
{
    constexpr double kLargestBeta = 0.999;
    const auto alphaBar = [](double t) {
        const double cosine = std::cos((t + 0.008) / 1.008 * std::numbers::pi / 2);
        return cosine * cosine;
    };
    std::vector<double> betas;
    for (int i = 0; i < count; ++i)
        betas.push_back(std::min(1 - alphaBar((i + 1) / double(count)) / alphaBar(i / double(count)), kLargestBeta));
    return betas;
}

/// @source diffusers 0.42.1 scheduling_ddim.py rescale_zero_terminal_snr
at::Tensor rescaledToZeroSnr(const at::Tensor& betas)
{
    at::Tensor roots = at::cumprod(1.0 - betas, 0).sqrt();
    const at::Tensor first = roots[0].clone();
    const at::Tensor last = roots[-1].clone();
    roots -= last;
    roots *= first / (first - last);
    const at::Tensor products = roots.pow(2);
    const at::Tensor alphas = products.slice(0, 1) / products.slice(0, 0, -1);
    return 1 - at::cat({products.slice(0, 0, 1), alphas});
}

Result<at::Tensor> readBetas(const JsonFields& fields, const NoiseDefaults& defaults, int count)
{
    TINTYPE_TRY_ASSIGN(const double start, fields.number("beta_start", defaults.betaStart));
    TINTYPE_TRY_ASSIGN(const double end, fields.number("beta_end", defaults.betaEnd));
    TINTYPE_TRY_ASSIGN(const auto trained, fields.numbers("trained_betas"));
    const auto fallback = defaults.betaSchedule == "linear" ? BetaSchedule::Linear : BetaSchedule::ScaledLinear;
    TINTYPE_TRY_ASSIGN(const auto schedule,
        choice(fields, "beta_schedule", fallback,
            {{"linear", BetaSchedule::Linear}, {"scaled_linear", BetaSchedule::ScaledLinear},
                {"squaredcos_cap_v2", BetaSchedule::SquaredCosine}}));
    if (start < 0 || start > 1)
        return tl::unexpected(fields.refuse("beta_start", "is not within 0 to 1", ErrorCode::InvalidArgument));
    if (end < 0 || end > 1)
        return tl::unexpected(fields.refuse("beta_end", "is not within 0 to 1", ErrorCode::InvalidArgument));
    if (fields.has("trained_betas")) {
        if (trained.empty() || !std::ranges::all_of(trained, [](double beta) { return beta > 0 && beta < 1; })) {
            return tl::unexpected(
                fields.refuse("trained_betas", "are not numbers between 0 and 1", ErrorCode::InvalidArgument));
        }
        return tensorOf(trained);
    }
    switch (schedule) {
    case BetaSchedule::Linear:
        return at::linspace(start, end, count, at::kFloat);
    case BetaSchedule::ScaledLinear:
        return at::linspace(std::sqrt(start), std::sqrt(end), count, at::kFloat).pow(2);
    case BetaSchedule::SquaredCosine:
        return tensorOf(cosineBetas(count));
    }
    return fail(ErrorCode::Internal, "unknown beta schedule");
}

template <class Value>
std::vector<Value> valuesOf(const at::Tensor& tensor)
{
    const at::Tensor flat = tensor.contiguous();
    const float* begin = flat.const_data_ptr<float>();
    return std::vector<Value>(begin, begin + flat.numel());
}

} // namespace

NoiseSchedule::NoiseSchedule(int trainTimesteps, at::Tensor alphasCumprod)
    : m_trainTimesteps(trainTimesteps)
    , m_alphas(std::move(alphasCumprod))
    , m_alphasCumprod(valuesOf<float>(m_alphas))
    , m_sigmas(valuesOf<double>(((1 - m_alphas) / m_alphas).sqrt()))
{
    for (const double sigma : m_sigmas)
        m_logSigmas.push_back(numpy::log(static_cast<float>(sigma)));
}

/// @source diffusers 0.42.1 scheduling_euler_discrete.py EulerDiscreteScheduler.__init__, and the same in the others
Result<NoiseSchedule> NoiseSchedule::fromFields(const JsonFields& fields, const NoiseDefaults& defaults)
{
    TINTYPE_TRY_ASSIGN(const auto count, fields.integer("num_train_timesteps", 1000, 2, kMostTrainTimesteps));
    TINTYPE_TRY_ASSIGN(at::Tensor betas, readBetas(fields, defaults, static_cast<int>(count)));
    bool rescales = false;
    if (defaults.canRescale) {
        TINTYPE_TRY_ASSIGN(rescales, fields.boolean("rescale_betas_zero_snr", false));
    }
    if (rescales)
        betas = rescaledToZeroSnr(betas);
    at::Tensor alphasCumprod = at::cumprod(1.0 - betas, 0);
    if (rescales && defaults.keepsSigmasFinite)
        alphasCumprod[-1] = kSmallestHalf;
    return NoiseSchedule(static_cast<int>(count), std::move(alphasCumprod));
}

/// @source diffusers 0.42.1 scheduling_dpmsolver_multistep.py DPMSolverMultistepScheduler.set_timesteps (clipped_idx)
int NoiseSchedule::timestepsAbove(double lambdaMinimum) const
{
    const at::Tensor lambdas = at::sqrt(m_alphas).log() - at::sqrt(1 - m_alphas).log();
    return m_trainTimesteps - static_cast<int>(at::searchsorted(lambdas.flip(0), lambdaMinimum).item<std::int64_t>());
}

/// @source diffusers 0.42.1 scheduling_euler_discrete.py EulerDiscreteScheduler._sigma_to_t
double NoiseSchedule::timestepOf(double sigma) const
{
    const double logSigma = std::log(std::max(sigma, kSmallestSigma));
    const auto atMost = [logSigma](double entry) { return logSigma - entry >= 0; };
    const auto found = std::ranges::find_if(m_logSigmas | std::views::reverse, atMost);
    const auto index = found.base() == m_logSigmas.begin() ? 0 : found.base() - m_logSigmas.begin() - 1;
    const auto low = std::min<std::size_t>(static_cast<std::size_t>(index), m_logSigmas.size() - 2);
    const float span = static_cast<float>(m_logSigmas[low]) - static_cast<float>(m_logSigmas[low + 1]);
    const double weight = std::clamp((m_logSigmas[low] - logSigma) / double(span), 0.0, 1.0);
    return (1 - weight) * double(low) + weight * double(low + 1);
}

Result<TimestepSpacing> readTimestepSpacing(const JsonFields& fields, TimestepSpacing fallback)
{
    return choice(fields, "timestep_spacing", fallback,
        {{"linspace", TimestepSpacing::Linspace}, {"leading", TimestepSpacing::Leading},
            {"trailing", TimestepSpacing::Trailing}});
}

Result<int> readStepsOffset(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(const auto offset, fields.integer("steps_offset", 0, 0, kMostTrainTimesteps));
    return static_cast<int>(offset);
}

Result<FinalSigma> readFinalSigma(const JsonFields& fields)
{
    return choice(fields, "final_sigmas_type", FinalSigma::Zero,
        {{"zero", FinalSigma::Zero}, {"sigma_min", FinalSigma::Smallest}});
}

Result<SigmaSpacing> readSigmaSpacing(const JsonFields& fields, SigmaSpacingChoice offered)
{
    TINTYPE_TRY_ASSIGN(const bool karras, fields.boolean("use_karras_sigmas", false));
    TINTYPE_TRY_ASSIGN(const bool exponential, fields.boolean("use_exponential_sigmas", false));
    TINTYPE_TRY_ASSIGN(const bool beta, fields.boolean("use_beta_sigmas", false));
    bool lu = false;
    if (offered.hasLu) {
        TINTYPE_TRY_ASSIGN(lu, fields.boolean("use_lu_lambdas", false));
    }
    bool flow = false;
    if (offered.hasFlow) {
        TINTYPE_TRY_ASSIGN(flow, fields.boolean("use_flow_sigmas", false));
    }
    if (karras + exponential + beta > 1) {
        return tl::unexpected(fields.refuse(beta ? "use_beta_sigmas" : "use_exponential_sigmas",
            "cannot be combined with another sigma schedule", ErrorCode::InvalidArgument));
    }
    if (karras)
        return SigmaSpacing::Karras;
    if (lu)
        return SigmaSpacing::Lu;
    if (exponential)
        return SigmaSpacing::Exponential;
    if (beta)
        return SigmaSpacing::Beta;
    return flow ? SigmaSpacing::Flow : SigmaSpacing::Timesteps;
}

Result<SigmaEnds> readSigmaEnds(const JsonFields& fields)
{
    SigmaEnds ends;
    TINTYPE_TRY_ASSIGN(ends.smallest, fields.optionalNumber("sigma_min"));
    TINTYPE_TRY_ASSIGN(ends.largest, fields.optionalNumber("sigma_max"));
    for (const auto& [name, value] : {std::pair("sigma_min", ends.smallest), std::pair("sigma_max", ends.largest)}) {
        if (value && *value <= 0)
            return tl::unexpected(fields.refuse(name, "is not above 0", ErrorCode::InvalidArgument));
    }
    return ends;
}

/// @source diffusers 0.42.1 set_timesteps of EulerDiscreteScheduler, DDIMScheduler and, with leavesOutZero,
///         DPMSolverMultistepScheduler
std::vector<double> spaceTimesteps(const SpacingRequest& request)
{
    std::vector<double> timesteps;
    const int count = request.steps + (request.leavesOutZero ? 1 : 0);
    switch (request.spacing) {
    case TimestepSpacing::Trailing:
        timesteps = numpy::arange(request.lastTimestep, 0, -(request.trainTimesteps / double(request.steps)));
        for (double& timestep : timesteps)
            timestep = std::nearbyint(timestep) - 1;
        return timesteps;
    case TimestepSpacing::Linspace:
        timesteps = numpy::linspace(0, request.lastTimestep - 1, count);
        break;
    case TimestepSpacing::Leading:
        for (int i = 0; i < count; ++i)
            timesteps.push_back(i * (request.lastTimestep / count) + request.offset);
        break;
    }
    std::ranges::reverse(timesteps);
    timesteps.resize(static_cast<std::size_t>(request.steps));
    return timesteps;
}

/// @source diffusers 0.42.1 EulerDiscreteScheduler._convert_to_karras, _convert_to_exponential, _convert_to_beta,
///         DPMSolverMultistepScheduler._convert_to_lu
std::vector<double> spreadSigmas(SigmaSpacing spacing, double first, double last, int steps)
{
    constexpr double kKarrasRho = 7.0;
    constexpr double kBetaShape = 0.6;
    const bool karras = spacing == SigmaSpacing::Karras;
    const bool exponential = spacing == SigmaSpacing::Exponential;
    const double from = karras ? std::pow(first, 1 / kKarrasRho) : first;
    const double to = karras ? std::pow(last, 1 / kKarrasRho) : last;
    std::vector<double> sigmas = exponential ? numpy::linspace(std::log(first), std::log(last), steps)
                                             : numpy::linspace(0, 1, steps);
    for (double& value : sigmas) {
        if (exponential)
            value = std::exp(value);
        else if (spacing == SigmaSpacing::Beta)
            value = last + betaQuantile(1 - value, kBetaShape, kBetaShape) * (first - last);
        else if (karras)
            value = std::pow(from + value * (to - from), kKarrasRho);
        else // Lu: exponent 1 of log-sigmas
            value = std::exp(from + value * (to - from));
    }
    return sigmas;
}

} // namespace tintype::engine
