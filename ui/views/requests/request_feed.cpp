// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/requests/request_feed.h"

#include <algorithm>

namespace tintype::ui {
namespace {

using control::RequestInfo;
using RequestPage = control::Page<RequestInfo>;

constexpr int kPageSize = 200;
constexpr int kMostLive = 1000; ///< of each state
constexpr int kMostArrived = 20'000;
constexpr int kFlushMs = 100;
constexpr int kCatchUpMs = 1000;

} // namespace

RequestFeed::RequestFeed(RequestModel& model, QObject* parent)
    : QObject(parent)
    , m_model(model)
    , m_questions(std::make_unique<QObject>())
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(kFlushMs);
    connect(&m_flushTimer, &QTimer::timeout, this, &RequestFeed::flush);
    m_catchUpTimer.setSingleShot(true);
    m_catchUpTimer.setInterval(kCatchUpMs);
    connect(&m_catchUpTimer, &QTimer::timeout, this, &RequestFeed::catchUp);
    connect(&model, &RequestModel::moreWanted, this, [this] { askRecords(m_next); });
}

RequestFeed::~RequestFeed() = default;

void RequestFeed::setTarget(Target* target)
{
    if (target == m_target)
        return;
    m_target = target;
    m_connections = std::make_unique<QObject>();
    m_wasConnected = target && target->isConnected();
    if (target) {
        connect(target, &Target::happened, m_connections.get(), [this](const control::Event& event) { onEvent(event); });
        connect(target, &Target::connectionChanged, m_connections.get(), [this] { onConnection(); });
    }
    reload();
}

void RequestFeed::setQuery(const control::RequestQuery& query, const TimeRange& range)
{
    m_query = query;
    m_range = range;
    reload();
}

control::RequestQuery RequestFeed::question() const
{
    control::RequestQuery query = m_query;
    query.since.reset();
    query.until.reset();
    query.page = {.limit = kPageSize, .cursor = {}};
    if (m_range.isAny())
        return query;
    query.since = m_range.at(wallClockNow()).since;
    if (!m_range.isLive())
        query.until = m_range.fixed.until;
    return query;
}

bool RequestFeed::wantsLive() const
{
    return m_query.outcome.empty() && !m_query.status && !m_query.minTotal && !m_query.maxTotal && !m_query.cold
        && (m_range.isAny() || m_range.isLive() || m_range.fixed.until > wallClockNow());
}

void RequestFeed::reload()
{
    m_questions = std::make_unique<QObject>();
    m_pending = 0;
    m_changed.clear();
    m_done.clear();
    m_next.clear();
    m_olderThan.reset();
    m_arrived = 0;
    m_error.reset();
    m_catchUpTimer.stop();
    m_model.clear();
    if (m_target) {
        if (wantsRecords())
            askRecords({});
        for (const char* state : {"queued", "running"}) {
            if (wantsLive())
                askLive(state);
        }
    }
    Q_EMIT stateChanged();
}

template <class T, class Take>
void RequestFeed::ask(control::Future<T> answer, Take take)
{
    ++m_pending;
    answer.then(m_questions.get(), [this, take](const Result<T>& result) {
        --m_pending;
        m_error = result ? std::optional<Error>() : result.error();
        if (result)
            take(*result);
        Q_EMIT stateChanged();
    });
}

void RequestFeed::askLive(const char* state)
{
    control::RequestQuery query = question();
    query.state = state;
    query.since.reset();
    query.until.reset();
    query.sort.clear();
    query.page.limit = kMostLive;
    ask<RequestPage>(m_target->control().requests(query), [this](const RequestPage& page) {
        std::vector<RequestInfo> live;
        std::ranges::copy_if(page.items, std::back_inserter(live),
            [this](const RequestInfo& request) { return !m_done.contains(request.id) && matches(question(), request); });
        m_model.putLive(live);
    });
}

void RequestFeed::askRecords(const std::string& cursor)
{
    if (!m_target)
        return;
    control::RequestQuery query = question();
    query.page.cursor = cursor;
    if (m_olderThan)
        query.until = m_olderThan;
    ask<RequestPage>(m_target->control().requests(query), [this](const RequestPage& page) {
        m_next = page.next;
        m_model.append(page.items, !page.next.empty());
    });
}

/// The newest page again: what is unknown of it came in the meantime.
void RequestFeed::catchUp()
{
    if (!m_target || !wantsRecords() || m_query.sort == "slowest")
        return;
    ask<RequestPage>(m_target->control().requests(question()), [this](const RequestPage& page) {
        const bool reachesKnown = page.next.empty()
            || std::ranges::any_of(page.items, [this](const RequestInfo& record) { return m_model.hasRecord(record.id); });
        if (reachesKnown)
            m_model.prepend(page.items);
        else
            QMetaObject::invokeMethod(this, &RequestFeed::reload, Qt::QueuedConnection);
    });
}

void RequestFeed::onConnection()
{
    const bool wasConnected = std::exchange(m_wasConnected, m_target->isConnected());
    if (wasConnected || !m_wasConnected)
        return;
    if (m_model.rowCount() == 0)
        return reload();
    m_model.setLive({});
    m_done.clear();
    for (const char* state : {"queued", "running"}) {
        if (wantsLive())
            askLive(state);
    }
    catchUp();
}

void RequestFeed::onEvent(const control::Event& event)
{
    const auto* const changed = std::get_if<control::RequestChanged>(&event);
    if (!changed)
        return;
    m_changed.insert_or_assign(changed->request.id, changed->request);
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
}

void RequestFeed::flush()
{
    const control::RequestQuery query = question();
    std::vector<RequestInfo> live, records;
    for (auto& [id, request] : std::exchange(m_changed, {})) {
        const bool isDone = request.state == "done";
        if (isDone && isLoading())
            m_done.insert(id);
        const bool fits = matches(query, request);
        if (isDone && fits && wantsRecords() && query.sort != "slowest")
            records.push_back(request);
        else if (isDone)
            m_model.removeLive(id);
        else if (fits && wantsLive())
            live.push_back(request);
        // Whether its input has the text, the host knows alone.
        if (isDone && !fits && !query.text.empty() && !m_catchUpTimer.isActive())
            m_catchUpTimer.start();
    }
    std::ranges::sort(records, std::ranges::greater(), [](const RequestInfo& record) { return record.finishedAt.value_or(record.submittedAt); });
    if (!isLoading())
        m_done.clear();
    m_model.prepend(records);
    m_model.putLive(live);
    m_arrived += static_cast<int>(records.size());
    if (m_arrived > kMostArrived)
        dropOldest();
}

/// A list that stays open for days keeps no more than the latest arrivals; scrolling down asks for the rest again.
void RequestFeed::dropOldest()
{
    m_arrived = 0;
    m_model.keepRecords(kMostArrived);
    const RequestInfo& last = m_model.at(m_model.rowCount() - 1);
    m_olderThan = last.finishedAt.value_or(last.submittedAt) + std::chrono::milliseconds(1);
    m_next.clear();
}

} // namespace tintype::ui
