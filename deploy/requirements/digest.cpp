// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/digest.h"

#include <array>
#include <fmt/format.h>
#include <openssl/evp.h>

namespace tintype::requirements {

struct Digest::Context {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> evp{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Digest::Digest(const HubFile& file)
    : m_context(std::make_unique<Context>())
{
    const bool isGit = file.hashKind == HubFile::Hash::GitBlob;
    EVP_DigestInit_ex(m_context->evp.get(), isGit ? EVP_sha1() : EVP_sha256(), nullptr);
    if (!isGit)
        return;
    const std::string header = fmt::format("blob {}", file.bytes);
    add({header.c_str(), header.size() + 1}); // with the zero at its end
}

Digest::Digest(Digest&&) noexcept = default;
Digest& Digest::operator=(Digest&&) noexcept = default;
Digest::~Digest() = default;

void Digest::add(std::span<const char> bytes)
{
    EVP_DigestUpdate(m_context->evp.get(), bytes.data(), bytes.size());
}

std::string Digest::hex()
{
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_DigestFinal_ex(m_context->evp.get(), digest.data(), &size);
    return fmt::format("{:02x}", fmt::join(digest.begin(), digest.begin() + size, ""));
}

} // namespace tintype::requirements
