// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QStatusBar>

class QLabel;
class QToolButton;

namespace tintype::ui {

class MemoryGauge;
class Target;
struct Studio;

/// The window's lowest line, about the current target: connection, devices, memory by app, queue.
class StatusLine : public QStatusBar {
    Q_OBJECT

public:
    explicit StatusLine(Studio& studio, QWidget* parent = nullptr);

private:
    void follow(Target* target);
    void showConnection();
    void showDevices();
    void showMemory();
    void showQueue();

    Studio& m_studio;
    QPointer<Target> m_target;
    QToolButton* m_connection;
    QLabel* m_devices;
    QLabel* m_queue;
    MemoryGauge* m_memory;
};

} // namespace tintype::ui
