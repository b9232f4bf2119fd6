// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <string>
#include <vector>

namespace tintype::control {

/// A file on this machine that belongs to a definition.
struct LocalFile {
    std::string path;     ///< relative to the definition, with '/'
    std::string absolute;
    std::uint64_t size = 0;
    std::int64_t modified = 0; ///< nanoseconds since 1970

    bool operator==(const LocalFile&) const = default;
};

/// Regular files below `base`/`folder` (or that one file), sorted by path. Names that start with a dot are left out.
/// A link counts as what it points to, which must lie in the same folder.
/// @param folder relative, as in `file:models/x`
/// @error NotFound · InvalidArgument: it, or a link in it, leads elsewhere · Io
Result<std::vector<LocalFile>> folderFiles(const std::string& base, const std::string& folder);

} // namespace tintype::control
