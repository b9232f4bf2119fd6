// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"

#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace tintype::domain {

/// `file:FOLDER`, `hf:ORG/NAME[@REVISION]`, or the specifier of a Python package.
/// @return the requirement, or what is wrong as the end of a sentence: "must not leave the folder of the definition"
tl::expected<Requirement, std::string> parseRequirement(std::string_view text);

/// The same text for requirements that mean the same.
std::string canonicalText(const Requirement& requirement);

} // namespace tintype::domain
