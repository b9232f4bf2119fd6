// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <span>
#include <string>

namespace tintype::cli {

// Errors here are Io and read "picture.png: cannot be written: No space left on device".

/// Whether a file of this name could be written now: told before hours of computing. Leaves nothing behind.
Result<> checkWritable(const std::string& file);

/// A file that appears whole or not at all. A device or pipe of that name is written to as it is.
class StagedFile {
public:
    /// Writes the bytes, down to the disk, under a temporary name in the same folder.
    static Result<StagedFile> write(const std::string& file, std::span<const std::uint8_t> bytes);

    StagedFile(StagedFile&& other) noexcept;
    StagedFile& operator=(StagedFile&& other) = delete;
    ~StagedFile(); ///< removes it unless committed

    /// Gives it its name, replacing a file that has it.
    Result<> commit();

private:
    StagedFile(std::string file, std::string target, std::string temporary);

    std::string m_file;      ///< as the user wrote it: for errors
    std::string m_target;    ///< what it is, links resolved
    std::string m_temporary; ///< empty once there is nothing to remove
};

} // namespace tintype::cli
