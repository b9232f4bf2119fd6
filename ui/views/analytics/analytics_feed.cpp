// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/analytics_feed.h"

#include "ui/models/background.h"

namespace tintype::ui {
namespace {

using namespace std::chrono_literals;

/// A minute's columns change often, a day's seldom.
std::chrono::milliseconds pauseFor(std::chrono::milliseconds span)
{
    return span <= 1h ? 5s : span <= 6h ? 15s : 60s;
}

} // namespace

AnalyticsFeed::AnalyticsFeed(RangeChoice& range, QObject* parent)
    : QObject(parent)
    , m_range(range)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &AnalyticsFeed::ask);
    connect(&range, &RangeChoice::rangeChanged, this, &AnalyticsFeed::ask);
}

AnalyticsFeed::~AnalyticsFeed() = default;

void AnalyticsFeed::setTarget(Target* target)
{
    if (target == m_target)
        return;
    m_target = target;
    m_connections = std::make_unique<QObject>();
    if (target) {
        connect(target, &Target::connectionChanged, m_connections.get(), [this] {
            if (m_target->isConnected() && !isLoading())
                ask();
        });
    }
    restart();
}

void AnalyticsFeed::setFilter(const std::string& app, const std::string& endpoint)
{
    m_app = app;
    m_endpoint = endpoint;
    restart();
}

void AnalyticsFeed::restart()
{
    m_question.reset();
    m_data.reset();
    m_error.reset();
    Q_EMIT dataChanged();
    ask();
}

void AnalyticsFeed::setActive(bool active)
{
    m_isActive = active;
    if (!active)
        m_timer.stop();
    else if (m_isDue || (m_repeats && m_range.range().isLive()))
        ask();
}

void AnalyticsFeed::setRepeats(bool repeats)
{
    m_repeats = repeats;
    plan();
}

void AnalyticsFeed::ask()
{
    m_timer.stop();
    m_isDue = !m_isActive || !m_target;
    if (m_isDue) {
        Q_EMIT stateChanged();
        return;
    }
    const TimeSpan span = m_range.range().at(wallClockNow());
    control::AnalyticsQuery query;
    query.app = m_app;
    query.endpoint = m_endpoint;
    query.since = span.since;
    query.until = span.until;
    query.bucket = bucketFor(span);
    m_question = std::make_unique<QObject>();
    m_target->control().analytics(query).then(m_question.get(), [this](const Result<control::Analytics>& answer) {
        if (!answer)
            return onAnswer(tl::unexpected(answer.error()));
        inBackground([text = answer->json] { return readAnalytics(text); })
            .then(m_question.get(), [this](const Result<AnalyticsData>& data) { onAnswer(data); });
    });
    Q_EMIT stateChanged();
}

void AnalyticsFeed::onAnswer(const Result<AnalyticsData>& data)
{
    m_question.release()->deleteLater(); // its slot is running
    m_error = data ? std::optional<Error>() : data.error();
    if (data)
        m_data = std::make_shared<const AnalyticsData>(*data);
    if (data)
        Q_EMIT dataChanged();
    Q_EMIT stateChanged();
    plan();
}

void AnalyticsFeed::plan()
{
    m_timer.stop();
    if (m_isActive && m_repeats && m_range.range().isLive() && !isLoading())
        m_timer.start(pauseFor(m_range.range().last));
}

} // namespace tintype::ui
