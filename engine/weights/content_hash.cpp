// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/content_hash.h"

#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <openssl/evp.h>
#include <regex>

namespace tintype::weights {
namespace {

class Sha256 {
public:
    Sha256() { EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr); }

    void add(const void* data, std::size_t bytes) { EVP_DigestUpdate(m_context.get(), data, bytes); }

    std::string hex()
    {
        std::array<unsigned char, 32> digest{};
        EVP_DigestFinal_ex(m_context.get(), digest.data(), nullptr);
        std::string text;
        for (const unsigned char byte : digest)
            text += fmt::format("{:02x}", byte);
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context{EVP_MD_CTX_new(), &EVP_MD_CTX_free};
};

Result<std::string> fileHash(const std::filesystem::path& path, std::stop_token stop)
{
    std::error_code error;
    const std::string blob = std::filesystem::canonical(path, error).filename().string();
    static const std::regex sha256Name("^[0-9a-f]{64}$");
    if (!error && std::regex_match(blob, sha256Name))
        return blob;
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read", path.string()));
    Sha256 hash;
    std::vector<char> buffer(1u << 20);
    while (stream) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "hashing was stopped");
        stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        hash.add(buffer.data(), static_cast<std::size_t>(stream.gcount()));
    }
    return hash.hex();
}

} // namespace

Result<std::string> contentHash(const std::vector<std::filesystem::path>& files, std::stop_token stop)
{
    Sha256 all;
    for (const auto& file : files) {
        TINTYPE_TRY_ASSIGN(const auto one, fileHash(file, stop));
        all.add(one.data(), one.size());
    }
    return all.hex();
}

} // namespace tintype::weights
