// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/error.h"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::domain {

/// Who may call an app. Shared: anyone with a key of this host.
enum class AuthMode { Private, Public, Shared };

/// What an app needs on a host before a replica can start.
struct Requirement {
    enum class Kind { File, Hub, Pip };
    Kind kind = Kind::File;
    std::string text; ///< as written in the definition
    std::string name; ///< File: folder relative to the definition · Hub: org/name · Pip: the specifier
    std::string revision; ///< Hub: branch, tag or commit; "main" unless given

    bool operator==(const Requirement&) const = default;
};

/// What setup() does, once per replica.
struct SetupSpec {
    std::string model; ///< `file:` or `hf:` requirement that holds the weights
    std::string variant; ///< e.g. "fp16"; empty = whichever is there
    std::string dtype = "auto"; ///< auto | float32 | bfloat16 | float16
    std::string scheduler; ///< JSON object merged over the model's scheduler config; empty = none
    std::optional<std::string> warmup; ///< JSON object: the input of one call before the first request

    bool operator==(const SetupSpec&) const = default;
};

struct EndpointSpec {
    std::string path = "/";
    std::string task = "text-to-image";
    std::string defaults; ///< JSON object: input fields and the values they take when a call leaves them out

    bool operator==(const EndpointSpec&) const = default;
};

/// The settings of fal.App that say how many replicas there are and how long things may take; absent = not in the file.
struct ScalingSettings {
    std::optional<int> minConcurrency;
    std::optional<int> maxConcurrency;
    std::optional<int> concurrencyBuffer;
    std::optional<int> concurrencyBufferPerc;
    std::optional<std::chrono::seconds> scalingDelay;
    std::optional<std::chrono::seconds> keepAlive;
    std::optional<std::chrono::seconds> requestTimeout;
    std::optional<std::chrono::seconds> startupTimeout;
    std::optional<std::chrono::seconds> terminationGrace;
    std::optional<int> maxMultiplexing;
    std::optional<std::vector<std::string>> machineTypes; ///< in order of preference
    std::optional<std::vector<std::string>> regions;

    bool operator==(const ScalingSettings&) const = default;
};

/// app.yaml as a value.
struct AppDefinition {
    std::string name; ///< kebab-case
    int numGpus = 1;
    std::vector<Requirement> requirements;
    ScalingSettings scaling;
    std::optional<AuthMode> auth;
    std::vector<std::string> secrets; ///< names that become environment variables of the replicas
    SetupSpec setup;
    std::vector<EndpointSpec> endpoints; ///< sorted by path; the one of "/" unless the file says others
    std::optional<std::string> pythonApp; ///< "example.py::MyApp", in place of setup and endpoints

    bool operator==(const AppDefinition&) const = default;
};

/// What the definition says well and this version cannot do: a Python app, Python packages. A deploy refuses it.
std::optional<Error> unsupportedParts(const AppDefinition& definition);

std::string_view authModeName(AuthMode mode); ///< "private" | "public" | "shared"
std::optional<AuthMode> authModeFromName(std::string_view name);

} // namespace tintype::domain
