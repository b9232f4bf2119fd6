// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"
#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace tintype::store {
class Stores;
}

namespace tintype::runtime {

/// Who calls.
struct Caller {
    std::string keyId;       ///< empty = without a key
    bool isAdmin = false;
    bool isLocal = false;    ///< a program on this machine, without a key, on a loopback listener

    bool isKnown() const { return isLocal || !keyId.empty(); }
};

/// What is known of a call before anyone decides about it.
struct Credentials {
    std::string_view authorization; ///< "Key id:secret", "Bearer token"
    std::string_view peer;          ///< address of the caller
    std::string_view host;          ///< Host header
    std::string_view origin;        ///< Origin header: a web page's
    bool loopbackListener = false;
};

/// Decides who a caller is and what he may do.
class Access {
public:
    explicit Access(store::Stores& stores)
        : m_stores(stores)
    {
    }

    /// A program on this machine needs no key on a loopback listener. A web page does not count as one: its Origin must
    /// be this machine, and so must the Host (a name that someone else pointed here is refused).
    /// @error Unauthorized: a key or token was given and is wrong
    Result<Caller> identify(const Credentials& credentials) const;

    /// @error Unauthorized
    static Result<> mayCall(const Caller& caller, domain::AuthMode auth);
    static Result<> mayAdministrate(const Caller& caller);

private:
    store::Stores& m_stores;
};

} // namespace tintype::runtime
