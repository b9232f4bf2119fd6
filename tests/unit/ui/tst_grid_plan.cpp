// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/grid_plan.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using Type = GridParameter::Type;

/// Axes as they are typed, and the calls that follow.
class TestGridPlan : public QObject {
    Q_OBJECT

private:
    static GridParameter parameter(Type type)
    {
        GridParameter parameter{QStringLiteral("field"), QStringLiteral("Field"), type, {}, {}, {}};
        if (type == Type::Choice)
            parameter.choices = {QStringLiteral("png"), QStringLiteral("jpeg")};
        if (type == Type::Size)
            parameter.choices = {QStringLiteral("square"), QStringLiteral("landscape_4_3")};
        return parameter;
    }

    static GridAxis axis(const char* name, Type type, const char* text)
    {
        GridAxis axis{GridAxis::Kind::Parameter, QLatin1String(name), QLatin1String(name), QLatin1String(text), {}};
        axis.values = parseAxisValues(parameter(type), axis.text).value_or(QVector<GridValue>());
        return axis;
    }

    static GridPlan plan()
    {
        GridPlan plan;
        plan.base.target = QStringLiteral("This machine");
        plan.base.app = QStringLiteral("shapes");
        plan.base.endpoint = QStringLiteral("/");
        plan.base.input = QStringLiteral(R"({"prompt":"a star","seed":18446744073709551615,"steps":4})");
        plan.axes[0] = axis("steps", Type::Integer, "1..3");
        plan.axes[1] = axis("seed", Type::Integer, "7, 8");
        return plan;
    }

private Q_SLOTS:
    void values_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("values");
        const auto row = [](const char* name, Type type, const char* text, const char* values) {
            QTest::newRow(name) << static_cast<int>(type) << QString::fromUtf8(text) << QString::fromUtf8(values);
        };
        row("list", Type::Integer, "20, 28; 50", "20|28|50");
        row("range", Type::Integer, "1..4", "1|2|3|4");
        row("range of dots", Type::Integer, "1…3", "1|2|3");
        row("downwards", Type::Integer, "3..1", "3|2|1");
        row("below zero", Type::Integer, "-2..1", "-2|-1|0|1");
        row("step", Type::Integer, "0..100 step 40", "0|40|80");
        row("step with colon", Type::Integer, "1..9:4", "1|5|9");
        row("mixed", Type::Integer, "1..3, 10", "1|2|3|10");
        row("the largest", Type::Integer, "9223372036854775806..9223372036854775807", "9223372036854775806|9223372036854775807");
        row("numbers", Type::Number, "0, 3.5, 7", "0|3.5|7");
        row("numbers with a step", Type::Number, "0..1 step 0.25", "0|0.25|0.5|0.75|1");
        row("no rounding away of the end", Type::Number, "0..0.3 step 0.1", "0|0.1|0.2|0.3");
        row("texts", Type::Text, "a red circle|a blue star", "\"a red circle\"|\"a blue star\"");
        row("texts with wildcards and quotes", Type::Text, "{x|y} \"q\"|b", "\"{x|y} \\\"q\\\"\"|\"b\"");
        row("texts with commas", Type::Text, "a, b|c", "\"a, b\"|\"c\"");
        row("booleans", Type::Boolean, "*", "false|true");
        row("choices", Type::Choice, "jpeg, png", "\"jpeg\"|\"png\"");
        row("all choices", Type::Choice, "*", "\"png\"|\"jpeg\"");
        row("sizes", Type::Size, "512x256, square, 64 × 32", "{\"width\":512,\"height\":256}|\"square\"|{\"width\":64,\"height\":32}");
        row("nothing", Type::Integer, " , ", "");
    }
    void values()
    {
        QFETCH(int, type);
        QFETCH(QString, text);
        QFETCH(QString, values);
        const auto parsed = parseAxisValues(parameter(static_cast<Type>(type)), text);
        QVERIFY2(parsed, parsed ? "" : parsed.error().message.c_str());
        QStringList got;
        for (const GridValue& value : *parsed)
            got.push_back(value.value);
        QCOMPARE(got.join(u'|'), values);
    }

    void badValues_data()
    {
        QTest::addColumn<int>("type");
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, Type type, const char* text, const char* says) {
            QTest::newRow(name) << static_cast<int>(type) << QString::fromUtf8(text) << QString::fromUtf8(says);
        };
        row("no number", Type::Integer, "1, two", "“two”");
        row("a fraction", Type::Integer, "1.5", "whole number");
        row("half a range", Type::Integer, "1..", "“1..”");
        row("step of zero", Type::Integer, "1..5 step 0", "step");
        row("step below zero", Type::Number, "1..5 step -1", "step");
        row("step of letters", Type::Number, "1..5 step x", "“x”");
        row("too many", Type::Integer, "1..100000", "at most 400");
        row("too many of the largest", Type::Integer, "-9223372036854775808..9223372036854775807", "at most 400");
        row("too many small ones", Type::Number, "0..1 step 0.0000001", "at most 400");
        row("not finite", Type::Number, "inf", "not a number");
        row("not a number at all", Type::Number, "nan", "not a number");
        row("no such choice", Type::Choice, "png, gif", "“gif”");
        row("no boolean", Type::Boolean, "yes", "“yes”");
        row("half a size", Type::Size, "512x", "512x512");
        row("a huge size", Type::Size, "99999999x1", "512x512");
    }
    void badValues()
    {
        QFETCH(int, type);
        QFETCH(QString, text);
        QFETCH(QString, says);
        const auto parsed = parseAxisValues(parameter(static_cast<Type>(type)), text);
        QVERIFY(!parsed);
        QCOMPARE(parsed.error().code, ErrorCode::InvalidArgument);
        const QString message = QString::fromStdString(parsed.error().message);
        QVERIFY2(message.contains(says), qPrintable(message));
    }

    void rangesOfTheSchemaHold()
    {
        GridParameter steps = parameter(Type::Integer);
        steps.low = 1;
        steps.high = 50;
        QVERIFY(parseAxisValues(steps, QStringLiteral("1..50")));
        for (const char* bad : {"0", "51", "40..60", "-1"}) {
            const auto parsed = parseAxisValues(steps, QLatin1String(bad));
            QVERIFY(!parsed);
            QVERIFY(parsed.error().message.find("goes from 1 to 50") != std::string::npos);
        }
    }

    void names()
    {
        const QStringList known{QStringLiteral("This machine"), QStringLiteral("box")};
        QCOMPARE(parseAxisNames(QStringLiteral("*"), known)->size(), 2);
        QCOMPARE(parseAxisNames(QStringLiteral(" box "), known)->at(0).value, QStringLiteral("box"));
        const auto unknown = parseAxisNames(QStringLiteral("box, attic"), known);
        QVERIFY(!unknown);
        QVERIFY(QString::fromStdString(unknown.error().message).contains(QStringLiteral("“attic”")));
    }

    void cellsTakeTheValuesOfTheirPlace()
    {
        const GridPlan grid = plan();
        QVERIFY(grid.check());
        QCOMPARE(grid.count(), 6);
        QCOMPARE(grid.cell(2, 1, 0).input, QStringLiteral(R"({"prompt":"a star","seed":8,"steps":3})"));
        QCOMPARE(grid.cell(2, 1, 0).seed, std::optional<quint64>(8));
        QVERIFY(grid.cell(0, 0, 0).form.isEmpty());
        QCOMPARE(grid.label(0, 2), QStringLiteral("steps: 3"));
        QCOMPARE(grid.label(2, 0), QString());
    }

    void hostsAndAppsAreAxesToo()
    {
        GridPlan grid = plan();
        grid.axes[1] = {GridAxis::Kind::Target, {}, QStringLiteral("Host"), {}, {{QStringLiteral("box"), QStringLiteral("box")}}};
        grid.axes[2] = {GridAxis::Kind::App, {}, QStringLiteral("App"), {}, {{QStringLiteral("two"), QStringLiteral("two")}, {QStringLiteral("three"), QStringLiteral("three")}}};
        QVERIFY(grid.check());
        const Generation cell = grid.cell(0, 0, 1);
        QCOMPARE(cell.target, QStringLiteral("box"));
        QCOMPARE(cell.app, QStringLiteral("three"));
        QCOMPARE(cell.seed, std::optional<quint64>(18446744073709551615ULL));
        QCOMPARE(grid.hosts(), 1);
    }

    void refusesWhatCannotRun()
    {
        GridPlan twice = plan();
        twice.axes[2] = twice.axes[0];
        QVERIFY(!twice.check());
        GridPlan large = plan();
        large.axes[0] = axis("steps", Type::Integer, "1..300");
        QVERIFY(!large.check());
        QVERIFY(large.check().error().message.find("600") != std::string::npos);
        GridPlan noInput = plan();
        noInput.base.input = QStringLiteral("[]");
        QVERIFY(!noInput.check());
    }

    void countIsToldWithTime()
    {
        QCOMPARE(countText(plan(), 0), QStringLiteral("6 pictures"));
        QCOMPARE(countText(plan(), 0.5), QStringLiteral("6 pictures, about 3.00 s"));
        GridPlan one = plan();
        one.axes = {};
        QCOMPARE(countText(one, 0), QStringLiteral("1 picture"));
    }

    void planComesBackFromItsJson()
    {
        GridPlan grid = plan();
        grid.base.form = QStringLiteral(R"({"fields":{}})");
        Generation cell = grid.cell(0, 0, 0);
        cell.requestId = QStringLiteral("request-1");
        const QByteArray json = planJson(grid, {cell});
        const auto back = planFromJson(json);
        QVERIFY(back);
        QCOMPARE(back->axes, grid.axes);
        QCOMPARE(back->base.input, grid.base.input);
        QCOMPARE(back->base.form, grid.base.form);
        const QJsonObject object = QJsonDocument::fromJson(json).object();
        QCOMPARE(object[QLatin1String("cells")].toArray()[0][QLatin1String("request")].toString(), QStringLiteral("request-1"));
    }

    void refusesBrokenPlans_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("{");
        QTest::newRow("list") << QByteArray("[1]");
        QTest::newRow("no axes") << QByteArray(R"({"base":{"input":{}}})");
        QTest::newRow("axes of another type") << QByteArray(R"({"base":{"input":{}},"axes":[]})");
        QTest::newRow("axis of another type") << QByteArray(R"({"base":{"input":{}},"axes":{"x":5}})");
        QTest::newRow("unknown kind") << QByteArray(R"({"base":{"input":{}},"axes":{"x":{"kind":"moon","values":[]}}})");
        QTest::newRow("value that is no JSON") << QByteArray("{\"base\":{\"input\":{}},\"axes\":{\"x\":{\"kind\":\"parameter\",\"name\":\"a\",\"values\":[{\"value\":\"{\"}]}}}");
        QTest::newRow("no input") << QByteArray(R"({"base":{},"axes":{}})");
        QTest::newRow("base of another type") << QByteArray(R"({"base":7,"axes":{}})");
    }
    void refusesBrokenPlans()
    {
        QFETCH(QByteArray, json);
        QVERIFY(!planFromJson(json));
    }
};

QTEST_GUILESS_MAIN(TestGridPlan)
#include "tst_grid_plan.moc"
