// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_data.h"

#include <QWidget>

namespace tintype::ui {

class Tile;

/// The figures of the whole range.
class AnalyticsTiles : public QWidget {
    Q_OBJECT

public:
    explicit AnalyticsTiles(QWidget* parent = nullptr);

    void showData(const AnalyticsData* data); ///< null = none yet

private:
    Tile* m_total;
    Tile* m_success;
    Tile* m_latency;
    Tile* m_startup;
    Tile* m_execution;
};

} // namespace tintype::ui
