// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/icon_engine.h"

#include <QFile>
#include <QPainter>
#include <QPixmapCache>
#include <QRegularExpression>
#include <QSvgRenderer>

namespace tintype::ui {
namespace {

QString pathOf(const QString& name)
{
    return QStringLiteral(":/icons/") + name + QStringLiteral(".svg");
}

/// The picture with Breeze's text colour replaced.
QByteArray tinted(const QString& name, const QColor& color)
{
    QFile file(pathOf(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    static const QRegularExpression textColor(
        QStringLiteral("#(?:232629|4d4d4d|31363b)\\b"), QRegularExpression::CaseInsensitiveOption);
    QString svg = QString::fromUtf8(file.readAll());
    return svg.replace(textColor, color.name()).toUtf8();
}

} // namespace

IconEngine::IconEngine(const Theme& theme, QString name, ColorToken token)
    : m_theme(&theme)
    , m_name(std::move(name))
    , m_token(token)
{
}

QColor IconEngine::colorFor(QIcon::Mode mode, QIcon::State state) const
{
    if (!m_theme)
        return Qt::gray;
    if (mode == QIcon::Disabled)
        return m_theme->color(ColorToken::TextDisabled);
    if (mode == QIcon::Selected || (state == QIcon::On && m_token == ColorToken::Text))
        return m_theme->color(ColorToken::OnSelection);
    return m_theme->color(m_token);
}

void IconEngine::paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state)
{
    const qreal scale = painter->device()->devicePixelRatioF();
    painter->drawPixmap(rect, scaledPixmap(rect.size() * scale, mode, state, scale));
}

QPixmap IconEngine::pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state)
{
    return scaledPixmap(size, mode, state, 1.0);
}

QPixmap IconEngine::scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State state, qreal)
{
    const QColor color = colorFor(mode, state);
    const QString key = QStringLiteral("%1 %2 %3x%4").arg(m_name, color.name()).arg(size.width()).arg(size.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(size);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(tinted(m_name, color));
    QPainter painter(&pixmap);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    renderer.render(&painter);
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

QIconEngine* IconEngine::clone() const
{
    return m_theme ? new IconEngine(*m_theme, m_name, m_token) : nullptr;
}

bool IconEngine::isNull()
{
    return !QFile::exists(pathOf(m_name));
}

} // namespace tintype::ui
