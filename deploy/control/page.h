// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tintype::control {

/// Which part of a long list is wanted.
struct PageQuery {
    int limit = 100;
    std::string cursor; ///< `next` of the page before; empty = the first

    bool operator==(const PageQuery&) const = default;
};

template <class T>
struct Page {
    std::vector<T> items;
    std::string next; ///< empty = that was the last
};

} // namespace tintype::control
