// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/access.h"

#include "deploy/store/stores.h"

#include <fmt/format.h>

namespace tintype::runtime {
namespace {

constexpr std::string_view kKeyScheme = "Key ";

bool isLoopbackAddress(std::string_view peer)
{
    return peer == "::1" || peer.starts_with("127.") || peer.starts_with("::ffff:127.");
}

/// The name of a Host header or an Origin, without scheme and port.
std::string_view nameOf(std::string_view text)
{
    if (const auto scheme = text.find("://"); scheme != std::string_view::npos)
        text.remove_prefix(scheme + 3);
    if (text.starts_with('['))
        return text.substr(0, text.find(']') + 1);
    return text.substr(0, text.find(':'));
}

bool isThisMachine(std::string_view name)
{
    return name == "localhost" || name.ends_with(".localhost") || name == "127.0.0.1" || name == "[::1]";
}

} // namespace

Result<Caller> Access::identify(const Credentials& credentials) const
{
    if (credentials.authorization.starts_with(kKeyScheme)) {
        const std::string text(credentials.authorization.substr(kKeyScheme.size()));
        auto key = m_stores.keys().verify(text);
        if (!key) {
            m_stores.refreshKeys(); // another program may have made it just now
            key = m_stores.keys().verify(text);
        }
        if (!key)
            return fail(ErrorCode::Unauthorized, "the key is not one of this host's, or it was revoked");
        return Caller{.keyId = key->id, .isAdmin = key->scope == store::Scope::Admin, .isLocal = false};
    }
    if (!credentials.authorization.empty() && !credentials.authorization.starts_with("Bearer "))
        return fail(ErrorCode::Unauthorized, "Authorization must be \"Key id:secret\"");
    const bool isLocal = credentials.loopbackListener && isLoopbackAddress(credentials.peer)
        && isThisMachine(nameOf(credentials.host))
        && (credentials.origin.empty() || isThisMachine(nameOf(credentials.origin)));
    return Caller{.keyId = {}, .isAdmin = isLocal, .isLocal = isLocal};
}

Result<> Access::mayCall(const Caller& caller, domain::AuthMode auth)
{
    if (auth == domain::AuthMode::Public || caller.isKnown())
        return {};
    return fail(ErrorCode::Unauthorized, "this app needs a key: send the header Authorization: Key id:secret");
}

Result<> Access::mayAdministrate(const Caller& caller)
{
    if (caller.isAdmin)
        return {};
    return fail(ErrorCode::Unauthorized,
        caller.isKnown() ? "this needs a key of scope admin" : "this needs a key: send the header Authorization: Key id:secret");
}

} // namespace tintype::runtime
