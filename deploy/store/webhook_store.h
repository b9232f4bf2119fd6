// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "deploy/store/database.h"

#include <string>
#include <vector>

namespace tintype::store {

/// A webhook that has not been taken yet.
struct PendingWebhook {
    std::string request;
    std::string url;
    std::string keyId; ///< of the caller
    std::string body;
    int attempts = 0;
    TimePoint due;
};

Result<> saveWebhook(Database& database, const PendingWebhook& webhook); ///< new, or in place of the one of its request
Result<> deleteWebhook(Database& database, const std::string& request);
Result<std::vector<PendingWebhook>> pendingWebhooks(Database& database);

} // namespace tintype::store
