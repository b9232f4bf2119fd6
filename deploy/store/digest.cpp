// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/digest.h"

#include <array>
#include <cstdio>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <vector>

namespace tintype::store {

struct Sha256::State {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~State() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256()
    : m_state(std::make_unique<State>())
{
    EVP_DigestInit_ex(m_state->context, EVP_sha256(), nullptr);
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) { EVP_DigestUpdate(m_state->context, bytes.data(), bytes.size()); }

std::string Sha256::hex()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(m_state->context, digest.data(), &size);
    return hexOf({reinterpret_cast<const char*>(digest.data()), size});
}

std::string sha256(std::string_view bytes)
{
    Sha256 digest;
    digest.add(bytes);
    return digest.hex();
}

Result<std::string> sha256OfFile(const std::string& file)
{
    std::FILE* stream = std::fopen(file.c_str(), "rb");
    if (!stream)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read", file));
    Sha256 digest;
    std::vector<char> buffer(1 << 20);
    while (const std::size_t size = std::fread(buffer.data(), 1, buffer.size(), stream))
        digest.add({buffer.data(), size});
    const bool failed = std::ferror(stream) != 0;
    std::fclose(stream);
    if (failed)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read to its end", file));
    return digest.hex();
}

std::string hexOf(std::string_view bytes)
{
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hex;
    hex.reserve(bytes.size() * 2);
    for (const char byte : bytes) {
        hex += kDigits[static_cast<unsigned char>(byte) >> 4];
        hex += kDigits[static_cast<unsigned char>(byte) & 15];
    }
    return hex;
}

} // namespace tintype::store
