// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <memory>
#include <string>
#include <string_view>

namespace tintype::store {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::string_view bytes);
    std::string hex(); ///< of all that was added; call once

private:
    struct State;
    std::unique_ptr<State> m_state;
};

std::string sha256(std::string_view bytes); ///< 64 hex digits

/// Reads the whole file: not for the control thread.
Result<std::string> sha256OfFile(const std::string& file);

std::string hexOf(std::string_view bytes);

} // namespace tintype::store
