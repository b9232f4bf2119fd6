// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_rows.h"

#include <QRegularExpression>
#include <QString>
#include <QThreadPool>
#include <atomic>
#include <utility>

namespace tintype::ui {

/// Which lines are wanted, and what is looked for in them.
struct LogFilter {
    LogLevel level = LogLevel::Debug; ///< this one and worse
    std::string app;                  ///< empty = all, as the next two
    std::string replica;
    std::string request;
    QString pattern; ///< empty = no search
    bool isRegex = true;
    bool isCaseSensitive = false;
    bool onlyMatches = false; ///< with `context` lines on either side of each
    int context = 0;

    bool wantsAll() const { return level == LogLevel::Debug && app.empty() && replica.empty() && request.empty(); }
    bool operator==(const LogFilter&) const = default;
};

/// Lines of a model for another thread: all of `runs`, or those of them that `only` names, ascending.
struct LogExtract {
    std::vector<LogRun> runs;
    std::optional<std::vector<LineId>> only;
};

/// A model through a filter and a search: rows to show and matches to step through. Looks on a thread of its own, in slices, newest lines
/// first; rows and matches grow as they are found, and follow the model. GUI thread.
class LogSearch : public QObject {
    Q_OBJECT

public:
    explicit LogSearch(const LogModel& model, QObject* parent = nullptr);
    ~LogSearch() override;

    void setFilter(const LogFilter& filter);
    const LogFilter& filter() const { return m_filter; }
    const QString& error() const { return m_error; } ///< what is wrong with the pattern, a sentence; nothing is searched then
    bool isSearching() const { return m_hasPattern; }
    bool isBusy() const { return m_isScanning; }
    std::int64_t unsearchedCount() const { return m_tooHard; } ///< lines for which the pattern takes too long

    std::int64_t rowCount() const { return m_isIdentity ? m_model.count() : m_rows.count(); }
    LineId lineAt(std::int64_t row) const { return m_isIdentity ? m_model.first() + row : m_rows.at(row); }
    std::int64_t rowOf(LineId line) const; ///< its row, or that of the next one shown; rowCount() if there is none
    LogExtract extract(std::int64_t fromRow, std::int64_t toRow) const; ///< [from, to)

    std::int64_t matchCount() const { return static_cast<std::int64_t>(m_matches.size()); }
    bool isMatch(LineId line) const;
    std::int64_t matchNumber(LineId line) const;           ///< how many matches are before it
    std::optional<LineId> nextMatch(LineId line) const;     ///< behind it; from the first again
    std::optional<LineId> previousMatch(LineId line) const; ///< before it; from the last again

    /// Where the pattern is in the text of a match: positions and lengths.
    std::vector<std::pair<int, int>> places(const QString& text) const;

Q_SIGNALS:
    void rowsChanged();
    void matchesChanged(); ///< count, error, isBusy()

private:
    struct Slice;
    struct Found;

    void onModelChanged();
    void startOver();
    void scanNext();
    void scan(LineId from, LineId to, bool isUpwards);
    void take(const Found& found);
    void swapRows();
    static Found look(const Slice& slice);

    const LogModel& m_model;
    LogFilter m_filter;
    QRegularExpression m_pattern;
    QString m_error;
    bool m_hasPattern = false;

    LogRows m_rows;
    bool m_isIdentity = true; ///< every line of the model is a row, m_rows is not used
    bool m_isStale = false;   ///< m_rows and m_matches are of the filter before, until something is known
    std::deque<LineId> m_matches;
    LineId m_from = 0; ///< [m_from, m_to) is searched
    LineId m_to = 0;
    std::int64_t m_tooHard = 0;

    bool m_isScanning = false;
    std::shared_ptr<std::atomic<bool>> m_isGivenUp;
    QThreadPool m_pool;
};

} // namespace tintype::ui
