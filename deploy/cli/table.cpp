// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/table.h"

#include <QList>
#include <QString>
#include <algorithm>
#include <numeric>

namespace tintype::cli {
namespace {

constexpr int kGap = 2;
constexpr int kMinWidth = 6;

/// One line of characters that take one column each: control characters would spoil the table or the terminal.
QString shown(const std::string& cell)
{
    QString text = QString::fromStdString(cell);
    for (QChar& letter : text) {
        if (letter.category() == QChar::Other_Control)
            letter = QLatin1Char(' ');
    }
    return text;
}

int widthOf(const QString& text)
{
    return static_cast<int>(text.toUcs4().size());
}

QString cut(const QString& text, int width)
{
    if (widthOf(text) <= width)
        return text;
    const auto letters = text.toUcs4();
    return QString::fromUcs4(reinterpret_cast<const char32_t*>(letters.constData()), width - 1) + QChar(0x2026);
}

} // namespace

Table::Table(std::vector<std::string> titles)
{
    for (std::string& title : titles) {
        const bool right = title.starts_with('>');
        m_columns.push_back({right ? title.substr(1) : std::move(title), right});
    }
}

void Table::add(std::vector<std::string> row)
{
    row.resize(m_columns.size());
    m_rows.push_back(std::move(row));
}

std::vector<int> Table::widths(std::optional<int> columns) const
{
    std::vector<int> widths;
    for (const Column& column : m_columns)
        widths.push_back(widthOf(shown(column.title)));
    for (const auto& row : m_rows) {
        for (std::size_t index = 0; index < row.size(); ++index)
            widths[index] = std::max(widths[index], widthOf(shown(row[index])));
    }
    const int gaps = kGap * static_cast<int>(widths.size() - 1);
    while (columns && std::accumulate(widths.begin(), widths.end(), gaps) > *columns) {
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kMinWidth)
            break;
        --*widest;
    }
    return widths;
}

std::string Table::line(const std::vector<std::string>& cells, const std::vector<int>& widths) const
{
    QString text;
    for (std::size_t index = 0; index < cells.size(); ++index) {
        const QString cell = cut(shown(cells[index]), widths[index]);
        const QString space(widths[index] - widthOf(cell), QLatin1Char(' '));
        text += (index == 0 ? QString() : QString(kGap, QLatin1Char(' '))) + (m_columns[index].right ? QString(space + cell) : QString(cell + space));
    }
    while (text.endsWith(QLatin1Char(' ')))
        text.chop(1);
    return text.toStdString() + "\n";
}

std::string Table::text(std::optional<int> columns) const
{
    const std::vector<int> fitted = widths(columns);
    std::vector<std::string> titles;
    for (const Column& column : m_columns)
        titles.push_back(column.title);
    std::string text = line(titles, fitted);
    for (const auto& row : m_rows)
        text += line(row, fitted);
    return text;
}

} // namespace tintype::cli
