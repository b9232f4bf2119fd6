// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/log_feed.h"

#include <algorithm>
#include <cctype>

namespace tintype::ui {
namespace {

constexpr int kFlushMs = 33;
constexpr int kStoreDelayMs = 120; ///< a host writes lines behind: those of the last moment are not stored yet
constexpr int kPageLines = 1000;
constexpr int kMostMissedPages = 20;
constexpr std::size_t kMostLatest = 500;

bool containsText(const std::string& text, const std::string& part)
{
    const auto same = [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// How many lines at the start of `live` are those at the end of `stored`.
std::size_t overlap(std::span<const control::LogLine> stored, std::span<const control::LogLine> live)
{
    for (std::size_t n = std::min(stored.size(), live.size()); n > 0; --n) {
        if (std::ranges::equal(stored.last(n), live.first(n)))
            return n;
    }
    return 0;
}

} // namespace

LogFeed::LogFeed(LogModel& model, QObject* parent)
    : QObject(parent)
    , m_model(model)
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(kFlushMs);
    connect(&m_flushTimer, &QTimer::timeout, this, &LogFeed::flush);
}

LogFeed::~LogFeed() = default;

void LogFeed::setTarget(Target* target)
{
    if (target == m_target && target)
        return;
    m_target = target;
    start();
}

void LogFeed::setQuery(const control::LogQuery& query)
{
    m_query = query;
    start();
}

void LogFeed::reload() { start(); }

void LogFeed::clear()
{
    m_older.clear();
    m_pending.clear();
    m_model.clear();
    Q_EMIT stateChanged();
}

void LogFeed::start()
{
    m_guard = std::make_unique<QObject>();
    m_question = std::make_unique<QObject>();
    m_flushTimer.stop();
    m_pending.clear();
    m_latest.clear();
    m_older.clear();
    m_error.reset();
    m_isLoading = false;
    m_isCaughtUp = false;
    m_wasConnected = false;
    m_model.clear();
    if (m_target) {
        connect(m_target, &Target::connectionChanged, m_guard.get(), [this] { onConnection(); });
        connect(m_target, &Target::happened, m_guard.get(), [this](const control::Event& event) { onEvent(event); });
        onConnection();
    }
    Q_EMIT stateChanged();
}

void LogFeed::onConnection()
{
    const bool isNew = m_target->isConnected() && !m_wasConnected;
    m_wasConnected = m_target->isConnected();
    if (!isNew)
        return;
    flush();
    m_isCaughtUp = false;
    m_isLoading = true;
    m_question = std::make_unique<QObject>();
    QTimer::singleShot(kStoreDelayMs, m_question.get(), [this] {
        if (m_latest.empty())
            m_target->control().logs(question(true)).then(m_question.get(),
                [this](const Result<control::Page<control::LogLine>>& page) { onNewest(page); });
        else
            catchUp(m_latest.back().time, {}, kMostMissedPages);
    });
    Q_EMIT stateChanged();
}

control::LogQuery LogFeed::question(bool newestFirst) const
{
    control::LogQuery query = m_query;
    query.newestFirst = newestFirst;
    query.page = {.limit = kPageLines, .cursor = {}};
    return query;
}

void LogFeed::onNewest(const Result<control::Page<control::LogLine>>& page)
{
    if (!page) {
        fail(page.error());
        return;
    }
    m_isLoading = false;
    m_error.reset();
    m_older = page->next;
    addPending(std::vector<control::LogLine>(page->items.rbegin(), page->items.rend()));
    Q_EMIT stateChanged();
}

void LogFeed::catchUp(TimePoint since, const std::string& cursor, int pagesLeft)
{
    control::LogQuery query = question(false);
    query.since = since;
    query.page.cursor = cursor;
    m_target->control().logs(query).then(m_question.get(), [this, since, pagesLeft](const Result<control::Page<control::LogLine>>& page) {
        if (!page) {
            fail(page.error());
            return;
        }
        const std::vector<control::LogLine> missed = unknown(page->items);
        if (page->next.empty()) {
            m_isLoading = false;
            m_error.reset();
            addPending(missed);
            Q_EMIT stateChanged();
        } else if (pagesLeft > 0) {
            store(missed);
            catchUp(since, page->next, pagesLeft - 1);
        } else
            start(); // too many to fetch one after the other: begin with the latest
    });
}

/// Without those that are in the model already, as lines of the same millisecond may be.
std::vector<control::LogLine> LogFeed::unknown(const std::vector<control::LogLine>& lines) const
{
    std::vector<control::LogLine> known = m_latest;
    std::vector<control::LogLine> unknown;
    for (const control::LogLine& line : lines) {
        if (const auto same = std::ranges::find(known, line); same != known.end())
            known.erase(same);
        else
            unknown.push_back(line);
    }
    return unknown;
}

/// What the host had stored, then the live lines that it had not.
void LogFeed::addPending(std::span<const control::LogLine> stored)
{
    const std::size_t both = overlap(stored, m_pending);
    m_pending.erase(m_pending.begin(), m_pending.begin() + static_cast<std::ptrdiff_t>(both));
    m_pending.insert(m_pending.begin(), stored.begin(), stored.end());
    m_isCaughtUp = true;
    flush();
}

void LogFeed::fail(const Error& error)
{
    m_isLoading = false;
    m_error = error;
    addPending({}); // what comes live is shown all the same
    Q_EMIT stateChanged();
}

void LogFeed::loadOlder()
{
    if (m_isLoading || !hasOlder() || !m_target)
        return;
    control::LogQuery query = question(true);
    query.page.cursor = m_older;
    m_isLoading = true;
    m_target->control().logs(query).then(m_question.get(), [this](const Result<control::Page<control::LogLine>>& page) {
        m_isLoading = false;
        m_error = page ? std::optional<Error>() : page.error();
        if (page && hasOlder()) {
            m_older = page->next;
            m_model.prepend(std::vector<control::LogLine>(page->items.rbegin(), page->items.rend()));
        }
        Q_EMIT stateChanged();
    });
    Q_EMIT stateChanged();
}

void LogFeed::onEvent(const control::Event& event)
{
    const auto* const added = std::get_if<control::LogAdded>(&event);
    if (!added || !wants(added->line))
        return;
    m_pending.push_back(added->line);
    if (m_isCaughtUp && !m_flushTimer.isActive())
        m_flushTimer.start();
}

bool LogFeed::wants(const control::LogLine& line) const
{
    return !m_query.until && (m_query.app.empty() || line.app == m_query.app)
        && (m_query.replica.empty() || line.replica == m_query.replica)
        && (m_query.request.empty() || line.request == m_query.request)
        && (m_query.level.empty() || logLevelFromName(line.level) >= logLevelFromName(m_query.level))
        && (m_query.search.empty() || containsText(line.text, m_query.search)) && (!m_query.since || line.time >= *m_query.since);
}

void LogFeed::flush()
{
    if (m_isCaughtUp)
        store(std::exchange(m_pending, {}));
}

void LogFeed::store(const std::vector<control::LogLine>& lines)
{
    m_model.append(lines);
    m_latest.insert(m_latest.end(), lines.end() - static_cast<std::ptrdiff_t>(std::min(lines.size(), kMostLatest)), lines.end());
    if (m_latest.size() > kMostLatest)
        m_latest.erase(m_latest.begin(), m_latest.end() - static_cast<std::ptrdiff_t>(kMostLatest));
}

} // namespace tintype::ui
