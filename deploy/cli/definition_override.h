// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace tintype::cli {

/// The text of app.yaml with another top-level `machine_type`; everything else stays as it is written.
std::string withMachineType(const std::string& yaml, const std::string& machineType);

} // namespace tintype::cli
