// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/request_model.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>

namespace tintype::ui {
namespace {

using control::RequestInfo;

constexpr qsizetype kShortId = 8;

bool isDone(const RequestInfo& request) { return request.state == "done"; }

QString translated(const char* text)
{
    return QCoreApplication::translate("request", text);
}

bool isColdStart(const RequestInfo& request) { return request.setupSeconds > 0; }

} // namespace

Mark requestMark(const RequestInfo& request)
{
    if (!isDone(request))
        return request.state == "running" ? Mark::Busy : Mark::Waiting;
    return request.outcome == "success" ? Mark::Good
        : request.outcome == "user_error" ? Mark::Warning
        : request.outcome == "cancelled"  ? Mark::Off
                                          : Mark::Bad;
}

QString requestWord(const RequestInfo& request)
{
    if (!isDone(request))
        return request.state == "running" ? translated("Running") : translated("Queued");
    return request.outcome == "success" ? translated("Succeeded")
        : request.outcome == "user_error" ? translated("Refused")
        : request.outcome == "cancelled"  ? translated("Cancelled")
                                          : translated("Failed");
}

double requestSeconds(const RequestInfo& request, TimePoint now)
{
    const auto length = request.finishedAt.value_or(now) - request.submittedAt;
    return std::max(std::chrono::duration<double>(length).count(), 0.0);
}

bool matches(const control::RequestQuery& query, const RequestInfo& request)
{
    const auto fits = [](const std::string& wanted, const std::string& value) { return wanted.empty() || wanted == value; };
    if (!fits(query.app, request.app) || !fits(query.endpoint, request.endpoint) || !fits(query.replica, request.replica)
        || !fits(query.revision, request.revision) || !fits(query.outcome, request.outcome))
        return false;
    if (query.status && *query.status != (*query.status < 10 ? request.status / 100 : request.status))
        return false;
    const double total = requestSeconds(request, wallClockNow());
    if ((query.minTotal && total <= *query.minTotal) || (query.maxTotal && total > *query.maxTotal) || (query.cold && *query.cold != isColdStart(request)))
        return false;
    const TimePoint end = request.finishedAt.value_or(wallClockNow());
    if ((query.since && end < *query.since) || (query.until && end >= *query.until))
        return false;
    const QString text = qs(query.text);
    return text.isEmpty() || qs(request.id).contains(text, Qt::CaseInsensitive) || qs(request.error).contains(text, Qt::CaseInsensitive);
}

RequestModel::RequestModel(QObject* parent)
    : QAbstractTableModel(parent)
    , m_now(wallClockNow())
{
}

void RequestModel::clear()
{
    beginResetModel();
    m_live.clear();
    m_records.clear();
    m_ids.clear();
    m_hasMore = false;
    m_isAsked = false;
    endResetModel();
}

void RequestModel::setLive(std::vector<RequestInfo> requests)
{
    std::erase_if(requests, [this](const RequestInfo& request) { return hasRecord(request.id); });
    std::vector<std::string> gone;
    for (const RequestInfo& live : m_live) {
        if (std::ranges::find(requests, live.id, &RequestInfo::id) == requests.end())
            gone.push_back(live.id);
    }
    for (const std::string& id : gone)
        removeLive(id);
    putLive(requests);
}

void RequestModel::putLive(const std::vector<RequestInfo>& requests)
{
    for (const RequestInfo& request : requests) {
        if (hasRecord(request.id))
            continue;
        const auto known = std::ranges::find(m_live, request.id, &RequestInfo::id);
        if (known != m_live.end()) {
            *known = request;
            const int row = static_cast<int>(known - m_live.begin());
            Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
            continue;
        }
        const auto place = std::ranges::upper_bound(m_live, request.submittedAt, std::ranges::greater(), &RequestInfo::submittedAt);
        const int row = static_cast<int>(place - m_live.begin());
        beginInsertRows({}, row, row);
        m_live.insert(place, request);
        endInsertRows();
    }
}

void RequestModel::removeLive(const std::string& id)
{
    const auto found = std::ranges::find(m_live, id, &RequestInfo::id);
    if (found == m_live.end())
        return;
    const int row = static_cast<int>(found - m_live.begin());
    beginRemoveRows({}, row, row);
    m_live.erase(found);
    endRemoveRows();
}

std::vector<RequestInfo> RequestModel::unknown(const std::vector<RequestInfo>& records)
{
    std::vector<RequestInfo> found;
    std::ranges::copy_if(records, std::back_inserter(found), [this](const RequestInfo& record) { return m_ids.insert(record.id).second; });
    return found;
}

void RequestModel::append(const std::vector<RequestInfo>& records, bool hasMore)
{
    const std::vector<RequestInfo> added = unknown(records);
    for (const RequestInfo& record : added)
        removeLive(record.id);
    const int row = rowCount();
    if (!added.empty()) {
        beginInsertRows({}, row, row + static_cast<int>(added.size()) - 1);
        m_records.insert(m_records.end(), added.begin(), added.end());
    }
    m_hasMore = hasMore; // not before the rows are in: who is told of them may ask for more at once
    m_isAsked = false;
    if (!added.empty())
        endInsertRows();
}

void RequestModel::prepend(const std::vector<RequestInfo>& records)
{
    const std::vector<RequestInfo> added = unknown(records);
    for (const RequestInfo& record : added)
        removeLive(record.id);
    if (added.empty())
        return;
    beginInsertRows({}, liveCount(), liveCount() + static_cast<int>(added.size()) - 1);
    m_records.insert(m_records.begin(), added.begin(), added.end());
    endInsertRows();
}

void RequestModel::keepRecords(int most)
{
    if (recordCount() <= most)
        return;
    beginRemoveRows({}, liveCount() + most, rowCount() - 1);
    for (auto record = m_records.begin() + most; record != m_records.end(); ++record)
        m_ids.erase(record->id);
    m_records.resize(static_cast<std::size_t>(most));
    m_hasMore = true;
    m_isAsked = false;
    endRemoveRows();
}

void RequestModel::setNow(TimePoint now)
{
    m_now = now;
    if (!m_live.empty())
        Q_EMIT dataChanged(index(0, When), index(liveCount() - 1, Execution));
}

void RequestModel::setUtc(bool utc)
{
    m_utc = utc;
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, When), index(rowCount() - 1, When));
}

