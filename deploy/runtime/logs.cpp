// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/logs.h"

#include "deploy/store/log_store.h"
#include "deploy/store/stores.h"

#include <algorithm>
#include <utility>

namespace tintype::runtime {
namespace {

constexpr std::size_t kLinesPerRequest = 200;
constexpr std::size_t kRememberedRequests = 500;
constexpr std::size_t kShortestRedacted = 4; ///< shorter values would blank ordinary words
constexpr int kFlushMilliseconds = 50;

store::StoredLogLine toStored(const LogLine& line)
{
    return {.id = 0, .time = line.time, .level = store::logLevelFromName(line.level).value_or(store::LogLevel::Info),
        .app = line.app, .revision = line.revision, .replica = line.replica, .request = line.request,
        .source = line.source, .text = line.text};
}

} // namespace

Logs::Logs(store::Stores& stores, QObject* parent)
    : QObject(parent)
    , m_stores(stores)
{
    m_flushTimer.setSingleShot(true);
    m_flushTimer.setInterval(kFlushMilliseconds);
    connect(&m_flushTimer, &QTimer::timeout, this, &Logs::flush);
}

Logs::~Logs() { flush(); }

void Logs::redact(const std::vector<std::string>& values)
{
    for (const std::string& value : values) {
        if (value.size() >= kShortestRedacted && std::ranges::find(m_redacted, value) == m_redacted.end())
            m_redacted.push_back(value);
    }
}

void Logs::add(LogLine line)
{
    for (const std::string& value : m_redacted) {
        for (auto found = line.text.find(value); found != std::string::npos; found = line.text.find(value))
            line.text.replace(found, value.size(), "***");
    }
    if (!line.request.empty())
        remember(line);
    m_unwritten.push_back(line);
    if (!m_flushTimer.isActive())
        m_flushTimer.start();
    Q_EMIT added(line);
}

void Logs::remember(const LogLine& line)
{
    const auto [entry, isNew] = m_recent.try_emplace(line.request);
    if (isNew)
        m_recentOrder.push_back(line.request);
    entry->second.push_back(line);
    if (entry->second.size() > kLinesPerRequest)
        entry->second.pop_front();
    if (m_recentOrder.size() > kRememberedRequests) {
        m_recent.erase(m_recentOrder.front());
        m_recentOrder.pop_front();
    }
}

void Logs::flush()
{
    if (m_unwritten.empty())
        return;
    std::vector<store::StoredLogLine> lines;
    for (const LogLine& line : std::exchange(m_unwritten, {}))
        lines.push_back(toStored(line));
    m_stores.writer().write(
        [lines = std::move(lines)](store::Database& database) { return store::insertLogLines(database, lines); });
}

std::vector<LogLine> Logs::ofRequest(const std::string& request) const
{
    const auto found = m_recent.find(request);
    return found == m_recent.end() ? std::vector<LogLine>() : std::vector<LogLine>(found->second.begin(), found->second.end());
}

} // namespace tintype::runtime
