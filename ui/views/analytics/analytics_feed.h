// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_data.h"
#include "ui/models/target.h"

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>

namespace tintype::ui {

/// Asks a host for the figures of a range, again and again while the range moves with the clock. Answers are read on another thread.
/// GUI thread.
class AnalyticsFeed : public QObject {
    Q_OBJECT

public:
    explicit AnalyticsFeed(RangeChoice& range, QObject* parent = nullptr);
    ~AnalyticsFeed() override;

    void setTarget(Target* target); ///< null = none
    void setFilter(const std::string& app, const std::string& endpoint);
    const std::string& app() const { return m_app; }
    const std::string& endpoint() const { return m_endpoint; }
    Target* target() const { return m_target; }

    /// While it is off nothing is asked; what was missed is asked for when it is on again.
    void setActive(bool active);
    void setRepeats(bool repeats);
    void ask();

    std::shared_ptr<const AnalyticsData> data() const { return m_data; } ///< null until there is an answer
    const std::optional<Error>& error() const { return m_error; }
    bool isLoading() const { return m_question != nullptr; }

Q_SIGNALS:
    void dataChanged();
    void stateChanged(); ///< isLoading(), error()

private:
    void restart(); ///< what is shown is of something else
    void onAnswer(const Result<AnalyticsData>& data);
    void plan();

    RangeChoice& m_range;
    QPointer<Target> m_target;
    std::string m_app;
    std::string m_endpoint;
    std::shared_ptr<const AnalyticsData> m_data;
    std::optional<Error> m_error;
    bool m_isActive = false;
    bool m_isDue = true;
    bool m_repeats = true;
    QTimer m_timer;
    std::unique_ptr<QObject> m_connections;
    std::unique_ptr<QObject> m_question; ///< the one under way: answers to older ones are nobody's
};

} // namespace tintype::ui
