// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

namespace tintype::ui {

struct Studio;

/// Below the pages: the stages of the run beside the log of the app that runs.
class LogDock : public QFrame {
    Q_OBJECT

public:
    explicit LogDock(Studio& studio, QWidget* parent = nullptr);
};

} // namespace tintype::ui
