// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/caller.h"

namespace tintype::wire {

/// rest.fal.ai/tokens: tokens for sockets and streams, which browsers open without a header.
class TokenRoutes {
public:
    explicit TokenRoutes(WireContext& context)
        : m_context(context)
    {
    }

    void addTo(http::RouteTable& table);

private:
    Result<std::string> issue(const http::Request& call) const;

    WireContext& m_context;
};

} // namespace tintype::wire
