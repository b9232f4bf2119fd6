// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"
#include "engine/base/result.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace tintype::store {

/// The host's own secret (secret.key in the data folder, readable by its owner only), and what is made with it: sealed
/// values, tokens that only this host can have issued, signatures of webhooks.
class Vault {
public:
    /// Reads the file, or makes it. @error Io · Corrupt: not 32 bytes
    static Result<Vault> open(const std::string& file);

    std::string seal(std::string_view value) const;
    Result<std::string> unseal(std::string_view sealed) const; ///< @error Corrupt

    /// URL-safe text that carries `claims` and ends at a time.
    std::string issueToken(std::string_view claims, TimePoint expires) const;

    /// The claims; nothing if it is not of this host, changed, or expired.
    std::optional<std::string> checkToken(std::string_view token, TimePoint now) const;

    std::string sign(std::string_view message) const; ///< Ed25519, 64 bytes
    std::string publicKey() const;                    ///< 32 bytes

private:
    std::string derive(const char* purpose, std::size_t bytes) const;

    std::array<unsigned char, 32> m_key{};
};

std::string base64Url(std::string_view bytes); ///< without padding

/// An unguessable name: 24 characters of [a-z2-7].
std::string randomName();

} // namespace tintype::store
