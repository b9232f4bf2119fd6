// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/store/vault.h"
#include "deploy/wire/caller.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::wire {

// Short-lived tokens. The host signs them and keeps nothing: what one allows stands in it.

/// Calls of some apps, in the place of whoever asked for it.
struct AppToken {
    std::vector<std::string> apps; ///< their names, without owner
    std::string keyId;             ///< of the one who asked
    bool isLocal = false;          ///< he had no key, but was a program on this machine

    bool operator==(const AppToken&) const = default;
};

/// Uploads.
struct StorageToken {
    std::string keyId;

    bool operator==(const StorageToken&) const = default;
};

/// One file that is announced and not here yet: the right to bring its bytes, once.
struct Upload {
    std::string id; ///< that the file will have
    std::string name;
    std::string contentType;
    std::string keyId;
    std::string acl;
    std::optional<std::chrono::seconds> lifetime; ///< from the end of the upload; nothing = for good

    bool operator==(const Upload&) const = default;
};

std::string issueToken(const store::Vault& vault, const AppToken& token, TimePoint expires);
std::string issueToken(const store::Vault& vault, const StorageToken& token, TimePoint expires);
std::string issueToken(const store::Vault& vault, const Upload& token, TimePoint expires);

// Nothing for a token that is not of this host, of another kind, changed or expired.
std::optional<AppToken> readAppToken(const store::Vault& vault, std::string_view text);
std::optional<StorageToken> readStorageToken(const store::Vault& vault, std::string_view text);
std::optional<Upload> readUploadToken(const store::Vault& vault, std::string_view text);

/// The token of a call: in the query as `fal_jwt_token`, where browsers can send no header, else "Authorization: Bearer".
std::string bearerToken(const http::Request& call);

/// Who calls an app: by token if there is one, else as identify().
/// @error Unauthorized: the token is wrong, expired or another app's; the key is wrong
Result<runtime::Caller> identifyForApp(const WireContext& context, const http::Request& call, const std::string& app);

} // namespace tintype::wire
