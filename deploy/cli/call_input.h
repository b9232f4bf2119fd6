// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <string>
#include <vector>

namespace tintype::cli {

/// An input made of words, after HTTPie's rules: `key=text`, `key:=JSON`, `key=@FILE` (its text), `key[sub][list][]=…`.
/// A value that reads as a number, true or false is one; a text of digits is written key:='"7"'.
/// @return a JSON object  @error InvalidArgument, naming the key
Result<std::string> callInput(const std::vector<std::string>& words);

} // namespace tintype::cli
