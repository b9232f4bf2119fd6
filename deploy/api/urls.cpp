// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/urls.h"

#include <QUrl>
#include <fmt/format.h>

namespace tintype::api {

Urls::Urls(std::string owner, std::string publicUrl, Ports ports)
    : m_owner(std::move(owner))
    , m_publicUrl(std::move(publicUrl))
    , m_ports(std::move(ports))
{
}

std::string Urls::base(const http::Request& request) const
{
    if (!m_publicUrl.empty())
        return m_publicUrl.ends_with('/') ? m_publicUrl.substr(0, m_publicUrl.size() - 1) : m_publicUrl;
    return fmt::format("{}://{}", request.secure ? "https" : "http", request.headers.value("Host"));
}

UrlMap Urls::ofHost(const std::string& base) const
{
    UrlMap urls{{"api", base}, {"run", base}};
    if (m_publicUrl.empty() && m_ports) {
        for (const auto& [listener, port] : m_ports())
            urls[listener] = withPort(base, port);
    }
    return urls;
}

UrlMap Urls::ofApp(const std::string& base, const std::string& app) const
{
    const UrlMap host = ofHost(base);
    const std::string path = fmt::format("/{}/{}", m_owner, app);
    UrlMap urls{{"run", host.at("run") + path}, {"stream", host.at("run") + path + "/stream"},
        {"openapi", fmt::format("{}/v1/apps/{}/openapi.json", base, app)}};
    if (const auto queue = host.find("queue"); queue != host.end())
        urls["queue"] = queue->second + path;
    return urls;
}

std::string Urls::withPort(const std::string& base, int port) const
{
    QUrl url(QString::fromStdString(base));
    url.setPort(port);
    return url.toString().toStdString();
}

} // namespace tintype::api
