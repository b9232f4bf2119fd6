// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/caller.h"

namespace tintype::wire {

/// What an app says of itself, and its queue as a whole.
class DocumentRoutes {
public:
    explicit DocumentRoutes(WireContext& context)
        : m_context(context)
    {
    }

    void addTo(http::RouteTable& table);     ///< hosts of apps: /{owner}/{app}/openapi.json
    void addRestTo(http::RouteTable& table); ///< rest.fal.ai: metadata and queue of an app, fal's published documents

private:
    http::Response document(const http::Request& call) const;
    http::Response metadata(const http::Request& call) const;
    http::Response published(const http::Request& call) const;
    http::Response queue(const http::Request& call) const;

    WireContext& m_context;
};

} // namespace tintype::wire
