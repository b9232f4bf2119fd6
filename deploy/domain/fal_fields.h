// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tintype::domain {

/// A sentence for somebody who brings a field of fal.App that is called otherwise here, or that Tintype does not have;
/// empty for any other name.
/// @source fal 2026-08, App class attributes and `[tool.fal.apps.*]`
std::string falFieldHint(std::string_view name);

} // namespace tintype::domain
