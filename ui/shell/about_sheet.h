// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/widgets/sheet.h"

namespace tintype::ui {

/// Version, what it stands on and under which licences, and a button that copies what a report of a fault needs.
class AboutSheet : public Sheet {
    Q_OBJECT

public:
    AboutSheet(const Theme& theme, QWidget* over);
};

} // namespace tintype::ui
