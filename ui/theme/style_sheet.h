// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tintype::ui {

class Theme;
struct Tokens;

/// `resources/theme/studio.qss` with every @name replaced. An unknown name stays, and a test finds it.
QString styleSheet(const Theme& theme, const Tokens& tokens);

} // namespace tintype::ui
