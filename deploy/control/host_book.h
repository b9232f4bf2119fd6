// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/host_values.h"
#include "engine/base/result.h"

#include <map>
#include <string>

namespace tintype::control {

/// Hosts that a user gave a name, with their keys: hosts.json, readable by the user only.
struct HostBook {
    std::map<std::string, HostAddress> hosts; ///< by name
    std::string current;                               ///< name of the one that is meant unless said otherwise; may be empty

    /// $XDG_CONFIG_HOME/tintype/hosts.json
    static std::string defaultFile();

    /// A file that is not there is an empty book. @error Corrupt · Io
    static Result<HostBook> load(const std::string& file);
    Result<> save(const std::string& file) const;

    /// The entry whose URL this is; null if none.
    const HostAddress* findUrl(const std::string& url) const;
};

/// "http://host:port" without a slash at its end; a scheme is added where none is: http for this machine, https else.
/// @error InvalidArgument
Result<std::string> normalizedUrl(const std::string& text);

} // namespace tintype::control
