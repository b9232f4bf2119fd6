// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/worker.h"

#include <QString>
#include <map>
#include <memory>
#include <string>

namespace tintype::runtime {

/// Makes workers: processes on this machine, or whatever a cluster's scheduler starts elsewhere.
class Launcher {
public:
    virtual ~Launcher() = default;

    /// A worker that is not started yet.
    /// @param environment variables besides those that this machine gives; holds secrets
    virtual std::unique_ptr<Worker> launch(const std::map<std::string, std::string>& environment) = 0;
};

/// Runs `tintype-worker` here.
class LocalLauncher final : public Launcher {
public:
    explicit LocalLauncher(QString program)
        : m_program(std::move(program))
    {
    }

    std::unique_ptr<Worker> launch(const std::map<std::string, std::string>& environment) override;

private:
    const QString m_program;
};

} // namespace tintype::runtime
