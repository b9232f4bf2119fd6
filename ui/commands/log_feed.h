// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_model.h"
#include "ui/models/target.h"

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

namespace tintype::ui {

/// Fills a LogModel from a host: the latest lines that it keeps, then each line as it comes, older ones on demand. After a break it
/// fetches what was missed. GUI thread.
class LogFeed : public QObject {
    Q_OBJECT

public:
    explicit LogFeed(LogModel& model, QObject* parent = nullptr);
    ~LogFeed() override;

    /// Starts anew with this host; null = none.
    void setTarget(Target* target);

    /// Starts anew with the lines that match; order and page of it are ignored. With an end (until) no live line is taken.
    void setQuery(const control::LogQuery& query);
    const control::LogQuery& query() const { return m_query; }

    void loadOlder();
    void reload();
    void clear(); ///< of the model; what comes later is shown

    bool isLoading() const { return m_isLoading; }
    bool hasOlder() const { return !m_older.empty() && !m_model.isFull() && m_model.droppedCount() == 0; }
    const std::optional<Error>& error() const { return m_error; } ///< of the last question; cleared by the next good answer
    Target* target() const { return m_target; }

Q_SIGNALS:
    void stateChanged(); ///< isLoading(), hasOlder(), error()

private:
    void start();
    void onConnection();
    void onEvent(const control::Event& event);
    void onNewest(const Result<control::Page<control::LogLine>>& page);
    void catchUp(TimePoint since, const std::string& cursor, int pagesLeft); ///< a cursor is good only with the same `since`
    std::vector<control::LogLine> unknown(const std::vector<control::LogLine>& lines) const;
    void addPending(std::span<const control::LogLine> stored);
    void flush();
    void store(const std::vector<control::LogLine>& lines);
    void fail(const Error& error);
    bool wants(const control::LogLine& line) const;
    control::LogQuery question(bool newestFirst) const;

    LogModel& m_model;
    QPointer<Target> m_target;
    control::LogQuery m_query;
    std::string m_older; ///< cursor of the page in front of what is there
    std::vector<control::LogLine> m_pending; ///< live ones, not in the model yet
    std::vector<control::LogLine> m_latest;  ///< the last ones that went into the model, to know them again
    std::optional<Error> m_error;
    bool m_isLoading = false;
    bool m_isCaughtUp = false; ///< stored lines are in the model: live ones may follow
    bool m_wasConnected = false;
    QTimer m_flushTimer;
    std::unique_ptr<QObject> m_guard;    ///< of this host and query
    std::unique_ptr<QObject> m_question; ///< of this connection: answers that come after it are nobody's
};

} // namespace tintype::ui
