// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/hash_cache.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <chrono>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

namespace tintype::control {
namespace {

using nlohmann::json;

constexpr qsizetype kReadBytes = 1 << 20;
constexpr std::size_t kMaxEntries = 20'000;

/// A file changed this short a time ago may change again without its time telling.
constexpr std::chrono::seconds kSettled{2};

std::string hexText(const unsigned char* bytes, unsigned size)
{
    return QByteArray::fromRawData(reinterpret_cast<const char*>(bytes), static_cast<qsizetype>(size)).toHex().toStdString();
}

bool isSettled(const LocalFile& file)
{
    const auto modified = std::chrono::nanoseconds(file.modified);
    return std::chrono::system_clock::now().time_since_epoch() - modified > kSettled;
}

} // namespace

Result<std::string> hashFile(const std::string& path, const HashCache::Progress& progress)
{
    QFile file(QFile::decodeName(path.c_str()));
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read: {}", path, file.errorString().toStdString()));
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    QByteArray block(kReadBytes, Qt::Uninitialized);
    while (true) {
        const qint64 size = file.read(block.data(), block.size());
        if (size < 0)
            return fail(ErrorCode::Io, fmt::format("{}: cannot be read: {}", path, file.errorString().toStdString()));
        if (size == 0)
            break;
        EVP_DigestUpdate(context.get(), block.constData(), static_cast<std::size_t>(size));
        if (!progress(static_cast<std::uint64_t>(size)))
            return fail(ErrorCode::Cancelled, "cancelled");
    }
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    EVP_DigestFinal_ex(context.get(), digest, &size);
    return hexText(digest, size);
}

HashCache::HashCache(std::string file)
    : m_file(std::move(file))
{
    load();
}

HashCache::~HashCache()
{
    if (m_changed)
        save();
}

std::string HashCache::defaultFile()
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::GenericCacheLocation);
    return QFile::encodeName(folder + QStringLiteral("/tintype/hashes.json")).toStdString();
}

bool HashCache::knows(const LocalFile& file) const
{
    const auto found = m_entries.find(file.absolute);
    return found != m_entries.end() && found->second.size == file.size && found->second.modified == file.modified;
}

Result<std::string> HashCache::hash(const LocalFile& file, const Progress& progress)
{
    if (knows(file))
        return m_entries.at(file.absolute).sha256;
    std::uint64_t bytes = 0;
    TINTYPE_TRY_ASSIGN(std::string sha256, hashFile(file.absolute, [&](std::uint64_t more) {
        bytes += more;
        return progress(more);
    }));
    if (bytes != file.size)
        return fail(ErrorCode::Conflict, fmt::format("{}: has {} bytes where {} were expected: it is being written", file.path, bytes, file.size));
    if (isSettled(file)) {
        m_entries[file.absolute] = {file.size, file.modified, sha256};
        m_changed = true;
    }
    return sha256;
}

void HashCache::load()
{
    QFile file(QFile::decodeName(m_file.c_str()));
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QByteArray text = file.readAll();
    const json object = json::parse(text.begin(), text.end(), nullptr, false);
    if (!object.is_object())
        return;
    for (const auto& [path, entry] : object.items()) {
        if (!entry.is_array() || entry.size() != 3 || !entry[0].is_number_unsigned() || !entry[1].is_number_integer()
            || !entry[2].is_string())
            continue;
        m_entries[path] = {entry[0].get<std::uint64_t>(), entry[1].get<std::int64_t>(), entry[2].get<std::string>()};
    }
}

void HashCache::save() const
{
    json object = json::object();
    for (const auto& [path, entry] : m_entries) {
        if (object.size() < kMaxEntries && QFileInfo::exists(QFile::decodeName(path.c_str())))
            object[path] = {entry.size, entry.modified, entry.sha256};
    }
    const QString name = QFile::decodeName(m_file.c_str());
    QDir().mkpath(QFileInfo(name).path());
    QSaveFile file(name);
    if (file.open(QIODevice::WriteOnly)) {
        file.write(QByteArray::fromStdString(object.dump(-1, ' ', false, json::error_handler_t::replace)));
        file.commit();
    }
}

} // namespace tintype::control
