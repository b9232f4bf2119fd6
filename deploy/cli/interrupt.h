// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <optional>

namespace tintype::cli {

/// Ctrl-C (SIGINT) and SIGTERM as a signal on the event loop. One object per process.
class Interrupt : public QObject {
    Q_OBJECT

public:
    explicit Interrupt(QObject* parent = nullptr);
    ~Interrupt() override;

Q_SIGNALS:
    void interrupted();

private:
    void drainPipe();

    int m_readEnd = -1;
    std::optional<QSocketNotifier> m_notifier;
};

} // namespace tintype::cli
