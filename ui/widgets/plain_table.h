// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QAbstractItemModel;
class QString;
class QTableView;

namespace tintype::ui {

class Theme;

/// A table of whole rows in the studio's looks: columns as wide as their text, one that takes what is left.
QTableView* makeTable(const Theme& theme, QAbstractItemModel& model, const QString& accessibleName, int stretchedColumn);

/// As high as its rows are, `mostRows` at most.
void fitHeight(QTableView& table, int mostRows);

} // namespace tintype::ui
