// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMenu>

namespace tintype::ui {

struct Studio;

/// All commands by group, and the apps opened of late. Filled each time it opens.
class MainMenu : public QMenu {
    Q_OBJECT

public:
    explicit MainMenu(Studio& studio, QWidget* parent = nullptr);

private:
    void fill();
    void addRecentFiles();

    Studio& m_studio;
};

} // namespace tintype::ui
