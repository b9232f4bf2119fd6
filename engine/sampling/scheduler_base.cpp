// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/scheduler_base.h"

#include "engine/sampling/scheduler_fields.h"

#include <algorithm>
#include <cmath>

namespace tintype::engine {

Result<> SchedulerBase::setTimesteps(int steps, std::optional<double> mu, const std::vector<double>& sigmas)
{
    if (steps < 1)
        return fail(ErrorCode::InvalidArgument, fmt::format("[sampling] {} steps asked for, the least is 1", steps));
    if (!sigmas.empty() && !takesSigmas())
        return fail(ErrorCode::InvalidArgument, fmt::format("[sampling] {} makes its own sigmas", className()));
    if (!sigmas.empty() && sigmas.size() != static_cast<std::size_t>(steps)) {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("[sampling] {} sigmas were given for {} steps", sigmas.size(), steps));
    }
    TINTYPE_TRY_ASSIGN(m_timesteps, computeSchedule(steps, mu, sigmas));
    return {};
}

Result<FlowShift> FlowShift::fromFields(const JsonFields& fields)
{
    FlowShift shift;
    TINTYPE_TRY_ASSIGN(shift.baseShift, fields.number("base_shift", shift.baseShift));
    TINTYPE_TRY_ASSIGN(shift.maxShift, fields.number("max_shift", shift.maxShift));
    TINTYPE_TRY_ASSIGN(shift.baseTokens, fields.number("base_image_seq_len", shift.baseTokens));
    TINTYPE_TRY_ASSIGN(shift.maxTokens, fields.number("max_image_seq_len", shift.maxTokens));
    if (shift.baseTokens == shift.maxTokens) {
        return tl::unexpected(
            fields.refuse("max_image_seq_len", "equals base_image_seq_len", ErrorCode::InvalidArgument));
    }
    return shift;
}

double FlowShift::at(int imageTokens) const
{
    const double slope = (maxShift - baseShift) / (maxTokens - baseTokens);
    const double offset = baseShift - slope * baseTokens;
    return imageTokens * slope + offset;
}

Result<> requireFinite(const std::vector<float>& sigmas, const std::string& className)
{
    if (std::ranges::all_of(sigmas, [](float sigma) { return std::isfinite(sigma); }))
        return {};
    return fail(ErrorCode::InvalidArgument,
        fmt::format("[sampling] {}: the sigmas for {} steps are not finite", className, sigmas.size() - 1));
}

} // namespace tintype::engine
