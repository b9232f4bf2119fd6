// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "deploy/control/host_values.h"
#include "deploy/domain/definition_yaml.h"
#include "engine/base/error.h"

#include <QString>
#include <optional>
#include <vector>

namespace tintype::ui {

/// A field that does not say the same in the file, in the revision that serves, and among the live settings of the app.
struct FieldDifference {
    QString field;    ///< dotted path, "setup.dtype"
    QString file;     ///< as a user reads it; the default where the file says nothing
    QString revision;
    QString live;     ///< same as `revision` for what only a revision has

    bool isNewInFile() const { return file != revision; }   ///< a deploy brings it
    bool isDrift() const { return live != revision; }       ///< changed since, on the host
};

/// Compares a definition with what an app has. Neither may be there for a new app.
/// @param revision of the revision that serves; null = not known
std::vector<FieldDifference> differences(
    const domain::AppDefinition& file, const domain::AppDefinition* revision, const control::AppInfo* live);

/// Whether a replica finds a place on a host.
enum class Fit {
    Unknown,   ///< its memory cannot be told yet
    Fits,
    Busy,      ///< once what holds the machine goes
    TooLarge,
    NoMachine, ///< the host has no machine of a wanted type
};

struct MemoryFit {
    QString target;  ///< name of the host
    Fit fit = Fit::Unknown;
    QString machine; ///< the machine type that was looked at last: the one that fits, if one does
    std::uint64_t memoryBytes = 0; ///< of one such machine
    int free = 0;
};

/// @param wanted machine types in order of preference; "GPU" is any GPU
/// @param memoryBytes of one replica; 0 = not known
MemoryFit fitOn(const QString& target, const control::HostInfo& host, const std::vector<std::string>& wanted, std::uint64_t memoryBytes);

/// What a Run or a Deploy would meet: all that is known before.
struct Preflight {
    QString app;
    QString target; ///< name of the host that was asked; empty = none
    std::vector<domain::DefinitionProblem> problems;
    std::optional<Error> error;  ///< a file that is missing, a host that refuses
    bool isKnown = false;        ///< the host has answered
    bool isNew = false;          ///< the app is not on the host yet
    bool isExact = true;         ///< false: large files were not read yet, bytesMissing is the most it can be
    std::uint64_t bytesMissing = 0;
    std::uint64_t weightBytes = 0;
    std::uint64_t memoryBytes = 0; ///< estimate for one replica; 0 = not known
    std::vector<std::string> warnings;
    std::vector<MemoryFit> fits; ///< the target first, then the other hosts that are connected
    std::vector<FieldDifference> differences;

    /// Nothing is known that would stop it.
    bool isGood() const;
};

QString fitText(const MemoryFit& fit, std::uint64_t memoryBytes); ///< "fits on GPU-H100: about 3.1 GB of 80 GB"

} // namespace tintype::ui
