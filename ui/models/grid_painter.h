// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "ui/models/grid_model.h"

#include <QColor>
#include <QFont>

namespace tintype::ui {

/// How a sheet looks.
struct GridSheetStyle {
    QColor ground;
    QColor sunken; ///< behind a picture that is missing
    QColor text;
    QColor muted;
    QFont font;
};

/// All sheets of a grid in one picture: pictures at their own size, labels beside and above them, the base call at the top. What would
/// be larger than kMostSheetSide or kMostSheetPixels is made smaller. Reads the pictures one by one: for a worker thread.
QImage paintGridSheet(const GridPlan& plan, const QVector<GridCell>& cells, const GridSheetStyle& style);

/// Writes the sheet as a PNG and the plan as JSON beside it ("x.png", "x.json"). For a worker thread. @error Io
Result<> saveGridSheet(const QString& path, const GridPlan& plan, const QVector<GridCell>& cells, const GridSheetStyle& style);

constexpr int kMostSheetSide = 16'000;
constexpr qint64 kMostSheetPixels = 100'000'000;

} // namespace tintype::ui
