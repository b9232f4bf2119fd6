// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/logs.h"
#include "deploy/runtime/requests.h"

#include <optional>
#include <string>
#include <vector>

namespace tintype::wire {

/// The status object of fal's queue (fal.md 1.3), with two fields of our own: `reason`, why it waits, and `eta` in seconds.
/// @param base scheme://host of the URLs  @param logs nothing = not asked for
std::string statusObject(const std::string& owner, const std::string& base, const std::string& id, const runtime::RequestView& view,
    const std::optional<std::vector<runtime::LogLine>>& logs);

/// What a submit answers (fal.md 1.2).
std::string submitObject(const std::string& owner, const std::string& base, const std::string& app, const runtime::Accepted& accepted);

} // namespace tintype::wire
