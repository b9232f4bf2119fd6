// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"

#include <functional>
#include <map>
#include <string>

namespace tintype::api {

using UrlMap = std::map<std::string, std::string>;

/// Where callers reach this host and its apps.
class Urls {
public:
    /// Ports of the listeners that serve one host class only: "run", "queue", "rest".
    using Ports = std::function<std::map<std::string, int>()>;

    /// @param publicUrl as configured; empty = as each request names the host
    /// @param ports may be empty
    Urls(std::string owner, std::string publicUrl, Ports ports);

    std::string base(const http::Request& request) const; ///< "https://host:7870"
    UrlMap ofHost(const std::string& base) const;         ///< "api", "run", and those with a listener of their own
    UrlMap ofApp(const std::string& base, const std::string& app) const; ///< "run", "stream", "openapi", "queue" likewise

private:
    std::string withPort(const std::string& base, int port) const;

    const std::string m_owner;
    const std::string m_publicUrl;
    const Ports m_ports;
};

} // namespace tintype::api
