// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/grid_plan.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json; // keeps 64-bit seeds and the order of fields

constexpr std::array kKindNames{"none", "parameter", "target", "app"}; // in the order of GridAxis::Kind

QString text(const char* source, int count = -1) { return QCoreApplication::translate("GridPlan", source, nullptr, count); }

std::string dump(const Json& value, int indent = -1) { return value.dump(indent, ' ', false, Json::error_handler_t::replace); }

Json parsed(const QString& json) { return Json::parse(json.toStdString(), nullptr, false); }

Json jsonOrNull(const QString& json)
{
    Json value = parsed(json);
    return value.is_discarded() ? Json() : value;
}

QString textField(const Json& object, const char* name)
{
    const auto field = object.is_object() ? object.find(name) : object.end();
    return object.is_object() && field != object.end() && field->is_string() ? qs(field->get<std::string>()) : QString();
}

Json toJson(const GridAxis& axis)
{
    Json values = Json::array();
    for (const GridValue& value : axis.values)
        values.push_back({{"label", value.label.toStdString()}, {"value", value.value.toStdString()}});
    return {{"kind", kKindNames[static_cast<std::size_t>(axis.kind)]}, {"name", axis.name.toStdString()},
        {"title", axis.title.toStdString()}, {"text", axis.text.toStdString()}, {"values", std::move(values)}};
}

Result<GridAxis> axisFrom(const Json& object)
{
    const std::string kind = textField(object, "kind").toStdString();
    const auto known = std::ranges::find(kKindNames, kind, [](const char* name) { return std::string(name); });
    const auto values = object.is_object() ? object.find("values") : object.end();
    if (known == kKindNames.end() || values == object.end() || !values->is_array())
        return fail(ErrorCode::InvalidArgument, text("The plan has an axis that cannot be read.").toStdString());
    if (values->size() > static_cast<std::size_t>(GridPlan::kMostCells))
        return fail(ErrorCode::InvalidArgument, text("The plan has an axis with too many values.").toStdString());
    GridAxis axis{static_cast<GridAxis::Kind>(known - kKindNames.begin()), textField(object, "name"), textField(object, "title"),
        textField(object, "text"), {}};
    for (const Json& value : *values) {
        axis.values.push_back({textField(value, "label"), textField(value, "value")});
        if (axis.kind == GridAxis::Kind::Parameter && parsed(axis.values.back().value).is_discarded())
            return fail(ErrorCode::InvalidArgument, text("The plan has a value that is not JSON.").toStdString());
    }
    return axis;
}

} // namespace

int GridPlan::size(int axis) const
{
    return std::max(1, static_cast<int>(axes[static_cast<std::size_t>(axis)].values.size()));
}

qint64 GridPlan::count() const
{
    return qint64{size(0)} * size(1) * size(2);
}

int GridPlan::hosts() const
{
    const auto axis = std::ranges::find(axes, GridAxis::Kind::Target, &GridAxis::kind);
    return axis == axes.end() ? 1 : std::max(1, static_cast<int>(axis->values.size()));
}

Result<> GridPlan::check() const
{
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        for (std::size_t other = axis + 1; other < axes.size(); ++other) {
            const bool isUsed = axes[axis].kind != GridAxis::Kind::None;
            if (isUsed && axes[axis].kind == axes[other].kind && axes[axis].name == axes[other].name)
                return fail(ErrorCode::InvalidArgument, text("Two axes change the same thing: %1.").arg(axes[axis].title).toStdString());
        }
    }
    const QLocale locale;
    if (count() > kMostCells)
        return fail(ErrorCode::InvalidArgument,
            text("The grid has %1 cells; at most %2 run at once.").arg(locale.toString(count()), locale.toString(kMostCells)).toStdString());
    if (!parsed(base.input).is_object())
        return fail(ErrorCode::InvalidArgument, text("The call's input is not a JSON object.").toStdString());
    return {};
}

