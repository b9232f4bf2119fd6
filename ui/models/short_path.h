// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDir>
#include <QString>

namespace tintype::ui {

/// "~/apps/app.yaml" for a file below the user's home, else the whole path.
inline QString shortPath(const QString& path)
{
    const QString home = QDir::homePath() + QLatin1Char('/');
    return path.startsWith(home) ? QString(QLatin1String("~/") + path.mid(home.size())) : path;
}

} // namespace tintype::ui
