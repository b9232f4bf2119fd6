// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/caller.h"

#include <string>
#include <vector>

namespace tintype::wire {

/// Files that this host serves, results and uploads, to everyone who knows their URL unless their ACL says otherwise.
class FileRoutes {
public:
    explicit FileRoutes(WireContext& context)
        : m_context(context)
    {
    }

    void addTo(http::RouteTable& table);

private:
    http::Response serve(const http::Request& call) const;

    WireContext& m_context;
};

enum class Decision { Allow, Forbid, Hide };

/// What an ACL (fal.md 4.4) says about a reader.
/// @param acl as JSON; empty = public
/// @param users names of the reader, in the rules' sense; none = nobody known
Decision decide(const std::string& acl, const std::vector<std::string>& users);

} // namespace tintype::wire
