// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/grid_plan.h"

#include <QCoreApplication>
#include <QLocale>
#include <QRegularExpression>
#include <cmath>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Values = QVector<GridValue>;
using Type = GridParameter::Type;

QString text(const char* source) { return QCoreApplication::translate("GridPlan", source); }

tl::unexpected<Error> refuse(const QString& sentence)
{
    return fail(ErrorCode::InvalidArgument, sentence.toStdString());
}

QString titleOf(const GridParameter& parameter) { return parameter.title.isEmpty() ? parameter.name : parameter.title; }

QString jsonText(const QString& value)
{
    return QString::fromStdString(nlohmann::json(value.toStdString()).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

/// Parts between the separators, trimmed, without empty ones.
QStringList partsOf(const QString& text)
{
    static const QRegularExpression separators(QStringLiteral("[,;\\n]"));
    QStringList parts;
    const QStringList all = text.split(separators);
    for (const QString& part : all) {
        if (!part.trimmed().isEmpty())
            parts.push_back(part.trimmed());
    }
    return parts;
}

tl::unexpected<Error> tooMany()
{
    return refuse(text("An axis has at most %1 values.").arg(GridPlan::kMostCells));
}

/// Seeds need all 64 bits, so whole numbers stay whole.
Result<qint64> wholeOf(const QString& part, const GridParameter& parameter)
{
    bool isNumber = false;
    const qint64 value = part.toLongLong(&isNumber);
    if (!isNumber)
        return refuse(text("“%1” is not a whole number.").arg(part));
    if ((parameter.low && static_cast<double>(value) < *parameter.low) || (parameter.high && static_cast<double>(value) > *parameter.high))
        return refuse(text("%1 is out of range: %2 goes from %3 to %4.").arg(part, titleOf(parameter),
            parameter.low ? QLocale().toString(*parameter.low, 'g', 17) : QStringLiteral("−∞"),
            parameter.high ? QLocale().toString(*parameter.high, 'g', 17) : QStringLiteral("∞")));
    return value;
}

Result<double> numberOf(const QString& part, const GridParameter& parameter)
{
    bool isNumber = false;
    const double value = part.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(value))
        return refuse(text("“%1” is not a number.").arg(part));
    if ((parameter.low && value < *parameter.low) || (parameter.high && value > *parameter.high))
        return refuse(text("%1 is out of range: %2 goes from %3 to %4.").arg(part, titleOf(parameter),
            parameter.low ? QString::number(*parameter.low) : QStringLiteral("−∞"),
            parameter.high ? QString::number(*parameter.high) : QStringLiteral("∞")));
    return value;
}

struct Range {
    QString from;
    QString to;
    QString step; ///< empty = 1
};

std::optional<Range> rangeOf(const QString& part)
{
    static const QRegularExpression pattern(QStringLiteral("^(.+?)\\s*(?:\\.\\.\\.?|…)\\s*(.+?)(?:\\s*(?:step|:)\\s*(.+))?$"));
    const QRegularExpressionMatch match = pattern.match(part);
    if (!match.hasMatch())
        return {};
    return Range{match.captured(1), match.captured(2), match.captured(3)};
}

Result<> addWhole(const QString& part, const GridParameter& parameter, Values& values)
{
    const auto push = [&](qint64 value) { values.push_back({QString::number(value), QString::number(value)}); };
    const std::optional<Range> range = rangeOf(part);
    if (!range) {
        TINTYPE_TRY_ASSIGN(const qint64 value, wholeOf(part, parameter));
        push(value);
        return {};
    }
    TINTYPE_TRY_ASSIGN(const qint64 from, wholeOf(range->from, parameter));
    TINTYPE_TRY_ASSIGN(const qint64 to, wholeOf(range->to, parameter));
    bool isNumber = true;
    const qint64 step = range->step.isEmpty() ? 1 : range->step.toLongLong(&isNumber);
    if (!isNumber || step <= 0)
        return refuse(text("“%1” is no step: it must be a whole number above 0.").arg(range->step));
    // Unsigned: the distance of two 64-bit numbers may need all bits.
    const quint64 distance = to >= from ? static_cast<quint64>(to) - static_cast<quint64>(from) : static_cast<quint64>(from) - static_cast<quint64>(to);
    const quint64 count = distance / static_cast<quint64>(step);
    if (count >= static_cast<quint64>(GridPlan::kMostCells))
        return tooMany();
    for (quint64 index = 0; index <= count; ++index) {
        const quint64 offset = index * static_cast<quint64>(step);
        push(static_cast<qint64>(to >= from ? static_cast<quint64>(from) + offset : static_cast<quint64>(from) - offset));
    }
    return {};
}

Result<> addNumber(const QString& part, const GridParameter& parameter, Values& values)
{
    const auto push = [&](double value) {
        const QString shown = QString::number(value, 'g', 12);
        values.push_back({shown, shown});
    };
    const std::optional<Range> range = rangeOf(part);
    if (!range) {
        TINTYPE_TRY_ASSIGN(const double value, numberOf(part, parameter));
        push(value);
        return {};
    }
    TINTYPE_TRY_ASSIGN(const double from, numberOf(range->from, parameter));
    TINTYPE_TRY_ASSIGN(const double to, numberOf(range->to, parameter));
    bool isNumber = true;
    const double step = range->step.isEmpty() ? 1 : range->step.toDouble(&isNumber);
    if (!isNumber || !std::isfinite(step) || step <= 0)
        return refuse(text("“%1” is no step: it must be a number above 0.").arg(range->step));
    const double count = std::floor(std::abs(to - from) / step + 1e-9);
    if (count >= GridPlan::kMostCells)
        return tooMany();
    for (int index = 0; index <= static_cast<int>(count); ++index)
        push(to >= from ? from + index * step : from - index * step);
    return {};
}

Result<> addChoice(const QString& part, const GridParameter& parameter, Values& values)
{
    const QStringList known = parameter.type == Type::Boolean ? QStringList{QStringLiteral("false"), QStringLiteral("true")} : parameter.choices;
    const auto push = [&](const QString& choice) {
        values.push_back({choice, parameter.type == Type::Boolean ? choice : jsonText(choice)});
    };
    if (part == QLatin1String("*")) {
        for (const QString& choice : known)
            push(choice);
        return {};
    }
    if (!known.contains(part))
        return refuse(text("“%1” is not a choice of %2: %3.").arg(part, titleOf(parameter), known.join(QStringLiteral(", "))));
    push(part);
    return {};
}

Result<> addSize(const QString& part, const GridParameter& parameter, Values& values)
{
    static const QRegularExpression pattern(QStringLiteral("^(\\d{1,6})\\s*[x×*]\\s*(\\d{1,6})$"));
    if (part == QLatin1String("*") || parameter.choices.contains(part))
        return addChoice(part, parameter, values);
    const QRegularExpressionMatch match = pattern.match(part);
    if (!match.hasMatch())
        return refuse(text("“%1” is not a size: say 512x512, or one of %2.").arg(part, parameter.choices.join(QStringLiteral(", "))));
    const QString width = QString::number(match.captured(1).toInt());
    const QString height = QString::number(match.captured(2).toInt());
    values.push_back({width + QStringLiteral(" × ") + height, QStringLiteral("{\"width\":%1,\"height\":%2}").arg(width, height)});
    return {};
}

/// Texts between | that stand outside of braces, or between lines.
QStringList textsOf(const QString& source)
{
    QStringList texts{QString()};
    int depth = 0;
    for (qsizetype at = 0; at < source.size(); ++at) {
        const QChar c = source[at];
        if (c == u'\\' && at + 1 < source.size() && source[at + 1] == u'|') {
            texts.back() += source[++at];
            continue;
        }
        depth += c == u'{' ? 1 : c == u'}' && depth > 0 ? -1 : 0;
        if (c == u'\n' || (c == u'|' && depth == 0))
            texts.push_back({});
        else
            texts.back() += c;
    }
    QStringList trimmed;
    for (const QString& one : texts) {
        if (!one.trimmed().isEmpty())
            trimmed.push_back(one.trimmed());
    }
    return trimmed;
}

} // namespace

