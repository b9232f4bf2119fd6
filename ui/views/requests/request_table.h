// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QTableView;

namespace tintype::ui {

class RequestModel;
class Theme;

/// A table of requests as every page shows it. The caller owns it.
QTableView* makeRequestTable(const Theme& theme, RequestModel& model);

} // namespace tintype::ui