Generation GridPlan::cell(int x, int y, int z) const
{
    Generation call;
    call.target = base.target;
    call.app = base.app;
    call.endpoint = base.endpoint;
    Json input = parsed(base.input);
    const std::array places{x, y, z};
    for (std::size_t axis = 0; axis < axes.size(); ++axis) {
        if (axes[axis].values.isEmpty())
            continue;
        const GridValue& value = axes[axis].values[places[axis]];
        switch (axes[axis].kind) {
        case GridAxis::Kind::None:
            break;
        case GridAxis::Kind::Parameter:
            input[axes[axis].name.toStdString()] = parsed(value.value);
            break;
        case GridAxis::Kind::Target:
            call.target = value.value;
            break;
        case GridAxis::Kind::App:
            call.app = value.value;
            break;
        }
    }
    if (const auto seed = input.find("seed"); seed != input.end() && seed->is_number_unsigned())
        call.seed = seed->get<quint64>();
    call.input = qs(dump(input));
    return call;
}

QString GridPlan::label(int axis, int index) const
{
    const GridAxis& which = axes[static_cast<std::size_t>(axis)];
    if (which.values.isEmpty())
        return {};
    const QString value = which.values[index].label;
    return which.kind == GridAxis::Kind::Parameter ? text("%1: %2").arg(which.title, value) : value;
}

QString countText(const GridPlan& plan, double secondsEach)
{
    const QString pictures = plan.count() == 1 ? text("1 picture") : text("%1 pictures").arg(QLocale().toString(plan.count()));
    if (secondsEach <= 0)
        return pictures;
    return text("%1, about %2").arg(pictures, formatDuration(static_cast<double>(plan.count()) * secondsEach));
}

QByteArray planJson(const GridPlan& plan, const QVector<Generation>& cells)
{
    Json root{{"version", 1},
        {"base", {{"target", plan.base.target.toStdString()}, {"app", plan.base.app.toStdString()},
                     {"endpoint", plan.base.endpoint.toStdString()}, {"input", jsonOrNull(plan.base.input)}, {"form", jsonOrNull(plan.base.form)}}},
        {"axes", {{"x", toJson(plan.axes[0])}, {"y", toJson(plan.axes[1])}, {"z", toJson(plan.axes[2])}}}};
    Json list = Json::array();
    for (const Generation& cell : cells) {
        Json item{{"target", cell.target.toStdString()}, {"app", cell.app.toStdString()}, {"revision", cell.revision.toStdString()},
            {"input", jsonOrNull(cell.input)}, {"request", cell.requestId.toStdString()}, {"seconds", cell.totalSeconds}};
        if (cell.seed)
            item["seed"] = *cell.seed;
        if (!cell.error.isEmpty())
            item["error"] = cell.error.toStdString();
        list.push_back(std::move(item));
    }
    root["cells"] = std::move(list);
    return QByteArray::fromStdString(dump(root, 2) + '\n');
}

Result<GridPlan> planFromJson(const QByteArray& json)
{
    const Json root = Json::parse(json.toStdString(), nullptr, false);
    if (!root.is_object() || !root.contains("base") || !root.contains("axes") || !root["axes"].is_object())
        return fail(ErrorCode::InvalidArgument, text("This is not a grid's plan.").toStdString());
    const Json& base = root["base"];
    GridPlan plan;
    plan.base.target = textField(base, "target");
    plan.base.app = textField(base, "app");
    plan.base.endpoint = textField(base, "endpoint");
    if (base.is_object() && base.contains("input"))
        plan.base.input = qs(dump(base["input"]));
    if (base.is_object() && base.contains("form") && base["form"].is_object())
        plan.base.form = qs(dump(base["form"]));
    constexpr std::array names{"x", "y", "z"};
    for (std::size_t axis = 0; axis < names.size(); ++axis) {
        if (!root["axes"].contains(names[axis]))
            continue;
        TINTYPE_TRY_ASSIGN(plan.axes[axis], axisFrom(root["axes"][names[axis]]));
    }
    TINTYPE_TRY(plan.check());
    return plan;
}

} // namespace tintype::ui
