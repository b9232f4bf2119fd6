// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

namespace tintype::weights {

/// SHA-256 over the SHA-256 of each file, in the order given, as lower-case hex: names the weights of a model.
/// A file in a Hugging Face cache whose blob is named by its own SHA-256 is not read again.
/// Takes about a second per 2 GB; stops early (Cancelled) when asked.
Result<std::string> contentHash(const std::vector<std::filesystem::path>& files, std::stop_token stop = {});

} // namespace tintype::weights
