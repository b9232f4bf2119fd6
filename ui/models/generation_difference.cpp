// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/generation_difference.h"

#include "ui/models/call_output.h"
#include "ui/models/format.h"

#include <QLocale>
#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json;
using Row = GenerationDifference::Row;

constexpr int kRevisionDigits = 8;
constexpr qsizetype kLongestValue = 2000; ///< characters of a value that are shown

QString valueText(const Json& value)
{
    const QString text = value.is_string() ? qs(value.get<std::string>()) : qs(value.dump(-1, ' ', false, Json::error_handler_t::replace));
    return text.left(kLongestValue);
}

QString percent(double from, double to)
{
    const int percent = static_cast<int>(std::lround((to - from) / from * 100));
    return QStringLiteral("%1%2 %").arg(percent < 0 ? QStringLiteral("−") : QStringLiteral("+")).arg(std::abs(percent));
}

QString signedText(double difference, const QString& size)
{
    return (difference < 0 ? QStringLiteral("−") : QStringLiteral("+")) + size;
}

void addInputs(const Json& first, const Json& second, QVector<Row>& rows)
{
    const auto textOf = [](const Json& object, const std::string& name) {
        const auto found = object.find(name);
        return found == object.end() ? QString() : valueText(*found);
    };
    const auto add = [&](const std::string& name) {
        Row row{qs(name), textOf(first, name), textOf(second, name), {}, false};
        if (first.contains(name) && second.contains(name) && first[name].is_number() && second[name].is_number()) {
            row.isNumber = true;
            const double difference = second[name].get<double>() - first[name].get<double>();
            if (difference != 0)
                row.change = signedText(difference, QLocale().toString(std::abs(difference), 'g', 6));
        }
        rows.push_back(row);
    };
    for (const auto& item : first.items())
        add(item.key());
    for (const auto& item : second.items()) {
        if (!first.contains(item.key()))
            add(item.key());
    }
}

QVector<Row> timingRows(const Generation& first, const Generation& second)
{
    const CallTimings a = readCallOutput(first.output.toUtf8()).timings;
    const CallTimings b = readCallOutput(second.output.toUtf8()).timings;
    QVector<Row> rows;
    const auto add = [&rows](const QString& name, double from, double to) {
        if (from <= 0 && to <= 0)
            return;
        Row row{name, from > 0 ? formatDuration(from) : QString(), to > 0 ? formatDuration(to) : QString(), {}, true};
        if (from > 0 && to > 0)
            row.change = QStringLiteral("%1 (%2)").arg(signedText(to - from, formatDuration(std::abs(to - from))), percent(from, to));
        rows.push_back(row);
    };
    add(GenerationDifference::tr("Time, all in all"), first.totalSeconds, second.totalSeconds);
    add(GenerationDifference::tr("In the queue"), a.queue, b.queue);
    add(GenerationDifference::tr("Setup"), a.setup, b.setup);
    add(GenerationDifference::tr("Text"), a.text, b.text);
    add(GenerationDifference::tr("Steps"), a.denoise, b.denoise);
    add(GenerationDifference::tr("Decode"), a.decode, b.decode);
    add(GenerationDifference::tr("Encode"), a.encode, b.encode);
    return rows;
}

} // namespace

void GenerationDifference::setGenerations(const Generation& first, const Generation& second)
{
    const auto seedText = [](const Generation& generation) { return generation.seed ? QString::number(*generation.seed) : QString(); };
    m_parameters = {
        {tr("Host"), first.target, second.target, {}, false},
        {tr("App"), first.app, second.app, {}, false},
        {tr("Endpoint"), first.endpoint, second.endpoint, {}, false},
        {tr("Revision"), first.revision.left(kRevisionDigits), second.revision.left(kRevisionDigits), {}, false},
        {tr("Seed used"), seedText(first), seedText(second), {}, true},
        {tr("Made"), formatDateTime(first.createdAt), formatDateTime(second.createdAt), {}, false},
    };
    if (!first.error.isEmpty() || !second.error.isEmpty())
        m_parameters.push_back({tr("Error"), first.error, second.error, {}, false});
    const auto inputOf = [](const Generation& generation) {
        const Json input = Json::parse(generation.input.toStdString(), nullptr, false);
        return input.is_object() ? input : Json::object();
    };
    addInputs(inputOf(first), inputOf(second), m_parameters);
    m_timings = timingRows(first, second);
    sortRows();
}

void GenerationDifference::setShowsAll(bool showsAll)
{
    m_showsAll = showsAll;
    sortRows();
}

void GenerationDifference::sortRows()
{
    beginResetModel();
    m_rows.clear();
    std::ranges::copy_if(m_parameters, std::back_inserter(m_rows), &Row::differs);
    m_rows += m_timings;
    if (m_showsAll)
        std::ranges::copy_if(m_parameters, std::back_inserter(m_rows), [](const Row& row) { return !row.differs() && !row.first.isEmpty(); });
    endResetModel();
}

int GenerationDifference::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int GenerationDifference::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant GenerationDifference::data(const QModelIndex& index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Row& row = m_rows[index.row()];
    if (role == DiffersRole)
        return row.differs();
    if (role == Qt::TextAlignmentRole && row.isNumber && index.column() != Name)
        return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Name: return row.name;
    case First: return row.first;
    case Second: return row.second;
    default: return row.change;
    }
}

QVariant GenerationDifference::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name: return tr("Parameter");
    case First: return tr("A");
    case Second: return tr("B");
    default: return tr("Change");
    }
}

} // namespace tintype::ui
