// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_settings.h"

#include <QDir>
#include <QFileInfo>
#include <QStorageInfo>
#include <QUrl>
#include <fmt/format.h>
#include <utility>

namespace tintype::requirements {
namespace {

bool isSet(const char* name)
{
    const QString value = qEnvironmentVariable(name).toUpper();
    return value == QStringLiteral("1") || value == QStringLiteral("ON") || value == QStringLiteral("YES")
        || value == QStringLiteral("TRUE");
}

/// @source huggingface_hub 2.4, constants.py; the same order as the engine's huggingFaceCacheRoot()
QString userCache()
{
    if (const QString cache = qEnvironmentVariable("HF_HUB_CACHE"); !cache.isEmpty())
        return cache;
    if (const QString home = qEnvironmentVariable("HF_HOME"); !home.isEmpty())
        return home + QStringLiteral("/hub");
    if (const QString cache = qEnvironmentVariable("XDG_CACHE_HOME"); !cache.isEmpty())
        return cache + QStringLiteral("/huggingface/hub");
    return QDir::homePath() + QStringLiteral("/.cache/huggingface/hub");
}

} // namespace

std::int64_t freeBytesOf(const std::string& folder)
{
    QString path = QFileInfo(QString::fromStdString(folder)).absoluteFilePath();
    while (!QFileInfo::exists(path) && path.size() > 1)
        path = QFileInfo(path).path();
    return QStorageInfo(path).bytesAvailable();
}

Result<HubSettings> HubSettings::fromEnvironment(std::string cacheFolder)
{
    HubSettings settings;
    settings.cacheFolder = std::move(cacheFolder);
    QString endpoint = qEnvironmentVariable("HF_ENDPOINT").trimmed();
    while (endpoint.endsWith(u'/'))
        endpoint.chop(1);
    if (!endpoint.isEmpty()) {
        const QUrl url(endpoint, QUrl::StrictMode);
        if ((url.scheme() != QStringLiteral("http") && url.scheme() != QStringLiteral("https")) || url.host().isEmpty())
            return fail(ErrorCode::InvalidArgument, "HF_ENDPOINT is not an http or https address");
        settings.endpoint = endpoint.toStdString();
    }
    settings.token = qEnvironmentVariable("HF_TOKEN").trimmed().toStdString();
    settings.offline = isSet("HF_HUB_OFFLINE") || isSet("TRANSFORMERS_OFFLINE");
    settings.userCacheFolder = userCache().toStdString();
    return settings;
}

} // namespace tintype::requirements
