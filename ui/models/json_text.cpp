// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/json_text.h"

#include "ui/models/format.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kIndent = 2;
constexpr double kWholeDoubles = 9007199254740992.0; ///< up to here each whole number is a double

Json parsed(const QString& text)
{
    return Json::parse(text.toStdString(), nullptr, false);
}

QString written(const Json& json, int indent = -1)
{
    return qs(json.dump(indent, ' ', false, Json::error_handler_t::replace));
}

} // namespace

QVector<JsonMember> jsonMembers(const QString& object)
{
    QVector<JsonMember> members;
    const Json json = parsed(object);
    if (!json.is_object())
        return members;
    for (const auto& [name, value] : json.items())
        members.append({qs(name), written(value)});
    return members;
}

QString jsonMember(const QVector<JsonMember>& members, const QString& name)
{
    const auto found = std::ranges::find(members, name, &JsonMember::name);
    return found == members.end() || found->json == QLatin1String("null") ? QString() : found->json;
}

QString jsonObject(const QVector<JsonMember>& members)
{
    QStringList parts;
    for (const JsonMember& member : members)
        parts += jsonString(member.name) + QLatin1String(": ") + member.json;
    return u'{' + parts.join(QLatin1String(", ")) + u'}';
}

QString jsonIndented(const QString& json)
{
    const Json value = parsed(json);
    return value.is_discarded() ? json : written(value, kIndent);
}

QString jsonString(const QString& text)
{
    return written(Json(text.toStdString()));
}

bool isJson(const QString& text)
{
    return Json::accept(text.toStdString());
}

bool isSameJson(const QString& a, const QString& b)
{
    const auto first = nlohmann::json::parse(a.toStdString(), nullptr, false);
    const auto second = nlohmann::json::parse(b.toStdString(), nullptr, false);
    return !first.is_discarded() && first == second;
}

std::optional<QString> textOfJson(const QString& json)
{
    const Json value = parsed(json);
    return value.is_string() ? std::optional(qs(value.get_ref<const std::string&>())) : std::nullopt;
}

std::optional<double> numberOfJson(const QString& json)
{
    const Json value = parsed(json);
    return value.is_number() ? std::optional(value.get<double>()) : std::nullopt;
}

std::optional<quint64> wholeOfJson(const QString& json)
{
    const Json value = parsed(json);
    if (value.is_number_unsigned())
        return value.get<quint64>();
    const double number = value.is_number_float() ? value.get<double>() : -1;
    return number >= 0 && number <= kWholeDoubles && number == std::floor(number) ? std::optional(static_cast<quint64>(number))
                                                                                   : std::nullopt;
}

QString jsonNumber(double number)
{
    if (number == std::floor(number) && std::abs(number) <= kWholeDoubles)
        return QString::number(static_cast<qint64>(number));
    return written(Json(number));
}

} // namespace tintype::ui
