// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_listing.h"

#include <memory>
#include <span>
#include <string>

namespace tintype::requirements {

/// The hash that the hub gives a file, computed piece by piece. OpenSSL's, which uses the processor's own instructions.
class Digest {
public:
    explicit Digest(const HubFile& file); ///< its kind and size; the size is part of a git blob's hash
    Digest(Digest&&) noexcept;
    Digest& operator=(Digest&&) noexcept;
    ~Digest();

    void add(std::span<const char> bytes);
    std::string hex(); ///< once, at the end

private:
    struct Context;
    std::unique_ptr<Context> m_context;
};

} // namespace tintype::requirements
