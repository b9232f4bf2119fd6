// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_text.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr ushort kEscape = 0x1B;
constexpr ushort kControlSequence = 0x9B; ///< CSI in one character
constexpr ushort kBell = 0x07;
constexpr ushort kReplacement = 0xFFFD;
constexpr ushort kControlPictures = 0x2400;
constexpr ushort kPictureOfDelete = 0x2421;
constexpr ushort kPictureOfLineFeed = 0x240A;

/// Where parameters of a control sequence that begin at `at` are over, its last character included.
/// @source ECMA-48, 5.4
qsizetype afterControlSequence(const QString& text, qsizetype at)
{
    while (at < text.size() && text[at].unicode() >= 0x20 && text[at].unicode() <= 0x3F)
        ++at;
    const bool hasEnd = at < text.size() && text[at].unicode() >= 0x40 && text[at].unicode() <= 0x7E;
    return hasEnd ? at + 1 : at;
}

/// Where a string of the terminal (its title, a link) is over: at BEL or ESC \.
qsizetype afterTerminalString(const QString& text, qsizetype at)
{
    for (; at < text.size(); ++at) {
        if (text[at].unicode() == kBell)
            return at + 1;
        if (text[at].unicode() == kEscape)
            return std::min(at + 2, text.size());
    }
    return at;
}

/// @param at just behind ESC
qsizetype afterEscape(const QString& text, qsizetype at)
{
    if (at >= text.size())
        return at;
    switch (text[at].unicode()) {
    case '[':
        return afterControlSequence(text, at + 1);
    case ']':
    case 'P':
    case 'X':
    case '^':
    case '_':
        return afterTerminalString(text, at + 1);
    case '(':
    case ')':
        return std::min(at + 2, text.size());
    default:
        return at + 1;
    }
}

bool turnsDirection(ushort c)
{
    return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

void appendSafe(QString& safe, ushort c)
{
    if (c == '\t')
        safe += QStringLiteral("    ");
    else if (c < 0x20)
        safe += QChar(ushort(kControlPictures + c));
    else if (c == 0x7F)
        safe += QChar(kPictureOfDelete);
    else if (c == 0x85 || c == 0x2028 || c == 0x2029)
        safe += QChar(kPictureOfLineFeed);
    else if (c > 0x7F && c < 0xA0)
        safe += QChar(kReplacement);
    else if (turnsDirection(c))
        safe += QStringLiteral("<U+%1>").arg(c, 4, 16, QLatin1Char('0')).toUpper();
    else
        safe += QChar(c);
}

QString safeText(const QString& raw)
{
    QString safe;
    safe.reserve(raw.size());
    for (qsizetype at = 0; at < raw.size();) {
        const ushort c = raw[at].unicode();
        ++at;
        if (c == kEscape)
            at = afterEscape(raw, at);
        else if (c == kControlSequence)
            at = afterControlSequence(raw, at);
        else
            appendSafe(safe, c);
    }
    return safe;
}

/// At most `most` bytes, not ending within a character.
std::string_view cutAt(std::string_view text, std::size_t most)
{
    if (text.size() <= most)
        return text;
    const auto isInside = [&](std::size_t at) { return (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80; };
    std::size_t end = most;
    while (end + 4 > most && end > 0 && isInside(end))
        --end;
    return text.substr(0, end);
}

} // namespace

bool isPlainAscii(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return c >= 0x20 && c <= 0x7E; });
}

std::string safeLogText(std::string_view raw)
{
    while (!raw.empty() && (raw.back() == '\n' || raw.back() == '\r'))
        raw.remove_suffix(1);
    const std::string_view kept = cutAt(raw, kLongestLogLine);
    std::string text = isPlainAscii(kept) ? std::string(kept)
                                          : safeText(QString::fromUtf8(kept.data(), static_cast<qsizetype>(kept.size()))).toStdString();
    if (kept.size() < raw.size())
        text += QCoreApplication::translate("log", " … (cut: this line has %1)").arg(formatBytes(raw.size())).toStdString();
    return text;
}

} // namespace tintype::ui
