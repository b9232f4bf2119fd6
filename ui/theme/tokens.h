// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QHash>
#include <QString>

namespace tintype::ui {

/// `resources/theme/tokens.json` as a value.
struct Tokens {
    QHash<QString, QColor> light;
    QHash<QString, QColor> dark;
    QHash<QString, int> sizes;        ///< device-independent pixels
    QHash<QString, double> typeScale; ///< by text style, relative to the body
};

/// Reads them from the program's resources, where a test makes sure that every token is there in both themes.
Tokens loadTokens();

} // namespace tintype::ui
