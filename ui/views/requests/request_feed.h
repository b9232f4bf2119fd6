// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/request_model.h"
#include "ui/models/target.h"
#include "ui/models/time_range.h"

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <unordered_set>

namespace tintype::ui {

/// Fills a RequestModel from a host: live requests and the newest page of records, each change as it comes, older pages as the view
/// scrolls to them. GUI thread.
class RequestFeed : public QObject {
    Q_OBJECT

public:
    explicit RequestFeed(RequestModel& model, QObject* parent = nullptr);
    ~RequestFeed() override;

    /// Starts anew with this host; null = none.
    void setTarget(Target* target);

    /// Starts anew with what matches; page, since and until of it are ignored: `range` says the time.
    /// Any state in it means live ones only.
    void setQuery(const control::RequestQuery& query, const TimeRange& range);
    const control::RequestQuery& query() const { return m_query; }
    const TimeRange& range() const { return m_range; }

    void reload();
    bool isLoading() const { return m_pending > 0; }
    const std::optional<Error>& error() const { return m_error; } ///< of the last question; cleared by the next good answer

Q_SIGNALS:
    void stateChanged(); ///< isLoading(), error()

private:
    control::RequestQuery question() const;
    bool wantsLive() const;
    bool wantsRecords() const { return m_query.state.empty(); }
    void onConnection();
    void onEvent(const control::Event& event);
    void flush();
    void askLive(const char* state);
    void askRecords(const std::string& cursor);
    void catchUp();
    void dropOldest();
    template <class T, class Take>
    void ask(control::Future<T> answer, Take take);

    RequestModel& m_model;
    QPointer<Target> m_target;
    control::RequestQuery m_query;
    TimeRange m_range;
    std::string m_next; ///< cursor of the next page
    std::optional<TimePoint> m_olderThan; ///< of the pages that follow, after dropOldest()
    int m_arrived = 0; ///< records since the last question
    std::map<std::string, control::RequestInfo> m_changed; ///< by id: told since the last flush, only the latest of each
    std::unordered_set<std::string> m_done; ///< since the live ones were asked for: an answer from before may have them still
    std::optional<Error> m_error;
    int m_pending = 0;
    bool m_wasConnected = false;
    QTimer m_flushTimer;
    QTimer m_catchUpTimer;
    std::unique_ptr<QObject> m_connections; ///< to the target
    std::unique_ptr<QObject> m_questions;   ///< answers that come after it are nobody's
};

} // namespace tintype::ui
