// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/control.h"
#include "deploy/control/private_host.h"

#include <QObject>
#include <QTimer>
#include <functional>
#include <memory>

namespace tintype::ui {

/// The host of this machine: one that serves on loopback already, else a `tintype serve` of the studio's own, which is started
/// again whenever it ends. GUI thread; nothing blocks but the end of the program.
class LocalHost : public QObject {
    Q_OBJECT

public:
    struct Options {
        QString program;        ///< path of `tintype`
        std::string dataFolder; ///< of a host of our own; empty = the user's
        bool mayAttach = true;  ///< to a host that serves on the usual port
    };
    using MakeControl = std::function<std::unique_ptr<control::Control>(const control::HostAddress&)>;

    LocalHost(Options options, MakeControl makeControl, QObject* parent = nullptr);
    ~LocalHost() override; ///< ends a host of our own, with the apps that run on it

    void start();

    /// Looks again: the one that we attached to does not answer any more.
    void recover();
    bool isOwn() const { return m_own != nullptr; }

Q_SIGNALS:
    void serving(const tintype::control::HostAddress& address);
    void failed(const tintype::Error& error, int retrySeconds); ///< and it will be tried again

private:
    void probe();
    void launch(quint16 port);
    void retry(const Error& error);

    const Options m_options;
    const MakeControl m_makeControl;
    std::unique_ptr<control::Control> m_probe;
    std::unique_ptr<control::PrivateHost> m_own;
    QTimer m_retryTimer;
    int m_failures = 0; ///< in a row
};

} // namespace tintype::ui
