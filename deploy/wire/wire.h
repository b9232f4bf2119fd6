// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/runtime/host.h"

#include <memory>
#include <set>
#include <string>

namespace tintype::wire {

/// Everything that a host says to fal's clients, and the way from a call to its route. Control thread.
class Wire {
public:
    /// @param own routes of the host's own API, served on its own name
    /// @param loopbackListeners those that only programs on this machine reach
    Wire(runtime::Host& host, const http::RouteTable& own, std::set<std::string> loopbackListeners);
    ~Wire();

    http::RequestResolver& resolver();

private:
    struct Parts;
    std::unique_ptr<Parts> m_parts;
};

} // namespace tintype::wire
