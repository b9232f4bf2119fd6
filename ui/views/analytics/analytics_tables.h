// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/failure_model.h"
#include "ui/models/request_model.h"

#include <QWidget>

class QTabWidget;

namespace tintype::ui {

class Theme;

/// The requests and failures of a range that one looks at first.
class AnalyticsTables : public QWidget {
    Q_OBJECT

public:
    explicit AnalyticsTables(const Theme& theme, QWidget* parent = nullptr);

    void showData(const AnalyticsData* data); ///< null = none yet
    void setUtc(bool utc);

    RequestModel& slowest() { return m_slowest; }
    RequestModel& failed() { return m_failed; }
    FailureModel& failures() { return m_failures; }

Q_SIGNALS:
    void requestChosen(const QString& id);
    void failureChosen(int row); ///< of failures()

private:
    void addRequests(const Theme& theme, RequestModel& model, const QString& title);
    void addFailures(const Theme& theme);

    RequestModel m_slowest;
    RequestModel m_failed;
    FailureModel m_failures;
    QTabWidget* m_tabs;
};

} // namespace tintype::ui
