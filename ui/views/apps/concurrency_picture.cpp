// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/concurrency_picture.h"

#include "ui/theme/theme.h"

#include <QPainter>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kMostBoxes = 16;
constexpr int kBoxSteps = 4;

} // namespace

ConcurrencyPicture::ConcurrencyPicture(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
}

void ConcurrencyPicture::setScale(int least, int most, int buffer)
{
    m_least = least;
    m_most = std::max(most, 1);
    m_buffer = buffer;
    const QString sentence = least == 0
        ? tr("No replica while nothing comes, up to %n under load", nullptr, m_most)
        : tr("%1 always there, up to %2 under load").arg(least).arg(m_most);
    setToolTip(buffer > 0 ? tr("%1, %n spare beyond the load", nullptr, buffer).arg(sentence) : sentence);
    setAccessibleName(toolTip());
    update();
}

QSize ConcurrencyPicture::sizeHint() const
{
    return {Theme::space((kBoxSteps + 1) * kMostBoxes), Theme::space(kBoxSteps) + QFontMetrics(m_theme.font(TextStyle::Caption)).height() + Theme::space(2)};
}

void ConcurrencyPicture::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int side = Theme::space(kBoxSteps);
    const int shown = std::min(m_most, kMostBoxes);
    for (int i = 0; i < shown; ++i) {
        const QRectF box(i * (side + Theme::space(1)) + 0.5, 0.5, side - 1, side - 1);
        const bool isAlways = i < m_least;
        const bool isSpare = !isAlways && i < m_least + m_buffer;
        painter.setPen(QPen(m_theme.color(isAlways || isSpare ? ColorToken::Accent : ColorToken::BorderStrong), 1,
            isAlways || isSpare ? Qt::SolidLine : Qt::DashLine));
        painter.setBrush(isAlways ? QBrush(m_theme.color(ColorToken::Accent)) : isSpare ? QBrush(m_theme.color(ColorToken::Accent), Qt::BDiagPattern) : QBrush());
        painter.drawRoundedRect(box, 3, 3);
    }
    painter.setFont(m_theme.font(TextStyle::Caption));
    painter.setPen(m_theme.color(ColorToken::TextMuted));
    if (m_most > kMostBoxes)
        painter.drawText(QPointF(shown * (side + Theme::space(1)), side - 3), tr("… %1").arg(m_most));
    painter.drawText(rect(), Qt::AlignLeft | Qt::AlignBottom, toolTip());
}

} // namespace tintype::ui