Result<Values> parseAxisValues(const GridParameter& parameter, const QString& source)
{
    Values values;
    const QStringList parts = parameter.type == Type::Text ? textsOf(source) : partsOf(source);
    for (const QString& part : parts) {
        Result<> added;
        switch (parameter.type) {
        case Type::Integer:
            added = addWhole(part, parameter, values);
            break;
        case Type::Number:
            added = addNumber(part, parameter, values);
            break;
        case Type::Boolean:
        case Type::Choice:
            added = addChoice(part, parameter, values);
            break;
        case Type::Size:
            added = addSize(part, parameter, values);
            break;
        case Type::Text:
            values.push_back({part, jsonText(part)});
            break;
        }
        if (!added)
            return tl::unexpected(added.error());
        if (values.size() > GridPlan::kMostCells)
            return tooMany();
    }
    return values;
}

Result<Values> parseAxisNames(const QString& source, const QStringList& known)
{
    Values values;
    const QStringList parts = partsOf(source);
    for (const QString& part : parts) {
        const QStringList names = part == QLatin1String("*") ? known : QStringList{part};
        for (const QString& name : names) {
            if (!known.contains(name))
                return refuse(text("There is no “%1”: there are %2.").arg(name, known.join(QStringLiteral(", "))));
            values.push_back({name, name});
        }
    }
    return values;
}

} // namespace tintype::ui
