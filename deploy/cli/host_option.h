// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/host_book.h"

#include <string>

namespace CLI {
class App;
}

namespace tintype::cli {

/// Which host a command talks to, as the command line says it.
struct HostOption {
    std::string host;        ///< a name of the book or a URL; empty = $TINTYPE_HOST, the book's current one, this machine
    std::string caFile;      ///< empty = $TINTYPE_CA, the book's
    std::string fingerprint; ///< empty = the book's
};

/// Options that all commands of a host share.
struct CommonOptions {
    HostOption host;
    bool json = false;
};

void addCommonOptions(CLI::App& command, CommonOptions& options);

struct ChosenHost {
    control::HostAddress address;
    bool isDefault = false; ///< nobody named one
};

/// The address and key of the host that is meant. The key is $TINTYPE_KEY, else the book's, else $FAL_KEY.
/// @error InvalidArgument: neither a name of the book nor a URL
Result<ChosenHost> chooseHost(const HostOption& option, const control::HostBook& book);

} // namespace tintype::cli
