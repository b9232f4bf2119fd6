// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QVector>
#include <optional>

// JSON as text, value by value: what a field of a form holds. Order and every digit of a number stay as they are.

namespace tintype::ui {

struct JsonMember {
    QString name;
    QString json;

    bool operator==(const JsonMember&) const = default;
};

/// Members of an object in their order; empty for what is no object.
QVector<JsonMember> jsonMembers(const QString& object);

/// The member's JSON; empty = there is none, or it is null.
QString jsonMember(const QVector<JsonMember>& members, const QString& name);

QString jsonObject(const QVector<JsonMember>& members); ///< one line
QString jsonIndented(const QString& json);              ///< as it is if it is not JSON
QString jsonString(const QString& text);                ///< quoted

bool isJson(const QString& text);
bool isSameJson(const QString& a, const QString& b); ///< 1 and 1.0 are the same, and members in another order
std::optional<QString> textOfJson(const QString& json);   ///< of a string
std::optional<double> numberOfJson(const QString& json);  ///< of a number
std::optional<quint64> wholeOfJson(const QString& json);  ///< of a whole number from 0 on
QString jsonNumber(double number);                        ///< shortest that reads back the same

} // namespace tintype::ui
