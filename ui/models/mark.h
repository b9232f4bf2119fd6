// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QMetaType>

namespace tintype::ui {

/// How something stands, as the coloured mark before its word says it; the word alone says it too.
enum class Mark { None, Good, Busy, Waiting, Warning, Bad, Off };

} // namespace tintype::ui

Q_DECLARE_METATYPE(tintype::ui::Mark)
