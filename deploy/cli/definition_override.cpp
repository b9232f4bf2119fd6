// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/definition_override.h"

#include <sstream>

namespace tintype::cli {
namespace {

bool beginsSetting(const std::string& line)
{
    return line.starts_with("machine_type:") || line.starts_with("machine_type ") || line.starts_with("machine_types:");
}

/// A line that goes on with the value of a top-level key.
bool continuesValue(const std::string& line)
{
    return line.starts_with(' ') || line.starts_with('\t') || line.starts_with('-') || line.starts_with(']');
}

} // namespace

std::string withMachineType(const std::string& yaml, const std::string& machineType)
{
    std::istringstream lines(yaml);
    std::string result;
    bool inOldValue = false;
    for (std::string line; std::getline(lines, line);) {
        inOldValue = beginsSetting(line) || (inOldValue && continuesValue(line));
        if (!inOldValue)
            result += line + "\n";
    }
    return result + "machine_type: " + machineType + "\n";
}

} // namespace tintype::cli
