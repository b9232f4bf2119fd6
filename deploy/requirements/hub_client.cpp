// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_client.h"

#include <utility>

namespace tintype::requirements {
namespace {

QByteArray encoded(const std::string& text, const char* kept = "")
{
    return QUrl::toPercentEncoding(QString::fromStdString(text), kept);
}

} // namespace

HubClient::HubClient(const HubSettings& settings, std::string repository, std::string token)
    : m_settings(settings)
    , m_repository(std::move(repository))
    , m_token(token.empty() ? settings.token : std::move(token))
{
}

HubCall* HubClient::listing(const std::string& revision, QObject* parent)
{
    const QByteArray path
        = "/api/models/" + encoded(m_repository, "/") + "/revision/" + encoded(revision) + "?blobs=true";
    return get(path, revision, {}, 0, parent);
}

HubCall* HubClient::file(const std::string& commit, const std::string& path, std::int64_t offset, QObject* parent)
{
    return get("/" + encoded(m_repository, "/") + "/resolve/" + encoded(commit) + "/" + encoded(path, "/"), commit,
        path, offset, parent);
}

HubCall* HubClient::get(
    const QByteArray& path, const std::string& revision, const std::string& file, std::int64_t offset, QObject* parent)
{
    return new HubCall(m_network,
        {.endpoint = m_settings.endpoint,
            .repository = m_repository,
            .revision = revision,
            .path = file,
            .hasToken = !m_token.empty()},
        {.url = QUrl::fromEncoded(QByteArray::fromStdString(m_settings.endpoint) + path, QUrl::StrictMode),
            .token = m_token,
            .offset = offset,
            .timeout = m_settings.transferTimeout},
        parent);
}

} // namespace tintype::requirements
