// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace tintype::store {

/// SQL that brings schema n to n+1, in order; only ever added to.
const std::vector<std::string>& schemaMigrations();

} // namespace tintype::store
