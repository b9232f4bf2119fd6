// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_search.h"

#include <algorithm>
#include <chrono>

namespace tintype::ui {
namespace {

constexpr LineId kLinesPerSlice = 8192;
constexpr std::chrono::milliseconds kLongestSlice{40};
constexpr int kMostPlaces = 200; ///< in one line

/// How much one line may cost, so that no expression holds the program up. @source pcre2pattern(3), "Special start-of-pattern items"
const QString& limits()
{
    static const QString text = QStringLiteral("(*LIMIT_MATCH=20000)(*LIMIT_DEPTH=5000)");
    return text;
}

QRegularExpression patternOf(const LogFilter& filter)
{
    const QString text = filter.isRegex ? filter.pattern : QRegularExpression::escape(filter.pattern);
    return QRegularExpression(limits() + text,
        filter.isCaseSensitive ? QRegularExpression::NoPatternOption : QRegularExpression::CaseInsensitiveOption);
}

QString textOf(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace

/// What the thread is to look through. It works upwards or downwards, away from what is known.
struct LogSearch::Slice {
    std::vector<LogRun> runs;
    LineId from = 0;
    LineId to = 0;
    bool isUpwards = true;
    LogFilter filter;
    QRegularExpression pattern;
    bool hasPattern = false;
    bool wantsPassing = false; ///< the passing lines too, not only the matches
    std::shared_ptr<std::atomic<bool>> isGivenUp;
};

struct LogSearch::Found {
    bool isUpwards = true;
    LineId edge = 0;               ///< how far it came: one behind the last line, or the last line downwards
    std::vector<LineId> passing;   ///< in the order of looking
    std::vector<LineId> matches;
    std::int64_t tooHard = 0;
};

LogSearch::LogSearch(const LogModel& model, QObject* parent)
    : QObject(parent)
    , m_model(model)
    , m_isGivenUp(std::make_shared<std::atomic<bool>>(false))
{
    m_pool.setMaxThreadCount(1);
    connect(&model, &LogModel::changed, this, &LogSearch::onModelChanged);
}

LogSearch::~LogSearch()
{
    *m_isGivenUp = true;
    m_pool.clear();
    m_pool.waitForDone(); // it looks at m_isGivenUp before each line
}

void LogSearch::setFilter(const LogFilter& filter)
{
    if (filter == m_filter)
        return;
    m_filter = filter;
    m_pattern = patternOf(filter);
    m_error.clear();
    if (!m_pattern.isValid()) {
        m_error = tr("At character %1: %2")
                      .arg(std::max<qsizetype>(0, m_pattern.patternErrorOffset() - limits().size()) + 1)
                      .arg(m_pattern.errorString());
    }
    m_hasPattern = !filter.pattern.isEmpty() && m_error.isEmpty();
    startOver();
}

void LogSearch::startOver()
{
    *m_isGivenUp = true;
    m_isGivenUp = std::make_shared<std::atomic<bool>>(false);
    m_isScanning = false;
    m_isStale = true;
    m_from = m_to = m_model.end();
    scanNext();
    Q_EMIT matchesChanged();
}

void LogSearch::onModelChanged()
{
    const LineId first = m_model.first();
    if (!m_isIdentity)
        m_rows.dropBefore(first);
    while (!m_matches.empty() && m_matches.front() < first)
        m_matches.pop_front();
    m_from = std::max(m_from, first);
    m_to = std::max(m_to, first);
    if (!m_isScanning)
        scanNext();
    Q_EMIT rowsChanged();
}

void LogSearch::scanNext()
{
    const bool isNeeded = m_hasPattern || !m_filter.wantsAll();
    if (isNeeded && m_to < m_model.end())
        scan(m_to, std::min(m_to + kLinesPerSlice, m_model.end()), true);
    else if (isNeeded && m_from > m_model.first())
        scan(std::max(m_from - kLinesPerSlice, m_model.first()), m_from, false);
    else if (m_isStale) {
        swapRows();
        Q_EMIT rowsChanged();
    }
}

void LogSearch::scan(LineId from, LineId to, bool isUpwards)
{
    const bool wantsPassing = !m_filter.wantsAll() || (m_hasPattern && m_filter.onlyMatches);
    Slice slice{.runs = m_model.runs(from, to), .from = from, .to = to, .isUpwards = isUpwards, .filter = m_filter,
        .pattern = m_pattern, .hasPattern = m_hasPattern, .wantsPassing = wantsPassing, .isGivenUp = m_isGivenUp};
    m_isScanning = true;
    m_pool.start([this, slice = std::move(slice)] {
        Found found = look(slice);
        QMetaObject::invokeMethod(this, [this, found = std::move(found), isGivenUp = slice.isGivenUp] {
            if (!*isGivenUp)
                take(found);
        }, Qt::QueuedConnection);
    });
}

LogSearch::Found LogSearch::look(const Slice& slice)
{
    const LogFilter& filter = slice.filter;
    const auto deadline = std::chrono::steady_clock::now() + kLongestSlice;
    Found found{.isUpwards = slice.isUpwards, .edge = slice.isUpwards ? slice.from : slice.to, .passing = {}, .matches = {}};
    const auto lookAt = [&](const LogRun& run, int number) {
        const LogEntry line = run.block->at(run.index + number);
        const LineId id = run.first + number;
        const bool passes = line.level >= filter.level && (filter.app.empty() || line.app == filter.app)
            && (filter.replica.empty() || line.replica == filter.replica) && (filter.request.empty() || line.request == filter.request);
        found.edge = slice.isUpwards ? id + 1 : id;
        if (!passes)
            return;
        if (slice.wantsPassing)
            found.passing.push_back(id);
        if (!slice.hasPattern)
            return;
        const QRegularExpressionMatch match = slice.pattern.match(textOf(line.text));
        if (match.hasMatch())
            found.matches.push_back(id);
        else if (!match.isValid())
            ++found.tooHard;
    };
    const auto isOver = [&] { return *slice.isGivenUp || std::chrono::steady_clock::now() > deadline; };
    for (std::size_t i = 0; i < slice.runs.size(); ++i) {
        const LogRun& run = slice.runs[slice.isUpwards ? i : slice.runs.size() - 1 - i];
        for (int k = 0; k < run.count; ++k) {
            if ((slice.hasPattern || k % 64 == 0) && isOver() && found.edge != (slice.isUpwards ? slice.from : slice.to))
                return found;
            lookAt(run, slice.isUpwards ? k : run.count - 1 - k);
        }
    }
    found.edge = slice.isUpwards ? slice.to : slice.from; // lines that were dropped meanwhile too
    return found;
}

void LogSearch::take(const Found& found)
{
    m_isScanning = false;
    const bool isFirst = m_isStale;
    if (isFirst)
        swapRows();
    const LineId first = m_model.first();
    auto nextMatch = found.matches.begin();
    for (const LineId line : found.passing) {
        while (nextMatch != found.matches.end() && (found.isUpwards ? *nextMatch < line : *nextMatch > line))
            ++nextMatch;
        const bool isMatch = nextMatch != found.matches.end() && *nextMatch == line;
        if (line < first)
            continue;
        if (found.isUpwards)
            m_rows.append(line, isMatch);
        else
            m_rows.prepend(line, isMatch);
    }
    for (const LineId line : found.matches) {
        if (line < first)
            continue;
        if (found.isUpwards)
            m_matches.push_back(line);
        else
            m_matches.push_front(line);
    }
    (found.isUpwards ? m_to : m_from) = std::max(found.edge, first);
    m_tooHard += found.tooHard;
    scanNext();
    if (isFirst || !m_isIdentity)
        Q_EMIT rowsChanged();
    Q_EMIT matchesChanged();
}

void LogSearch::swapRows()
{
    const bool isContext = m_hasPattern && m_filter.onlyMatches;
    m_isStale = false;
    m_isIdentity = m_filter.wantsAll() && !isContext;
    m_rows = LogRows(isContext ? std::optional(m_filter.context) : std::nullopt);
    m_matches.clear();
    m_tooHard = 0;
}

std::int64_t LogSearch::rowOf(LineId line) const
{
    return m_isIdentity ? std::clamp<std::int64_t>(line - m_model.first(), 0, m_model.count()) : m_rows.rowOf(line);
}

LogExtract LogSearch::extract(std::int64_t fromRow, std::int64_t toRow) const
{
    fromRow = std::max<std::int64_t>(fromRow, 0);
    toRow = std::min(toRow, rowCount());
    if (fromRow >= toRow)
        return {};
    LogExtract lines{.runs = m_model.runs(lineAt(fromRow), lineAt(toRow - 1) + 1), .only = {}};
    if (!m_isIdentity) {
        lines.only.emplace();
        lines.only->reserve(static_cast<std::size_t>(toRow - fromRow));
        for (std::int64_t row = fromRow; row < toRow; ++row)
            lines.only->push_back(m_rows.at(row));
    }
    return lines;
}

bool LogSearch::isMatch(LineId line) const
{
    return std::ranges::binary_search(m_matches, line);
}

std::int64_t LogSearch::matchNumber(LineId line) const
{
    return std::ranges::lower_bound(m_matches, line) - m_matches.begin();
}

std::optional<LineId> LogSearch::nextMatch(LineId line) const
{
    if (m_matches.empty())
        return {};
    const auto next = std::ranges::upper_bound(m_matches, line);
    return next == m_matches.end() ? m_matches.front() : *next;
}

std::optional<LineId> LogSearch::previousMatch(LineId line) const
{
    if (m_matches.empty())
        return {};
    const auto here = std::ranges::lower_bound(m_matches, line);
    return here == m_matches.begin() ? m_matches.back() : *std::prev(here);
}

std::vector<std::pair<int, int>> LogSearch::places(const QString& text) const
{
    std::vector<std::pair<int, int>> places;
    if (!m_hasPattern)
        return places;
    for (auto matches = m_pattern.globalMatch(text); matches.hasNext() && places.size() < kMostPlaces;) {
        const QRegularExpressionMatch match = matches.next();
        if (match.capturedLength() > 0)
            places.emplace_back(static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedLength()));
    }
    return places;
}

} // namespace tintype::ui
