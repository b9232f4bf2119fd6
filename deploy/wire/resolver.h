// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/host_class.h"

#include <array>

namespace tintype::wire {

/// Finds the logical host that a call means, by listener, name or x-fal-target-url, and the route in that host's table.
class Resolver : public http::RequestResolver {
public:
    http::RouteTable& table(HostClass hostClass) { return m_tables[static_cast<std::size_t>(hostClass)]; }

    std::variant<const http::Route*, http::Response> resolve(http::Request& head) override;
    void finish(const http::Request& request, http::Response& response) override;

private:
    std::array<http::RouteTable, kHostClasses.size()> m_tables; ///< by HostClass
};

} // namespace tintype::wire
