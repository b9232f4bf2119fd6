// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <string>
#include <string_view>

namespace tintype::http {

/// A body on disk; removed with this object unless somebody has moved it away.
class SpoolFile {
public:
    /// @error Io
    static Result<SpoolFile> create(const std::string& folder);

    SpoolFile(SpoolFile&& other) noexcept;
    SpoolFile& operator=(SpoolFile&&) = delete;
    ~SpoolFile();

    bool append(std::string_view bytes); ///< false: the disk is full, or the like
    void close();
    const std::string& path() const { return m_path; }

private:
    SpoolFile(int descriptor, std::string path);

    int m_descriptor;
    std::string m_path;
};

} // namespace tintype::http
