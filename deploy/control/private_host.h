// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/host_values.h"
#include "engine/base/result.h"

#include <QFuture>
#include <QObject>
#include <QProcess>
#include <QPromise>
#include <string>

namespace tintype::control {

/// A `tintype serve` of this program's own on loopback, for as long as this object lives.
class PrivateHost : public QObject {
    Q_OBJECT

public:
    /// @param program path of `tintype`
    /// @param dataFolder kept from run to run
    /// @param port 0 = any free one
    PrivateHost(const QString& program, std::string dataFolder, quint16 port);
    ~PrivateHost() override; ///< ends it: SIGTERM, and SIGKILL if it does not go

    /// $XDG_DATA_HOME/tintype
    static std::string defaultDataFolder();

    /// Its address, once it serves. @error Unavailable, with what it said last
    QFuture<Result<HostAddress>> start();

Q_SIGNALS:
    /// It had served and is gone, with what it said last. start() may be called on a new one.
    void ended(const QString& lastWords);

private:
    void readOutput();
    void finish(const Result<HostAddress>& address);

    const std::string m_dataFolder;
    const quint16 m_port;
    QProcess m_process;
    QPromise<Result<HostAddress>> m_promise;
    bool m_finished = false;
};

} // namespace tintype::control
