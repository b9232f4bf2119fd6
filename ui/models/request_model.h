// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"
#include "ui/models/mark.h"

#include <QAbstractTableModel>
#include <QString>
#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

namespace tintype::ui {

Mark requestMark(const control::RequestInfo& request);
QString requestWord(const control::RequestInfo& request);            ///< "Running", "Succeeded", "Refused", …
double requestSeconds(const control::RequestInfo& request, TimePoint now); ///< submitted → finished, or until now

/// Whether a list that was asked for so has this request. Texts are looked for in what a list tells: id and error, not the input.
bool matches(const control::RequestQuery& query, const control::RequestInfo& request);

/// Requests as a table: live ones on top, newest first, then records as the host sorts them, as far as they have been asked for.
class RequestModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { When, App, Endpoint, State, Status, Total, Queue, Setup, Execution, Replica, Revision, ColumnCount };
    enum Role { MarkRole = Qt::UserRole, ReasonRole, IdRole };

    explicit RequestModel(QObject* parent = nullptr);

    void clear();
    void setLive(std::vector<control::RequestInfo> requests);

    /// The next page, in the host's order; those that are there already are left out.
    void append(const std::vector<control::RequestInfo>& records, bool hasMore);

    /// Done just now, newest first: in front of the other records. They leave the live ones.
    void prepend(const std::vector<control::RequestInfo>& records);
    void putLive(const std::vector<control::RequestInfo>& requests); ///< new ones, or news of known ones
    void removeLive(const std::string& id);
    void keepRecords(int most); ///< drops the rest, which can be asked for again

    void setNow(TimePoint now); ///< for the durations of live ones
    void setUtc(bool utc);

    const control::RequestInfo& at(int row) const;
    int rowOf(const std::string& id) const; ///< -1 if it is not here
    int liveCount() const { return static_cast<int>(m_live.size()); }
    int recordCount() const { return static_cast<int>(m_records.size()); }
    bool isLive(int row) const { return row < liveCount(); }
    bool hasRecord(const std::string& id) const { return m_ids.contains(id); }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

Q_SIGNALS:
    void moreWanted(); ///< once for each append()

private:
    QString text(const control::RequestInfo& request, int column) const;
    QString tip(const control::RequestInfo& request, int column) const;
    std::vector<control::RequestInfo> unknown(const std::vector<control::RequestInfo>& records);

    std::vector<control::RequestInfo> m_live;
    std::deque<control::RequestInfo> m_records;
    std::unordered_set<std::string> m_ids; ///< of m_records
    TimePoint m_now;
    bool m_utc = false;
    bool m_hasMore = false;
    bool m_isAsked = false;
};

} // namespace tintype::ui
