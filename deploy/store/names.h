// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace tintype::store {

// Every name from outside passes here before it becomes a path. `what` begins the error: "app name".

/// One path component in kebab-case: [a-z0-9-], at most 64, parts joined by one '-'.
Result<> checkName(std::string_view name, std::string_view what);

/// A relative path below some folder: UTF-8, no "..", ".", empty or ".git" component, no backslash or control character, at
/// most 512 bytes, 240 each component.
Result<> checkRelativePath(std::string_view path, std::string_view what);

/// 64 lower-case hex digits.
Result<> checkSha256(std::string_view hash);

} // namespace tintype::store