const RequestInfo& RequestModel::at(int row) const
{
    return isLive(row) ? m_live[static_cast<std::size_t>(row)] : m_records[static_cast<std::size_t>(row - liveCount())];
}

int RequestModel::rowOf(const std::string& id) const
{
    if (const auto live = std::ranges::find(m_live, id, &RequestInfo::id); live != m_live.end())
        return static_cast<int>(live - m_live.begin());
    if (!hasRecord(id))
        return -1;
    return liveCount() + static_cast<int>(std::ranges::find(m_records, id, &RequestInfo::id) - m_records.begin());
}

int RequestModel::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : liveCount() + recordCount(); }
int RequestModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QString RequestModel::text(const RequestInfo& request, int column) const
{
    const bool done = isDone(request);
    switch (column) {
    case When: return formatTime(request.finishedAt.value_or(request.submittedAt), m_utc);
    case App: return qs(request.app);
    case Endpoint: return qs(request.endpoint);
    case State: return requestWord(request);
    case Status: return request.status == 0 ? QString() : QString::number(request.status);
    case Total: return formatDuration(requestSeconds(request, m_now));
    case Queue: return done ? formatDuration(request.queueSeconds) : QString();
    case Setup: return isColdStart(request) ? formatDuration(request.setupSeconds) : QString();
    case Execution: return done && request.totalSeconds > 0 ? formatDuration(request.totalSeconds) : QString();
    case Replica: return qs(request.replica).left(kShortId);
    case Revision: return qs(request.revision).left(kShortId);
    default: return {};
    }
}

QString RequestModel::tip(const RequestInfo& request, int column) const
{
    switch (column) {
    case When: {
        QStringList lines{tr("Submitted %1").arg(formatDateTime(request.submittedAt, m_utc))};
        if (request.startedAt)
            lines += tr("Started %1").arg(formatDateTime(*request.startedAt, m_utc));
        if (request.finishedAt)
            lines += tr("Finished %1").arg(formatDateTime(*request.finishedAt, m_utc));
        return lines.join(QLatin1Char('\n'));
    }
    case State: return qs(request.error.empty() ? request.reason : request.error);
    case Setup: return isColdStart(request) ? tr("It waited for a replica to start") : QString();
    case Replica: return qs(request.replica);
    case Revision: return qs(request.revision);
    default: return {};
    }
}

QVariant RequestModel::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid))
        return {};
    const RequestInfo& request = at(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(request, index.column());
    case Qt::ToolTipRole: return tip(request, index.column());
    case Qt::TextAlignmentRole:
        return index.column() >= Status && index.column() <= Execution ? QVariant::fromValue(Qt::AlignRight | Qt::AlignVCenter)
                                                                       : QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    case MarkRole: return QVariant::fromValue(requestMark(request));
    case ReasonRole: return qs(request.error.empty() ? request.reason : request.error);
    case IdRole: return qs(request.id);
    default: return {};
    }
}

QVariant RequestModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= Status && section <= Execution ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    const std::array titles{tr("When"), tr("App"), tr("Endpoint"), tr("Outcome"), tr("Status"), tr("Total"), tr("Queue"), tr("Setup"),
        tr("Execution"), tr("Replica"), tr("Revision")};
    const std::array tips{tr("When it finished; when it was submitted, while it is live"), QString(), QString(), QString(), tr("HTTP status of its result"),
        tr("From its submission to its end"), tr("In the queue, without the start of a replica"), tr("While the replica that it got was starting"),
        tr("Inside the worker"), QString(), QString()};
    return role == Qt::DisplayRole ? titles[static_cast<std::size_t>(section)]
        : role == Qt::ToolTipRole  ? QVariant(tips[static_cast<std::size_t>(section)])
                                   : QVariant();
}

bool RequestModel::canFetchMore(const QModelIndex& parent) const { return !parent.isValid() && m_hasMore && !m_isAsked; }

void RequestModel::fetchMore(const QModelIndex& parent)
{
    if (!canFetchMore(parent))
        return;
    m_isAsked = true;
    Q_EMIT moreWanted();
}

} // namespace tintype::ui
