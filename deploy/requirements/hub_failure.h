// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_settings.h"
#include "engine/base/error.h"

#include <QDateTime>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::requirements {

/// Why a call to the hub failed, and whether the same call may succeed later.
struct HubFailure {
    Error error;
    bool mayPass = false;
    std::optional<std::chrono::seconds> retryAfter; ///< what the hub asks for
    int status = 0; ///< 0 = no answer
};

/// What was asked for.
struct HubSubject {
    std::string endpoint;
    std::string repository;
    std::string revision;
    std::string path; ///< empty = the list of files
    bool hasToken = false;

    std::string name() const; ///< for messages: `org/name@revision`, or `org/name: path`
};

/// An answer that is neither the file nor a redirect.
struct HubAnswer {
    int status = 0;
    std::string errorCode; ///< X-Error-Code
    std::string errorMessage; ///< X-Error-Message
    std::optional<std::chrono::seconds> retryAfter;
    bool fromHub = true; ///< false = from the store that it redirects to, which knows neither token nor licence
};

/// @source huggingface_hub 2.4, utils/_http.py: hf_raise_for_status
HubFailure failureOf(const HubAnswer& answer, const HubSubject& subject);

/// Seconds or an HTTP date; none if it is neither.
std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value, const QDateTime& now);

/// Counts failures in a row and says how long to wait before the next try.
class RetryCounter {
public:
    explicit RetryCounter(RetryPolicy policy)
        : m_policy(policy)
    {
    }

    /// None = give up.
    std::optional<std::chrono::milliseconds> waitAfter(const HubFailure& failure);
    void reset() { m_failures = 0; }

private:
    RetryPolicy m_policy;
    int m_failures = 0;
};

} // namespace tintype::requirements
