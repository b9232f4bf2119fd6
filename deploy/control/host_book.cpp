// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/host_book.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <QUrl>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::control {
namespace {

using nlohmann::json;

constexpr QFile::Permissions kOwnerOnly = QFile::ReadOwner | QFile::WriteOwner;

std::string textOf(const json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

HostAddress addressFrom(const json& entry)
{
    return {textOf(entry, "url"), textOf(entry, "key"), textOf(entry, "ca_file"), textOf(entry, "fingerprint")};
}

json entryOf(const HostAddress& address)
{
    json entry{{"url", address.url}};
    if (!address.key.empty())
        entry["key"] = address.key;
    if (!address.caFile.empty())
        entry["ca_file"] = address.caFile;
    if (!address.fingerprint.empty())
        entry["fingerprint"] = address.fingerprint;
    return entry;
}

bool isThisMachine(const QString& host)
{
    return host == QLatin1String("localhost") || host.startsWith(QLatin1String("127.")) || host == QLatin1String("::1");
}

} // namespace

std::string HostBook::defaultFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return folder.toStdString() + "/tintype/hosts.json";
}

Result<HostBook> HostBook::load(const std::string& name)
{
    QFile file(QString::fromStdString(name));
    if (!file.exists())
        return HostBook{};
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read: {}", name, file.errorString().toStdString()));
    const QByteArray text = file.readAll();
    const json object = json::parse(text.begin(), text.end(), nullptr, false);
    if (!object.is_object())
        return fail(ErrorCode::Corrupt, name + ": is no JSON object");
    HostBook book{{}, textOf(object, "current")};
    const json hosts = object.value("hosts", json::object());
    if (!hosts.is_object())
        return fail(ErrorCode::Corrupt, name + ": hosts is no JSON object");
    for (const auto& [host, entry] : hosts.items()) {
        if (entry.is_object())
            book.hosts[host] = addressFrom(entry);
    }
    return book;
}

Result<> HostBook::save(const std::string& name) const
{
    json entries = json::object();
    for (const auto& [host, address] : hosts)
        entries[host] = entryOf(address);
    const QString path = QString::fromStdString(name);
    QDir().mkpath(QFileInfo(path).path());
    QSaveFile file(path);
    const bool written = file.open(QIODevice::WriteOnly) && file.setPermissions(kOwnerOnly)
        && file.write(QByteArray::fromStdString(json{{"current", current}, {"hosts", entries}}.dump(2) + "\n")) >= 0 && file.commit();
    if (!written)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be written: {}", name, file.errorString().toStdString()));
    return {};
}

const HostAddress* HostBook::findUrl(const std::string& url) const
{
    for (const auto& [name, address] : hosts) {
        if (address.url == url)
            return &address;
    }
    return nullptr;
}

Result<std::string> normalizedUrl(const std::string& text)
{
    QString spelled = QString::fromStdString(text);
    if (!spelled.contains(QLatin1String("://"))) {
        const QString host = QUrl(QStringLiteral("http://") + spelled).host();
        spelled.prepend(isThisMachine(host) ? QStringLiteral("http://") : QStringLiteral("https://"));
    }
    QUrl url(spelled, QUrl::StrictMode);
    const bool isHttp = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !isHttp || url.host().isEmpty() || url.hasQuery() || url.hasFragment() || !url.userInfo().isEmpty())
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: no address of a host such as https://gpu-1:7870", text));
    std::string normal = url.toString(QUrl::FullyEncoded).toStdString();
    while (normal.ends_with('/'))
        normal.pop_back();
    return normal;
}

} // namespace tintype::control
