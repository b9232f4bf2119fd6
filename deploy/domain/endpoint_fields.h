// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/endpoint_input.h"

#include <array>
#include <nlohmann/json.hpp>
#include <span>
#include <variant>

// The one table of what a call may say. Validation of calls, of an endpoint's defaults and of a warm-up, their
// canonical form, and the OpenAPI documents all follow from it. Included by .cpp files only.

namespace tintype::domain {

struct PictureSize { }; ///< `width` and `height` together: a preset's name or both numbers
inline constexpr std::uint64_t kSmallestSide = 64;
inline constexpr std::uint64_t kLargestSide = 4096;
inline constexpr std::uint64_t kSideStep = 8;
inline constexpr int kSideIfAbsent = 512; // fal.toolkit ImageSize, fal 2026-08

/// Where a field's value lands; its type is the field's type, and std::optional says that null is a value.
using InputTarget = std::variant<std::string GenerateRequest::*, std::optional<std::string> GenerateRequest::*,
    int GenerateRequest::*, std::optional<int> GenerateRequest::*, std::optional<std::uint64_t> GenerateRequest::*,
    std::optional<double> GenerateRequest::*, ImageFormat GenerateRequest::*, bool EndpointInput::*, PictureSize>;

struct InputField {
    std::string_view name;
    InputTarget target;
    std::uint64_t low = 0; ///< numbers only
    std::uint64_t high = 0; ///< numbers; longest text in characters
    std::string_view help;
    bool isPrompt = false; ///< what was given is never repeated
};

struct SizePreset {
    std::string_view name;
    int width;
    int height;
};

inline constexpr std::array<std::string_view, 3> kFormatNames{"png", "jpeg", "webp"}; // in the order of ImageFormat

std::span<const InputField> textToImageFields();
std::span<const SizePreset> sizePresets(); ///< @source fal.toolkit image presets, fal 2026-08

/// The field's value as JSON; null where the input leaves it to the model.
nlohmann::json fieldValue(const InputField& field, const EndpointInput& input);

/// Takes the object's fields into `input` and appends what is wrong. Fields that no table names are ignored, as
/// pydantic does. Texts are moved out of `object`.
void readFields(nlohmann::json& object, EndpointInput& input, std::vector<FieldError>& errors);

/// A valid object in its one form: sizes as width and height, "4" as 4, and without what is null or no field.
nlohmann::json canonicalInput(nlohmann::json object);

} // namespace tintype::domain
