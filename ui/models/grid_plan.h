// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "ui/models/generation.h"

#include <QString>
#include <QStringList>
#include <QVector>
#include <array>
#include <optional>

namespace tintype::ui {

/// An input of the endpoint that an axis can go through, as its schema has it.
struct GridParameter {
    enum class Type { Integer, Number, Boolean, Choice, Size /**< of a picture: preset or {width, height} */, Text };

    QString name;  ///< as the call names it
    QString title; ///< as the form shows it; empty = name
    Type type = Type::Text;
    std::optional<double> low;
    std::optional<double> high;
    QStringList choices; ///< of Choice; of Size: the presets

    bool operator==(const GridParameter&) const = default;
};

/// One value of an axis.
struct GridValue {
    QString label; ///< "7.5", "512 × 512", "This machine"
    QString value; ///< Parameter: JSON · Target, App: its name

    bool operator==(const GridValue&) const = default;
};

struct GridAxis {
    enum class Kind { None, Parameter, Target, App };

    Kind kind = Kind::None;
    QString name; ///< of the parameter
    QString title;
    QString text; ///< as typed
    QVector<GridValue> values; ///< none = the axis is not used

    bool operator==(const GridAxis&) const = default;
};

/// Values as a person types them. Numbers: "0, 3.5, 7", "1..8", "20..50 step 10", mixed; sizes: "512x512, square_hd"; choices and
/// booleans: "a, b", * for all; texts: one after the other, parted by | outside of braces or by lines.
/// @error InvalidArgument: a sentence that names the value and what would do
Result<QVector<GridValue>> parseAxisValues(const GridParameter& parameter, const QString& text);

/// Names parted by commas, * for all. @param known those there are
Result<QVector<GridValue>> parseAxisNames(const QString& text, const QStringList& known);

/// Calls that differ from one base call in up to three things, laid out in columns, rows and sheets.
struct GridPlan {
    Generation base; ///< target, app, endpoint, input, form
    std::array<GridAxis, 3> axes; ///< x = columns, y = rows, z = sheets

    static constexpr int kMostCells = 400;

    int size(int axis) const; ///< at least 1
    qint64 count() const;     ///< cells
    int hosts() const;        ///< that compute at the same time

    /// Too large, two axes of one parameter, an input that is not a JSON object.
    Result<> check() const;

    /// The call of a cell, without id and form: its input says all. @pre check()
    Generation cell(int x, int y, int z) const;

    QString label(int axis, int index) const; ///< "Seed 42"; empty for an unused axis
};

/// "48 pictures, about 12 s". @param secondsEach of a call so far; 0 = not known
QString countText(const GridPlan& plan, double secondsEach);

/// What is saved beside a sheet: base, axes, and the cells with their request and seed.
QByteArray planJson(const GridPlan& plan, const QVector<Generation>& cells);
Result<GridPlan> planFromJson(const QByteArray& json);

} // namespace tintype::ui
