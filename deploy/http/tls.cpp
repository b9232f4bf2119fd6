// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/tls.h"

#include "deploy/http/tls_certificate.h"

#include <QFile>
#include <QHostInfo>
#include <QNetworkInterface>
#include <QSaveFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>
#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace tintype::http {
namespace {

constexpr std::chrono::hours kRenewBefore{30 * 24};
constexpr auto kOwnerOnly = QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr auto kEverybodyReads = kOwnerOnly | QFileDevice::ReadGroup | QFileDevice::ReadOther;

Result<std::string> read(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    if (!file.open(QIODevice::ReadOnly))
        return fail(file.exists() ? ErrorCode::Io : ErrorCode::NotFound,
            fmt::format("{}: cannot be read: {}", path, file.errorString().toStdString()));
    return file.readAll().toStdString();
}

Result<> write(const std::string& path, const std::string& text, QFileDevice::Permissions permissions)
{
    QSaveFile file(QString::fromStdString(path)); // its temporary file is the owner's alone
    const bool done = file.open(QIODevice::WriteOnly) && file.setPermissions(permissions)
        && file.write(text.data(), static_cast<qint64>(text.size())) == static_cast<qint64>(text.size())
        && file.commit();
    if (!done)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be written: {}", path, file.errorString().toStdString()));
    return {};
}

/// The key first: a certificate on disk always has its key.
Result<> write(const std::string& folder, const std::string& name, const KeyPair& pair)
{
    TINTYPE_TRY(write(fmt::format("{}/{}.key", folder, name), pair.key, kOwnerOnly));
    return write(fmt::format("{}/{}.pem", folder, name), pair.certificate, kEverybodyReads);
}

Result<KeyPair> readPair(const std::string& folder, const std::string& name)
{
    TINTYPE_TRY_ASSIGN(auto certificate, read(fmt::format("{}/{}.pem", folder, name)));
    TINTYPE_TRY_ASSIGN(auto key, read(fmt::format("{}/{}.key", folder, name)));
    return KeyPair{std::move(certificate), std::move(key)};
}

std::vector<std::string> machineNames()
{
    const std::string host = QHostInfo::localHostName().toStdString();
    const std::string domain = QHostInfo::localDomainName().toStdString();
    std::vector<std::string> names{"localhost", "127.0.0.1", "::1"};
    if (!host.empty())
        names.push_back(host);
    if (!host.empty() && !domain.empty())
        names.push_back(host + '.' + domain);
    for (QHostAddress address : QNetworkInterface::allAddresses()) {
        address.setScopeId({});
        if (!address.isLinkLocal())
            names.push_back(address.toString().toStdString());
    }
    return names;
}

std::vector<std::string> unique(const std::vector<std::string>& names)
{
    std::vector<std::string> result;
    for (const std::string& name : names) {
        if (std::find(result.begin(), result.end(), canonicalName(name)) == result.end())
            result.push_back(canonicalName(name));
    }
    return result;
}

/// The machine's own addresses come and go, so only what was asked for must be there.
bool isGoodFor(const KeyPair& pair, const KeyPair& authority, const std::vector<std::string>& names)
{
    const auto facts = readCertificate(pair.certificate);
    if (!facts || !belongTogether(pair) || !isSignedBy(pair.certificate, authority.certificate)
        || facts->ends < std::chrono::system_clock::now() + kRenewBefore)
        return false;
    const auto have = unique(facts->names);
    return std::all_of(names.begin(), names.end(), [&](const std::string& name) {
        return std::find(have.begin(), have.end(), canonicalName(name)) != have.end();
    });
}

/// Kept while it can sign: clients trust it. One that is damaged is an error, not a reason to lose their trust.
Result<KeyPair> ownAuthority(const std::string& folder)
{
    auto found = readPair(folder, "ca");
    if (found || found.error().code != ErrorCode::NotFound)
        return found;
    if (QFile::exists(QString::fromStdString(folder + "/ca.pem")))
        return found; // a certificate without its key
    TINTYPE_TRY_ASSIGN(auto made, makeAuthority("Tintype CA of " + QHostInfo::localHostName().toStdString()));
    TINTYPE_TRY(write(folder, "ca", made));
    return made;
}

} // namespace

Result<TlsFiles> ownCertificate(const std::string& folder, const std::vector<std::string>& names)
{
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be made: {}", folder, error.message()));
    for (const std::string& name : names) {
        const bool isAscii = std::all_of(name.begin(), name.end(), [](char byte) { return byte > ' ' && byte < 0x7f; });
        if (name.empty() || !isAscii)
            return fail(ErrorCode::InvalidArgument, fmt::format("'{}' is not a host name or address", name));
    }
    TINTYPE_TRY_ASSIGN(const auto authority, ownAuthority(folder));
    const TlsFiles files{.certificate = folder + "/server.pem", .key = folder + "/server.key"};
    if (const auto found = readPair(folder, "server"); found && isGoodFor(*found, authority, names))
        return files;
    std::vector<std::string> all = machineNames();
    all.insert(all.end(), names.begin(), names.end());
    TINTYPE_TRY_ASSIGN(auto pair, makeServerCertificate(authority, unique(all)));
    pair.certificate += authority.certificate;
    TINTYPE_TRY(write(folder, "server", pair));
    return files;
}

Result<QSslConfiguration> tlsConfiguration(const TlsFiles& files)
{
    TINTYPE_TRY_ASSIGN(const auto certificate, read(files.certificate));
    TINTYPE_TRY_ASSIGN(const auto key, read(files.key));
    const auto chain = QSslCertificate::fromData(QByteArray::fromStdString(certificate), QSsl::Pem);
    if (chain.isEmpty())
        return fail(ErrorCode::Corrupt, fmt::format("{}: not a certificate in PEM", files.certificate));
    const QByteArray keyText = QByteArray::fromStdString(key);
    QSslKey privateKey(keyText, QSsl::Ec);
    if (privateKey.isNull())
        privateKey = QSslKey(keyText, QSsl::Rsa);
    if (privateKey.isNull())
        return fail(ErrorCode::Corrupt, fmt::format("{}: not an EC or RSA key in PEM without passphrase", files.key));
    if (!belongTogether({certificate, key}))
        return fail(ErrorCode::Corrupt, fmt::format("{}: not the key of {}", files.key, files.certificate));
    QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
    configuration.setLocalCertificateChain(chain);
    configuration.setPrivateKey(privateKey);
    configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
    configuration.setProtocol(QSsl::TlsV1_2OrLater);
    configuration.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    return configuration;
}

Result<std::string> fingerprint(const std::string& certificateFile)
{
    TINTYPE_TRY_ASSIGN(const auto text, read(certificateFile));
    const auto facts = readCertificate(text);
    if (!facts)
        return fail(ErrorCode::Corrupt, fmt::format("{}: {}", certificateFile, facts.error().message));
    return facts->fingerprint;
}

} // namespace tintype::http
