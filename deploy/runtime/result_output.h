// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/record.h"
#include "deploy/runtime/live_request.h"
#include "engine/base/error.h"

#include <string>
#include <string_view>
#include <vector>

namespace tintype::runtime {

/// Where the time before the worker went, in seconds.
struct WaitingTimes {
    double queue = 0;
    double setup = 0;
};

WaitingTimes waitingTimes(const LiveRequest& live);

/// "image/png" → "png"
std::string_view fileExtension(std::string_view contentType);

/// Where a caller fetches a served file.
std::string fileUrl(const std::string& publicBase, const std::string& id, const std::string& name);

/// "data:image/png;base64,…"
std::string dataUri(const EncodedImage& image);

/// The JSON body of a successful text-to-image call.
/// @param urls of the pictures, in their order
std::string outputJson(const LiveRequest& live, const GenerateResult& result, const std::vector<std::string>& urls,
    TimePoint finishedAt);

/// The JSON body of a failed call: `{"detail", "error_type"}`.
std::string failureJson(const Error& error, const std::string& errorType);

} // namespace tintype::runtime
