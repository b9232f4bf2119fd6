// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/analytics_tiles.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/widgets/tile.h"

#include <QHBoxLayout>
#include <QLocale>

namespace tintype::ui {
namespace {

const QString kNone = QStringLiteral("–");

void showPercentiles(Tile& tile, const Percentiles& values, bool isMeasured)
{
    const auto text = [isMeasured](double seconds) { return isMeasured ? formatDuration(seconds) : kNone; };
    tile.setFigure(text(values.p50), AnalyticsTiles::tr("p50, half are faster"),
        {{QStringLiteral("p90"), text(values.p90)}, {QStringLiteral("p95"), text(values.p95)}, {QStringLiteral("p99"), text(values.p99)}});
}

/// No rounding up to 100 % while something failed.
QString shareText(double share)
{
    const double percent = share < 1 ? std::min(share * 100, 99.99) : 100;
    return QLocale().toString(percent, 'f', percent >= 99.95 && share < 1 ? 2 : share == 1 ? 0 : 1) + QStringLiteral(" %");
}

QString rateText(const AnalyticsData& data)
{
    const double minutes = std::chrono::duration<double>(data.span.length()).count() / 60;
    const double perMinute = static_cast<double>(data.all.counts.total()) / minutes;
    const double perHour = perMinute * 60;
    if (perMinute >= 1)
        return AnalyticsTiles::tr("%1 a minute").arg(QLocale().toString(perMinute, 'g', 3));
    return perHour >= 1 ? AnalyticsTiles::tr("%1 an hour").arg(QLocale().toString(perHour, 'g', 3))
                        : AnalyticsTiles::tr("%1 a day").arg(QLocale().toString(perHour * 24, 'g', 3));
}

} // namespace

AnalyticsTiles::AnalyticsTiles(QWidget* parent)
    : QWidget(parent)
    , m_total(new Tile(tr("Requests")))
    , m_success(new Tile(tr("Success rate")))
    , m_latency(new Tile(tr("Total time")))
    , m_startup(new Tile(tr("Queue and start-up")))
    , m_execution(new Tile(tr("Execution")))
{
    m_success->setToolTip(tr("Of the requests that neither the caller got wrong nor cancelled"));
    m_latency->setToolTip(tr("From submission to end, of the successful ones"));
    m_startup->setToolTip(tr("Waiting in the queue and for a replica to start, of the successful ones"));
    m_execution->setToolTip(tr("Inside the worker, of the successful ones"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(3));
    for (Tile* const tile : {m_total, m_success, m_latency, m_startup, m_execution})
        row->addWidget(tile, tile == m_total || tile == m_success ? 3 : 4);
    showData(nullptr);
}

void AnalyticsTiles::showData(const AnalyticsData* data)
{
    const Measured all = data ? data->all : Measured();
    const bool isMeasured = all.counts.success > 0;
    m_total->setFigure(data ? formatCount(all.counts.total()) : kNone, data ? rateText(*data) : QString());
    const auto rate = all.counts.successRate();
    m_success->setFigure(rate ? shareText(*rate) : kNone,
        !data ? QString() : all.counts.error == 0 ? tr("none failed") : tr("%1 failed").arg(formatCount(all.counts.error)));
    showPercentiles(*m_latency, all.latency, isMeasured);
    showPercentiles(*m_startup, all.startup, isMeasured);
    showPercentiles(*m_execution, all.execution, isMeasured);
}

} // namespace tintype::ui
