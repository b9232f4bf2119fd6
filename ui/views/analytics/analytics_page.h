// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/analytics/analytics_feed.h"

#include <QWidget>

class QAction;
class QLabel;

namespace tintype::ui {

class AnalyticsCharts;
class AnalyticsTables;
class AnalyticsTiles;
class AppFilter;
class ErrorBanner;
class RecordExport;
struct Studio;

/// How the current host's requests went over time.
class AnalyticsPage : public QWidget {
    Q_OBJECT

public:
    explicit AnalyticsPage(Studio& studio, QWidget* parent = nullptr);
    ~AnalyticsPage() override;

    RangeChoice& range() { return m_range; }
    AnalyticsFeed& feed() { return m_feed; }
    AnalyticsCharts& charts() { return *m_charts; }
    AnalyticsTables& tables() { return *m_tables; }

    void exportSeries(const QString& path);
    void exportRecords(const QString& path);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void addCommands();
    QWidget* makeBar();
    QWidget* makeContent();
    void connectRange();
    void setTarget(Target* target);
    void showData();
    void showState();
    void openCell(std::size_t column, std::size_t row);
    void openFailure(int row);
    control::RequestQuery shownRequests() const; ///< all that the charts are of
    void chooseFile(const QString& name, const std::function<void(const QString&)>& write);

    Studio& m_studio;
    RangeChoice m_range;
    AnalyticsFeed m_feed;
    QPointer<RecordExport> m_export;
    QAction* m_refresh = nullptr;
    QAction* m_repeat = nullptr;
    QAction* m_back = nullptr;
    QAction* m_seriesCsv = nullptr;
    QAction* m_recordsCsv = nullptr;
    ErrorBanner* m_banner;
    AppFilter* m_filter = nullptr;
    QLabel* m_state = nullptr;
    AnalyticsTiles* m_tiles = nullptr;
    AnalyticsCharts* m_charts = nullptr;
    AnalyticsTables* m_tables = nullptr;
};

} // namespace tintype::ui
