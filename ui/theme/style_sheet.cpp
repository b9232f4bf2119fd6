// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"

#include "ui/theme/theme.h"

#include <QFile>
#include <QFontInfo>
#include <QHash>
#include <QRegularExpression>

namespace tintype::ui {
namespace {

QString pixels(int length)
{
    return QString::number(length) + QStringLiteral("px");
}

/// What a name stands for, besides colours.
QHash<QString, QString> lengthsOf(const Theme& theme, const Tokens& tokens)
{
    const int focus = tokens.sizes.value(QStringLiteral("focus-width"));
    const QString tone = theme.isDark() ? QStringLiteral("dark") : QStringLiteral("light");
    const auto picture = [&](const char* name) -> QString {
        return QStringLiteral(":/theme/") + QLatin1String(name) + QLatin1Char('-') + tone + QStringLiteral(".svg");
    };
    return {
        {QStringLiteral("radius"), pixels(theme.radius())},
        {QStringLiteral("focus-width"), pixels(focus)},
        {QStringLiteral("control-inner"), pixels(theme.controlHeight() - 2)}, // without its border
        {QStringLiteral("control-focused"), pixels(theme.controlHeight() - 2 * focus)},
        {QStringLiteral("row"), pixels(theme.rowHeight())},
        {QStringLiteral("scroll-bar"), pixels(tokens.sizes.value(QStringLiteral("scroll-bar")))},
        {QStringLiteral("caption"), pixels(theme.font(TextStyle::Caption).pixelSize())},
        {QStringLiteral("title"), pixels(theme.font(TextStyle::Title).pixelSize())},
        {QStringLiteral("heading"), pixels(theme.font(TextStyle::Heading).pixelSize())},
        {QStringLiteral("figure"), pixels(theme.font(TextStyle::Figure).pixelSize())},
        {QStringLiteral("mono"), pixels(theme.font(TextStyle::Mono).pixelSize())},
        {QStringLiteral("mono-family"), QLatin1Char('"') + QFontInfo(theme.font(TextStyle::Mono)).family() + QLatin1Char('"')},
        {QStringLiteral("arrow-up"), picture("arrow-up")},
        {QStringLiteral("arrow-down"), picture("arrow-down")},
        {QStringLiteral("close"), picture("close")},
        {QStringLiteral("check"), QStringLiteral(":/theme/check.svg")},
    };
}

} // namespace

QString styleSheet(const Theme& theme, const Tokens& tokens)
{
    QFile file(QStringLiteral(":/theme/studio.qss"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QString text = QString::fromUtf8(file.readAll());
    const auto& colors = theme.isDark() ? tokens.dark : tokens.light;
    const QHash<QString, QString> lengths = lengthsOf(theme, tokens);

    static const QRegularExpression name(QStringLiteral("@([a-z][a-z0-9-]*)"));
    QString sheet;
    qsizetype end = 0;
    for (auto match = name.globalMatch(text); match.hasNext();) {
        const QRegularExpressionMatch found = match.next();
        sheet += QStringView(text).mid(end, found.capturedStart() - end);
        end = found.capturedEnd();
        const QString key = found.captured(1);
        if (const auto color = colors.find(key); color != colors.end())
            sheet += color->name();
        else
            sheet += lengths.value(key, found.captured());
    }
    sheet += QStringView(text).mid(end);
    return sheet;
}

} // namespace tintype::ui
