// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/run/run_stages.h"

#include "ui/models/app_state.h"
#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QCoreApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kTickMs = 100;
constexpr int kLeastBarSteps = 12;
constexpr int kWidthSteps = 90;
constexpr int kLeastWidthSteps = 50;
constexpr int kFewestRows = 4;
constexpr double kLeastAxis = 0.5; ///< seconds

bool isStarting(RunSession::State state)
{
    return state == RunSession::State::Preparing || state == RunSession::State::Uploading || state == RunSession::State::Starting;
}


QString bytesOf(const RunStage& stage)
{
    if (stage.bytesTotal == 0)
        return {};
    if (stage.isDone || stage.bytesDone >= stage.bytesTotal)
        return formatBytes(stage.bytesTotal);
    return QCoreApplication::translate("RunStages", "%1 of %2").arg(formatBytes(stage.bytesDone), formatBytes(stage.bytesTotal));
}

} // namespace

RunStages::RunStages(const Theme& theme, const RunSession& run, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_run(run)
{
    setAccessibleName(tr("Stages of the start"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Expanding);
    m_tick.setInterval(kTickMs);
    connect(&m_tick, &QTimer::timeout, this, [this] { update(); });
    connect(&run, &RunSession::stagesChanged, this, &RunStages::onChanged);
    connect(&run, &RunSession::stateChanged, this, &RunStages::onChanged);
    connect(&theme, &Theme::changed, this, [this] { update(); });
    onChanged();
}

void RunStages::onChanged()
{
    m_sinceChange.start();
    if (isStarting(m_run.state()))
        m_tick.start();
    else
        m_tick.stop();
    setAccessibleDescription(title());
    updateGeometry();
    update();
}

double RunStages::secondsOf(const RunStage& stage) const
{
    const bool isRunning = !stage.isDone && isStarting(m_run.state());
    return stage.seconds + (isRunning ? static_cast<double>(m_sinceChange.elapsed()) / 1000 : 0);
}

std::vector<RunStages::Row> RunStages::rows() const
{
    std::vector<Row> rows;
    double begin = 0;
    for (const RunStage& stage : m_run.stages()) {
        const double seconds = secondsOf(stage);
        const Row::State state = stage.isDone ? Row::State::Done
            : m_run.state() == RunSession::State::Failed ? Row::State::Failed
            : isStarting(m_run.state()) ? Row::State::Running : Row::State::Done;
        rows.push_back({.name = stage.name, .seconds = formatDuration(seconds), .bytes = bytesOf(stage), .begin = begin,
            .end = begin + seconds, .ghostBegin = 0, .ghostEnd = -1, .state = state});
        begin += seconds;
    }
    double ghostBegin = 0;
    for (const RunStage& stage : m_run.lastStages()) {
        const double ghostEnd = ghostBegin + stage.seconds;
        const auto same = std::ranges::find(rows, stage.name, &Row::name);
        if (same != rows.end()) {
            same->ghostBegin = ghostBegin;
            same->ghostEnd = ghostEnd;
        } else if (isStarting(m_run.state()))
            rows.push_back({.name = stage.name, .seconds = formatDuration(stage.seconds), .bytes = bytesOf(stage), .begin = begin,
                .end = begin, .ghostBegin = ghostBegin, .ghostEnd = ghostEnd, .state = Row::State::ToCome});
        ghostBegin = ghostEnd;
    }
    return rows;
}

QString RunStages::title() const
{
    double total = 0;
    for (const RunStage& stage : m_run.stages())
        total += secondsOf(stage);
    switch (m_run.state()) {
    case RunSession::State::Preparing:
    case RunSession::State::Uploading:
    case RunSession::State::Starting:
        return tr("Starting %1 · %2").arg(m_run.app(), formatDuration(total));
    case RunSession::State::Running:
        return tr("%1 started in %2").arg(m_run.app(), formatDuration(total));
    case RunSession::State::Stopping:
        return tr("Stopping %1").arg(m_run.app());
    case RunSession::State::Failed:
        return tr("%1 did not start").arg(m_run.app());
    case RunSession::State::Stopped:
        break;
    }
    return m_run.app().isEmpty() ? tr("Not running") : tr("%1 is stopped").arg(m_run.app());
}

int RunStages::rowHeight() const
{
    return m_theme.rowHeight() - Theme::space(1);
}

QSize RunStages::minimumSizeHint() const
{
    return {Theme::space(kLeastWidthSteps), Theme::space(4) + rowHeight() * 2};
}

QSize RunStages::sizeHint() const
{
    const int count = std::max(kFewestRows, static_cast<int>(rows().size()));
    return {Theme::space(kWidthSteps), Theme::space(4) + rowHeight() * (count + 1)};
}

void RunStages::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRect area = rect().adjusted(Theme::space(3), Theme::space(2), -Theme::space(3), -Theme::space(2));
    const bool isFailed = m_run.state() == RunSession::State::Failed;
    painter.setFont(m_theme.font(TextStyle::BodyStrong));
    painter.setPen(m_theme.color(isFailed ? ColorToken::Error : ColorToken::Text));
    const QFontMetrics titleMetrics(painter.font());
    painter.drawText(QRect(area.left(), area.top(), area.width(), rowHeight()), Qt::AlignLeft | Qt::AlignVCenter,
        titleMetrics.elidedText(title(), Qt::ElideRight, area.width()));

    painter.setFont(m_theme.font(TextStyle::Body));
    QRect place(area.left(), area.top() + rowHeight(), area.width(), rowHeight());
    const std::vector<Row> shown = rows();
    if (isFailed && m_run.error() && shown.empty()) {
        painter.setPen(m_theme.color(ColorToken::TextMuted));
        painter.drawText(place.adjusted(0, 0, 0, area.bottom() - place.bottom()), Qt::TextWordWrap, qs(m_run.error()->message));
    } else if (shown.empty()) {
        painter.setPen(m_theme.color(ColorToken::TextMuted));
        painter.drawText(place.adjusted(0, 0, 0, area.bottom() - place.bottom()), Qt::TextWordWrap,
            tr("Press Run: the stages of the start appear here, with the last start behind them."));
    }
    const QFontMetrics metrics(painter.font());
    int nameWidth = 0, secondsWidth = 0, bytesWidth = 0;
    double whole = kLeastAxis;
    for (const Row& row : shown) {
        nameWidth = std::max(nameWidth, metrics.horizontalAdvance(stageText(row.name)));
        secondsWidth = std::max(secondsWidth, metrics.horizontalAdvance(row.seconds));
        bytesWidth = std::max(bytesWidth, metrics.horizontalAdvance(row.bytes));
        whole = std::max({whole, row.end, row.ghostEnd});
    }
    const int fixed = secondsWidth + (bytesWidth > 0 ? bytesWidth + Theme::space(2) : 0) + Theme::space(4);
    nameWidth = std::min(nameWidth, std::max(Theme::space(16), area.width() - fixed - Theme::space(kLeastBarSteps)));
    for (const Row& row : shown) {
        if (place.bottom() > area.bottom())
            break;
        paintRow(painter, row, place, whole, nameWidth, secondsWidth, bytesWidth);
        place.translate(0, rowHeight());
    }
}

void RunStages::paintRow(QPainter& painter, const Row& row, const QRect& place, double wholeSeconds, int nameWidth, int secondsWidth,
    int bytesWidth) const
{
    const bool isToCome = row.state == Row::State::ToCome;
    const QFontMetrics metrics(painter.font());
    painter.setPen(m_theme.color(isToCome ? ColorToken::TextMuted : ColorToken::Text));
    painter.drawText(QRect(place.left(), place.top(), nameWidth, place.height()), Qt::AlignLeft | Qt::AlignVCenter,
        metrics.elidedText(stageText(row.name), Qt::ElideRight, nameWidth));
    int right = place.right();
    painter.setPen(m_theme.color(ColorToken::TextMuted));
    if (bytesWidth > 0) {
        painter.drawText(QRect(right - bytesWidth, place.top(), bytesWidth, place.height()), Qt::AlignRight | Qt::AlignVCenter, row.bytes);
        right -= bytesWidth + Theme::space(2);
    }
    painter.setPen(m_theme.color(isToCome ? ColorToken::TextMuted : ColorToken::Text));
    painter.drawText(QRect(right - secondsWidth, place.top(), secondsWidth, place.height()), Qt::AlignRight | Qt::AlignVCenter, row.seconds);
    right -= secondsWidth + Theme::space(2);

    const QRectF axis(place.left() + nameWidth + Theme::space(2), place.top(), right - place.left() - nameWidth - Theme::space(2), place.height());
    const auto bar = [&](double begin, double end, double height, ColorToken token) {
        const double width = std::max(2.0, axis.width() * (end - begin) / wholeSeconds);
        const QRectF shape(axis.left() + std::min(axis.width() * begin / wholeSeconds, axis.width() - 2), axis.center().y() - height / 2, width, height);
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.color(token));
        const double radius = std::min(width, height) / 2;
        painter.drawRoundedRect(shape, std::min(radius, 3.0), std::min(radius, 3.0));
    };
    if (axis.width() < Theme::space(2))
        return;
    if (row.ghostEnd >= 0)
        bar(row.ghostBegin, row.ghostEnd, Theme::space(4), ColorToken::Border);
    if (!isToCome) {
        const bool isFailed = row.state == Row::State::Failed;
        bar(row.begin, row.end, Theme::space(2), isFailed ? ColorToken::Error : row.state == Row::State::Running ? ColorToken::Accent : ColorToken::Chart1);
    }
}

bool RunStages::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* const help = static_cast<QHelpEvent*>(event);
    const int index = (help->pos().y() - Theme::space(2)) / rowHeight() - 1;
    const std::vector<Row> shown = rows();
    QString tip;
    if (index < 0 && m_run.error())
        tip = qs(m_run.error()->message);
    else if (index >= 0 && index < std::ssize(shown)) {
        const Row& row = shown[static_cast<std::size_t>(index)];
        tip = row.state == Row::State::ToCome ? tr("%1: still to come").arg(stageText(row.name))
                                              : tr("%1: %2 %3").arg(stageText(row.name), row.seconds, row.bytes);
        if (row.ghostEnd >= 0)
            tip += QLatin1Char('\n') + tr("Last start: %1").arg(formatDuration(row.ghostEnd - row.ghostBegin));
    }
    QToolTip::showText(help->globalPos(), tip, this);
    return true;
}

} // namespace tintype::ui
