// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/machine_type.h"
#include "deploy/domain/time_point.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tintype::control {

/// Where a host is and who calls it.
struct HostAddress {
    std::string url = "http://127.0.0.1:7870";
    std::string key;         ///< "id:secret"; empty = none, which a host allows from its own machine only
    std::string caFile;      ///< PEM of a certificate authority to trust besides the system's; empty = none
    std::string fingerprint; ///< SHA-256 of the one certificate to trust, "AB:CD:…"; empty = by authority

    bool operator==(const HostAddress&) const = default;
};

struct MachineInfo {
    domain::MachineType type;
    int freeDevices = 0;
};

struct HostInfo {
    std::string version;
    std::string owner; ///< of its apps: /{owner}/{app}
    TimePoint startedAt;
    std::vector<MachineInfo> machines;
    std::map<std::string, std::string> urls; ///< base of each host class: "run", "queue", "rest", …
    std::string json;                        ///< the whole answer
};

enum class KeyScope { Admin, Api };
std::string_view keyScopeName(KeyScope scope); ///< "admin" | "api"
std::optional<KeyScope> keyScopeFromName(std::string_view name);

struct KeyInfo {
    std::string id;
    KeyScope scope = KeyScope::Api;
    std::string description;
    TimePoint createdAt;
};

/// Shown once: the host keeps a hash only.
struct CreatedKey {
    std::string key; ///< "id:secret"
    KeyInfo info;
};

struct SecretInfo {
    std::string name;
    TimePoint createdAt;
};

} // namespace tintype::control
