// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/yaml_layout.h"

#include <algorithm>

namespace tintype::ui {
namespace {

bool isOneOf(QChar c, const char* letters)
{
    return c.unicode() < 128 && QLatin1String(letters).contains(c);
}

quint8 depthMark(int depth)
{
    return static_cast<quint8>(std::min(depth, 255));
}

} // namespace

YamlLayout::YamlLayout(const QString& text)
    : m_text(text)
    , m_lineStarts{0}
    , m_parts(static_cast<std::size_t>(text.size()) + 1, Part::Code)
    , m_depths(static_cast<std::size_t>(text.size()) + 1, 0)
{
    for (int at = 0; at < m_text.size(); ++at) {
        if (m_text[at] == QLatin1Char('\n'))
            m_lineStarts.push_back(at + 1);
    }
    scan();
}

/// One pass from the beginning: quotes, brackets and block scalars count only where a value may begin.
void YamlLayout::scan()
{
    int depth = 0;
    bool mayBegin = true;
    const int size = static_cast<int>(m_text.size());
    for (int at = 0; at < size; ++at) {
        const QChar c = m_text[at];
        m_depths[static_cast<std::size_t>(at)] = depthMark(depth);
        if (c == QLatin1Char('\n') || c.isSpace()) {
            mayBegin = mayBegin || c == QLatin1Char('\n');
            continue;
        }
        const bool isNext = isSpaceAt(at + 1);
        if (c == QLatin1Char('#') && isSpaceAt(at - 1)) {
            const int end = lineEnd(at);
            mark(at, end, Part::Comment, depth);
            at = end - 1;
        } else if (mayBegin && isOneOf(c, "\"'")) {
            const int end = quoteEnd(at);
            mark(at, end, Part::Quote, depth);
            at = end - 1;
            mayBegin = false;
        } else if (mayBegin && depth == 0 && isOneOf(c, "|>")) {
            at = scanBlock(at) - 1;
            mayBegin = true;
        } else if (isOneOf(c, "[{") && (mayBegin || depth > 0)) {
            ++depth;
            mayBegin = true;
        } else if (isOneOf(c, "]}") && depth > 0) {
            --depth;
            mayBegin = false;
        } else if (mayBegin && isOneOf(c, "&!")) {
            while (!isSpaceAt(at + 1))
                m_depths[static_cast<std::size_t>(++at)] = depthMark(depth);
        } else {
            const bool isSeparator = (c == QLatin1Char(',') && depth > 0)
                || (c == QLatin1Char(':') && (isNext || (depth > 0 && (at + 1 == size || isOneOf(m_text[at + 1], ",[]{}")
                        || (at > 0 && m_parts[static_cast<std::size_t>(at) - 1] == Part::Quote)))))
                || (mayBegin && isOneOf(c, "-?") && isNext);
            mayBegin = isSeparator;
        }
    }
    m_depths.back() = depthMark(depth);
}

/// @return where the line after a block scalar begins
int YamlLayout::scanBlock(int header)
{
    const int first = lineStart(header);
    int owner = std::max(0, indentOf(header));
    while (first + owner + 1 < header && m_text[first + owner] == QLatin1Char('-') && isSpaceAt(first + owner + 1)
        && m_text.mid(first + owner, header - first - owner).contains(QLatin1Char(':')))
        owner = skipBlanks(first + owner + 1) - first; // "- key: |": the key owns it
    int end = lineEnd(header);
    while (end < m_text.size()) {
        const int line = end + 1;
        const int letter = skipBlanks(line);
        const bool isBlank = letter >= m_text.size() || isOneOf(m_text[letter], "\r\n");
        if (!isBlank && letter - line <= owner)
            break;
        end = lineEnd(line);
        if (line >= m_text.size())
            break;
    }
    mark(header, end, Part::Block, 0);
    return end;
}

void YamlLayout::mark(int start, int end, Part part, int depth)
{
    std::fill(m_parts.begin() + start, m_parts.begin() + end, part);
    std::fill(m_depths.begin() + start, m_depths.begin() + end, depthMark(depth));
}

bool YamlLayout::isSpaceAt(int offset) const
{
    return offset < 0 || offset >= m_text.size() || m_text[offset].isSpace();
}

QString YamlLayout::lineBreak() const
{
    return m_text.contains(QLatin1String("\r\n")) ? QStringLiteral("\r\n") : QStringLiteral("\n");
}

/// Marks count bytes of UTF-8.
int YamlLayout::offsetOf(domain::Mark mark) const
{
    const int line = std::clamp(mark.line - 1, 0, static_cast<int>(m_lineStarts.size()) - 1);
    const int start = m_lineStarts[static_cast<std::size_t>(line)];
    const QByteArray bytes = m_text.mid(start, lineEnd(start) - start).toUtf8().left(mark.column - 1);
    return start + static_cast<int>(QString::fromUtf8(bytes).size());
}

int YamlLayout::lineStart(int offset) const
{
    return *std::prev(std::ranges::upper_bound(m_lineStarts, std::max(0, offset)));
}

int YamlLayout::lineEnd(int offset) const
{
    const qsizetype end = m_text.indexOf(QLatin1Char('\n'), offset);
    return static_cast<int>(end < 0 ? m_text.size() : end);
}

int YamlLayout::indentOf(int offset) const
{
    const int start = lineStart(offset);
    int at = start;
    while (at < m_text.size() && m_text[at] == QLatin1Char(' '))
        ++at;
    const bool isEmpty = at >= m_text.size() || isOneOf(m_text[at], "\r\n")
        || (m_text[at] == QLatin1Char('#') && m_parts[static_cast<std::size_t>(at)] != Part::Block);
    return isEmpty ? -1 : at - start;
}

bool YamlLayout::isInFlow(int offset) const
{
    return m_depths[static_cast<std::size_t>(std::clamp(offset, 0, static_cast<int>(m_text.size())))] > 0;
}

bool YamlLayout::isComment(int offset) const
{
    return m_parts[static_cast<std::size_t>(offset)] == Part::Comment;
}

int YamlLayout::colonAfter(int key) const
{
    const int from = isOneOf(m_text[key], "\"'") ? quoteEnd(key) : key;
    const qsizetype colon = m_text.indexOf(QLatin1Char(':'), from);
    return colon < 0 ? lineEnd(key) : static_cast<int>(colon);
}

int YamlLayout::skipBlanks(int offset) const
{
    while (offset < m_text.size() && isOneOf(m_text[offset], " \t"))
        ++offset;
    return offset;
}

int YamlLayout::skipProperties(int offset) const
{
    while (offset < m_text.size() && isOneOf(m_text[offset], "&!")) {
        while (!isSpaceAt(offset))
            ++offset;
        offset = skipBlanks(offset);
    }
    return offset;
}

int YamlLayout::quoteEnd(int start) const
{
    const QChar quote = m_text[start];
    for (int at = start + 1; at < m_text.size(); ++at) {
        if (m_text[at] == QLatin1Char('\\') && quote == QLatin1Char('"'))
            ++at;
        else if (m_text[at] == quote && quote == QLatin1Char('\'') && at + 1 < m_text.size() && m_text[at + 1] == quote)
            ++at; // '' stands for one
        else if (m_text[at] == quote)
            return at + 1;
    }
    return static_cast<int>(m_text.size());
}

int YamlLayout::commentStart(int from) const
{
    const int end = lineEnd(from);
    int at = from;
    while (at < end && !isComment(at))
        ++at;
    return at;
}

int YamlLayout::inlineEnd(int start, int ownerColumn) const
{
    const int size = static_cast<int>(m_text.size());
    if (start >= size)
        return size;
    if (isOneOf(m_text[start], "\"'"))
        return quoteEnd(start);
    const auto depth = m_depths[static_cast<std::size_t>(start)];
    if (isOneOf(m_text[start], "[{")) {
        int at = start + 1;
        while (at < size && m_depths[static_cast<std::size_t>(at)] > depth)
            ++at;
        return at;
    }
    int end = start;
    if (depth > 0) {
        while (end < size && !isComment(end) && !isOneOf(m_text[end], ",]}\n"))
            ++end;
    } else {
        const int below = blockEnd(lineEnd(start), ownerColumn, false);
        end = below > lineEnd(start) ? below : commentStart(start);
    }
    while (end > start && m_text[end - 1].isSpace())
        --end;
    return end;
}

int YamlLayout::blockEnd(int offset, int column, bool withItems) const
{
    const int size = static_cast<int>(m_text.size());
    int end = offset;
    for (int line = lineEnd(offset) + 1; line < size; line = lineEnd(line) + 1) {
        const int indent = indentOf(line);
        if (indent < 0)
            continue;
        const bool isItem = withItems && indent == column && m_text[line + indent] == QLatin1Char('-') && isSpaceAt(line + indent + 1);
        if (indent <= column && !isItem)
            break;
        end = lineEnd(line);
    }
    return end;
}

} // namespace tintype::ui
