// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/logs/log_volume_view.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QFuture>
#include <QMouseEvent>
#include <QPainter>
#include <QPromise>
#include <QThreadPool>
#include <QToolTip>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kHeightSteps = 18;
constexpr int kColumnPixels = 6;
constexpr int kCountMs = 400; ///< between two counts, while lines come

} // namespace

LogVolumeView::LogVolumeView(const Theme& theme, const LogModel& model, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_model(model)
{
    setMouseTracking(true);
    setAccessibleName(tr("Lines over time"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kCountMs);
    connect(&m_timer, &QTimer::timeout, this, &LogVolumeView::count);
    connect(&model, &LogModel::changed, this, &LogVolumeView::countSoon);
    connect(&theme, &Theme::changed, this, [this] { update(); });
}

void LogVolumeView::setSpan(std::optional<TimePoint> since, std::optional<TimePoint> until)
{
    m_since = since;
    m_until = until;
    countSoon();
}

void LogVolumeView::setHasOlder(bool hasOlder)
{
    m_hasOlder = hasOlder;
    update();
}

void LogVolumeView::setUtc(bool isUtc)
{
    m_isUtc = isUtc;
    update();
}

void LogVolumeView::countSoon()
{
    m_isDirty = true;
    if (!m_timer.isActive() && !m_isCounting)
        m_timer.start();
}

void LogVolumeView::count()
{
    const std::int64_t now = toMilliseconds(wallClockNow()) + 1;
    const std::int64_t firstLine = m_model.count() > 0 ? m_model.at(m_model.first()).time : now - 1;
    const std::int64_t lastLine = m_model.count() > 0 ? m_model.at(m_model.end() - 1).time : now - 1;
    const std::int64_t from = m_since ? toMilliseconds(*m_since) : firstLine;
    const std::int64_t to = m_until ? toMilliseconds(*m_until) : std::max(now, lastLine + 1);
    const int columns = std::max(1, plot().width() / kColumnPixels);
    m_isDirty = false;
    m_isCounting = true;
    const auto promise = std::make_shared<QPromise<LogVolume>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, runs = m_model.runs(m_model.first(), m_model.end()), from, to, columns] {
        promise->addResult(countVolume(runs, from, to, columns));
        promise->finish();
    });
    promise->future().then(this, [this](const LogVolume& volume) {
        m_isCounting = false;
        m_volume = volume;
        update();
        if (m_isDirty)
            countSoon();
        Q_EMIT counted();
    });
}

QSize LogVolumeView::sizeHint() const { return {Theme::space(100), Theme::space(kHeightSteps)}; }
QSize LogVolumeView::minimumSizeHint() const { return {Theme::space(40), Theme::space(kHeightSteps)}; }

QRect LogVolumeView::plot() const
{
    const int labels = QFontMetrics(m_theme.font(TextStyle::Caption)).lineSpacing() + Theme::space(1);
    return rect().adjusted(Theme::space(3), Theme::space(2), -Theme::space(3), -labels);
}

QRect LogVolumeView::columnRect(int column) const
{
    const QRect area = plot();
    const int count = static_cast<int>(m_volume.columns.size());
    const int left = area.left() + area.width() * column / count;
    const int right = area.left() + area.width() * (column + 1) / count;
    return {left, area.top(), std::max(1, right - left - 1), area.height()};
}

int LogVolumeView::columnAt(int x) const
{
    const QRect area = plot();
    if (m_volume.columns.empty() || area.width() <= 0 || x < area.left() || x > area.right())
        return -1;
    return std::min((x - area.left()) * static_cast<int>(m_volume.columns.size()) / area.width(), static_cast<int>(m_volume.columns.size()) - 1);
}

QString LogVolumeView::tipOf(int column) const
{
    const LogVolume::Column& counts = m_volume.columns[static_cast<std::size_t>(column)];
    return tr("%1 to %2\n%3 lines · %4 warnings · %5 errors")
        .arg(formatDateTime(fromMilliseconds(m_volume.timeOf(column)), m_isUtc), formatDateTime(fromMilliseconds(m_volume.timeOf(column + 1)), m_isUtc),
            formatCount(counts.lines), formatCount(counts.warnings), formatCount(counts.errors));
}

