// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/vault.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sodium.h>
#include <unistd.h>

namespace tintype::store {
namespace {

const unsigned char* bytesOf(std::string_view text) { return reinterpret_cast<const unsigned char*>(text.data()); }
unsigned char* bytesOf(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::optional<std::string> fromBase64Url(std::string_view text)
{
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    if (sodium_base642bin(bytesOf(bytes), bytes.size(), text.data(), text.size(), nullptr, &size, nullptr,
            sodium_base64_VARIANT_URLSAFE_NO_PADDING)
        != 0)
        return std::nullopt;
    bytes.resize(size);
    return bytes;
}

/// The whole file of the descriptor; it is closed.
Result<> readKey(int descriptor, const std::string& file, std::array<unsigned char, 32>& key)
{
    std::array<unsigned char, 33> bytes{};
    const auto size = ::read(descriptor, bytes.data(), bytes.size());
    ::close(descriptor);
    if (size != static_cast<ssize_t>(key.size()))
        return fail(ErrorCode::Corrupt, fmt::format("{}: it should be {} bytes long", file, key.size()));
    std::copy_n(bytes.begin(), key.size(), key.begin());
    return {};
}

Result<> makeKey(const std::string& file, std::array<unsigned char, 32>& key)
{
    randombytes_buf(key.data(), key.size());
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (descriptor < 0)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be made: {}", file, std::strerror(errno)));
    const auto written = ::write(descriptor, key.data(), key.size());
    const bool kept = written == static_cast<ssize_t>(key.size()) && ::fsync(descriptor) == 0;
    ::close(descriptor);
    if (kept)
        return {};
    ::unlink(file.c_str());
    return fail(ErrorCode::Io, fmt::format("{}: cannot be written", file));
}

} // namespace

Result<Vault> Vault::open(const std::string& file)
{
    if (sodium_init() < 0)
        return fail(ErrorCode::Internal, "libsodium cannot be initialised");
    Vault vault;
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor >= 0)
        TINTYPE_TRY(readKey(descriptor, file, vault.m_key));
    else if (errno == ENOENT)
        TINTYPE_TRY(makeKey(file, vault.m_key));
    else
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read: {}", file, std::strerror(errno)));
    return vault;
}

std::string Vault::derive(const char* purpose, std::size_t bytes) const
{
    std::string key(bytes, '\0');
    crypto_generichash(bytesOf(key), key.size(), bytesOf(purpose), std::strlen(purpose), m_key.data(), m_key.size());
    return key;
}

std::string Vault::seal(std::string_view value) const
{
    const std::string key = derive("seal", crypto_secretbox_KEYBYTES);
    std::string sealed(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + value.size(), '\0');
    randombytes_buf(sealed.data(), crypto_secretbox_NONCEBYTES);
    crypto_secretbox_easy(bytesOf(sealed) + crypto_secretbox_NONCEBYTES, bytesOf(value), value.size(), bytesOf(sealed),
        bytesOf(key));
    return sealed;
}

Result<std::string> Vault::unseal(std::string_view sealed) const
{
    constexpr std::size_t kOverhead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    const std::string key = derive("seal", crypto_secretbox_KEYBYTES);
    std::string value(sealed.size() < kOverhead ? 0 : sealed.size() - kOverhead, '\0');
    const bool opened = sealed.size() >= kOverhead
        && crypto_secretbox_open_easy(bytesOf(value), bytesOf(sealed) + crypto_secretbox_NONCEBYTES,
               sealed.size() - crypto_secretbox_NONCEBYTES, bytesOf(sealed), bytesOf(key))
            == 0;
    if (!opened)
        return fail(ErrorCode::Corrupt, "a sealed value cannot be opened with this host's secret.key; set it again");
    return value;
}

std::string Vault::issueToken(std::string_view claims, TimePoint expires) const
{
    const std::string key = derive("token", crypto_auth_KEYBYTES);
    const std::string body = fmt::format("{}.{}", toMilliseconds(expires), claims);
    std::string mac(crypto_auth_BYTES, '\0');
    crypto_auth(bytesOf(mac), bytesOf(body), body.size(), bytesOf(key));
    return base64Url(body) + "." + base64Url(mac);
}

std::optional<std::string> Vault::checkToken(std::string_view token, TimePoint now) const
{
    const auto dot = token.find('.');
    if (dot == std::string_view::npos)
        return std::nullopt;
    const auto body = fromBase64Url(token.substr(0, dot));
    const auto mac = fromBase64Url(token.substr(dot + 1));
    const std::string key = derive("token", crypto_auth_KEYBYTES);
    if (!body || !mac || mac->size() != crypto_auth_BYTES
        || crypto_auth_verify(bytesOf(std::string_view(*mac)), bytesOf(std::string_view(*body)), body->size(), bytesOf(key)) != 0)
        return std::nullopt;
    const auto end = body->find('.');
    if (end == std::string::npos || std::strtoll(body->c_str(), nullptr, 10) <= toMilliseconds(now))
        return std::nullopt;
    return body->substr(end + 1);
}

std::string Vault::sign(std::string_view message) const
{
    const std::string seed = derive("webhook", crypto_sign_SEEDBYTES);
    std::string publicKey(crypto_sign_PUBLICKEYBYTES, '\0');
    std::string secretKey(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_seed_keypair(bytesOf(publicKey), bytesOf(secretKey), bytesOf(seed));
    std::string signature(crypto_sign_BYTES, '\0');
    crypto_sign_detached(bytesOf(signature), nullptr, bytesOf(message), message.size(), bytesOf(secretKey));
    return signature;
}

std::string Vault::publicKey() const
{
    const std::string seed = derive("webhook", crypto_sign_SEEDBYTES);
    std::string publicKey(crypto_sign_PUBLICKEYBYTES, '\0');
    std::string secretKey(crypto_sign_SECRETKEYBYTES, '\0');
    crypto_sign_seed_keypair(bytesOf(publicKey), bytesOf(secretKey), bytesOf(seed));
    return publicKey;
}

std::string base64Url(std::string_view bytes)
{
    std::string text(sodium_base64_encoded_len(bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING), '\0');
    sodium_bin2base64(text.data(), text.size(), bytesOf(bytes), bytes.size(), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    text.resize(std::strlen(text.c_str()));
    return text;
}

std::string randomName()
{
    constexpr std::string_view kLetters = "abcdefghijklmnopqrstuvwxyz234567";
    std::array<unsigned char, 24> random{};
    randombytes_buf(random.data(), random.size());
    std::string name;
    for (const unsigned char byte : random)
        name += kLetters[byte & 31];
    return name;
}

} // namespace tintype::store
