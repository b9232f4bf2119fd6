// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/navigator.h"

#include <QFrame>

class QButtonGroup;

namespace tintype::ui {

struct Studio;

/// Name and icon of a page; its id is its place.
struct PageName {
    const char* id;   ///< of its command: "page.playground"
    const char* text; ///< untranslated
    const char* icon;
};
const PageName& pageName(PageId page);
inline constexpr int kPageCount = 8;

/// The pages at the left of the window. Ctrl+1 … Ctrl+8.
class Navigation : public QFrame {
    Q_OBJECT

public:
    explicit Navigation(Studio& studio, QWidget* parent = nullptr);

    void setCurrent(PageId page);

private:
    QButtonGroup* m_group;
};

} // namespace tintype::ui
