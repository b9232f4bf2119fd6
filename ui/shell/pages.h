// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/navigator.h"

class QWidget;

namespace tintype::ui {

struct Studio;

/// Makes a page: the one place that knows them all. The caller owns it.
QWidget* makePage(PageId page, Studio& studio);

} // namespace tintype::ui
