// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

namespace tintype::requirements {

/// How failures that may pass are met: waits double from the first to the longest, unless the hub names one itself.
struct RetryPolicy {
    int attempts = 6; ///< in a row without a byte of progress
    std::chrono::milliseconds firstDelay{1'000};
    std::chrono::milliseconds maxDelay{30'000};
    std::chrono::seconds longestRetryAfter{600}; ///< a hub that asks for more than that has failed
};

/// Bytes that this process may still write to the disk of a folder (or of the nearest one above it that exists).
std::int64_t freeBytesOf(const std::string& folder);

struct HubSettings {
    std::string endpoint = "https://huggingface.co"; ///< without a slash at the end
    std::string cacheFolder; ///< the host's own, written in the hub's standard layout
    std::string userCacheFolder; ///< an existing cache, only read; empty = none
    std::string token; ///< used where a fetch brings none of its own
    bool offline = false; ///< only what is there
    int parallelFiles = 4; ///< of one repository
    RetryPolicy retry;
    std::chrono::milliseconds transferTimeout{30'000}; ///< without a single byte
    std::function<std::int64_t(const std::string&)> freeBytes = freeBytesOf;

    /// HF_ENDPOINT, HF_TOKEN, HF_HUB_OFFLINE, and the user's cache (HF_HUB_CACHE, HF_HOME, XDG_CACHE_HOME, ~/.cache).
    /// @error InvalidArgument: HF_ENDPOINT is not an http or https address
    static Result<HubSettings> fromEnvironment(std::string cacheFolder);
};

} // namespace tintype::requirements