void LogVolumeView::paintColumn(QPainter& painter, int column, std::int64_t most) const
{
    const LogVolume::Column& counts = m_volume.columns[static_cast<std::size_t>(column)];
    const QRect whole = columnRect(column);
    if (column == m_hovered)
        painter.fillRect(whole, m_theme.color(ColorToken::Hover));
    int bottom = whole.bottom() + 1;
    const auto stack = [&](std::int64_t lines, ColorToken token) {
        if (lines == 0)
            return;
        const int height = std::max(2, static_cast<int>(whole.height() * lines / most));
        painter.fillRect(QRect(whole.left(), bottom - height, whole.width(), height), m_theme.color(token));
        bottom -= height;
    };
    stack(counts.errors, ColorToken::Error);
    stack(counts.warnings, ColorToken::Warning);
    stack(counts.lines - counts.errors - counts.warnings, ColorToken::Chart6);
}

void LogVolumeView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    const QRect area = plot();
    painter.fillRect(rect(), m_theme.color(ColorToken::Surface));
    if (m_volume.columns.empty())
        return;
    const std::int64_t firstLine = m_model.count() > 0 ? m_model.at(m_model.first()).time : m_volume.to;
    if (m_hasOlder && firstLine > m_volume.from) {
        const double share = static_cast<double>(firstLine - m_volume.from) / static_cast<double>(m_volume.to - m_volume.from);
        const int width = std::min(area.width(), static_cast<int>(area.width() * share));
        painter.fillRect(QRect(area.left(), area.top(), width, area.height()), QBrush(m_theme.color(ColorToken::Border), Qt::BDiagPattern));
    }
    std::int64_t most = 1;
    for (const LogVolume::Column& column : m_volume.columns)
        most = std::max(most, column.lines);
    for (int column = 0; column < static_cast<int>(m_volume.columns.size()); ++column)
        paintColumn(painter, column, most);
    painter.fillRect(QRect(area.left(), area.bottom() + 1, area.width(), 1), m_theme.color(ColorToken::BorderStrong));
    painter.setFont(m_theme.font(TextStyle::Caption));
    painter.setPen(m_theme.color(ColorToken::TextMuted));
    const QRect labels(area.left(), area.bottom() + Theme::space(1) / 2, area.width(), height() - area.bottom() - Theme::space(1) / 2);
    painter.drawText(labels, Qt::AlignLeft | Qt::AlignVCenter, formatDateTime(fromMilliseconds(m_volume.from), m_isUtc));
    painter.drawText(labels, Qt::AlignHCenter | Qt::AlignVCenter, tr("at most %1 lines in %2").arg(formatCount(most),
        formatDuration(static_cast<double>(m_volume.timeOf(1) - m_volume.from) / 1000)));
    painter.drawText(labels, Qt::AlignRight | Qt::AlignVCenter, formatDateTime(fromMilliseconds(m_volume.to), m_isUtc));
}

void LogVolumeView::mouseMoveEvent(QMouseEvent* event)
{
    const int column = columnAt(event->pos().x());
    if (column == m_hovered)
        return;
    m_hovered = column;
    setCursor(column >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    QToolTip::showText(event->globalPosition().toPoint(), column >= 0 ? tipOf(column) : QString(), this);
    update();
}

void LogVolumeView::mousePressEvent(QMouseEvent* event)
{
    if (const int column = columnAt(event->pos().x()); column >= 0)
        Q_EMIT timeClicked(m_volume.timeOf(column));
}

void LogVolumeView::leaveEvent(QEvent*)
{
    m_hovered = -1;
    update();
}

void LogVolumeView::resizeEvent(QResizeEvent*) { countSoon(); }

} // namespace tintype::ui
