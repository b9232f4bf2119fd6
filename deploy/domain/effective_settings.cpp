// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/effective_settings.h"

#include "deploy/domain/scaling_fields.h"

#include <fmt/format.h>

namespace tintype::domain {
namespace {

template <class T>
std::optional<Error> checkRange(const ScalingField& field, const T& value)
{
    if constexpr (std::is_same_v<T, Names>) {
        return std::nullopt;
    } else {
        const bool isWithin = value >= T(field.low) && value <= T(field.high);
        if (isWithin)
            return std::nullopt;
        return Error{ErrorCode::InvalidArgument,
            fmt::format("{} = {} is not within {} to {}", field.name, shownValue(value), field.low, field.high), {}};
    }
}

EffectiveValue authValue(AuthMode mode, bool isInFile, const std::optional<CurrentSettings>& current)
{
    EffectiveValue line{.name = "auth", .value = std::string(authModeName(mode)), .current = {}};
    line.source = isInFile ? ValueSource::File : current ? ValueSource::Inherited : ValueSource::Default;
    if (current)
        line.current = authModeName(current->auth);
    return line;
}

} // namespace

EffectiveSettings effectiveSettings(
    const AppDefinition& definition, const std::optional<CurrentSettings>& current, bool resetScale)
{
    EffectiveSettings effective;
    for (const ScalingField& field : scalingFields()) {
        std::visit(
            [&](auto slot) {
                EffectiveValue line{.name = std::string(field.name), .value = {}, .current = {}};
                auto& value = effective.scaling.*slot.value;
                if (current && field.isInherited && !resetScale) {
                    value = current->scaling.*slot.value;
                    line.source = ValueSource::Inherited;
                } else if (const auto& setting = definition.scaling.*slot.setting) {
                    value = *setting;
                    line.source = ValueSource::File;
                }
                line.value = shownValue(value);
                if (current)
                    line.current = shownValue(current->scaling.*slot.value);
                effective.values.push_back(std::move(line));
            },
            field.slot);
    }
    effective.auth = definition.auth.value_or(current ? current->auth : AuthMode::Private);
    effective.values.push_back(authValue(effective.auth, definition.auth.has_value(), current));
    return effective;
}

Scaling withChanges(Scaling scaling, const ScalingSettings& changes)
{
    for (const ScalingField& field : scalingFields()) {
        std::visit(
            [&](auto slot) {
                if (const auto& setting = changes.*slot.setting)
                    scaling.*slot.value = *setting;
            },
            field.slot);
    }
    return scaling;
}

Result<> checkScaling(const Scaling& scaling)
{
    for (const ScalingField& field : scalingFields()) {
        auto error = std::visit([&](auto slot) { return checkRange(field, scaling.*slot.value); }, field.slot);
        if (error)
            return tl::unexpected(*std::move(error));
    }
    if (scaling.machineTypes.empty())
        return fail(ErrorCode::InvalidArgument, "machine_type names no machine");
    if (scaling.minConcurrency > scaling.maxConcurrency)
        return fail(ErrorCode::InvalidArgument,
            fmt::format(
                "min_concurrency = {} is above max_concurrency = {}", scaling.minConcurrency, scaling.maxConcurrency));
    return {};
}

} // namespace tintype::domain
