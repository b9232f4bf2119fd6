// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/analytics_csv.h"
#include "ui/models/analytics_data.h"
#include "ui/models/failure_model.h"
#include "ui/models/time_range.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::ui;
using namespace std::chrono_literals;

namespace {

using Json = nlohmann::json;

Json percentiles(double base)
{
    return {{"p50", base}, {"p75", base * 2}, {"p90", base * 3}, {"p95", base * 4}, {"p99", base * 5}};
}

Json column(const char* time, int success, int error)
{
    return {{"time", time}, {"requests", success + error}, {"success", success}, {"user_error", 0}, {"error", error}, {"cancelled", 0},
        {"latency", percentiles(0.5)}, {"startup", percentiles(0.1)}, {"execution", percentiles(0.4)}};
}

/// Two columns of a minute.
Json answer()
{
    Json json = column("", 3, 1);
    json.erase("time");
    json["since"] = "2026-11-23T10:00:00.000Z";
    json["until"] = "2026-11-23T10:02:00.000Z";
    json["bucket"] = 60;
    json["statuses"] = {{"200", 3}, {"500", 1}};
    json["series"] = {column("2026-11-23T10:00:00.000Z", 1, 1), column("2026-11-23T10:01:00.000Z", 2, 0)};
    json["heat_map"] = {{"bounds", {0.5, 1.0}}, {"counts", {{0, 1, 0}, {1, 1, 0}}}, {"cold", {{0, 1, 0}, {0, 0, 0}}}, {"warm", {{0, 0, 0}, {1, 1, 0}}}};
    json["queue"] = {{"max", {2, 0}}, {"mean", {0.5, 0}}};
    json["replicas"] = {{"states", {"starting", "idle"}}, {"counts", {{0.5, 0.5}, nullptr}}};
    json["deployments"] = {{{"time", "2026-11-23T10:00:30.000Z"}, {"app", "shapes"}, {"revision", "abc"}, {"number", 3}, {"message", "more steps"}}};
    json["errors"] = {{{"status", 500}, {"error_type", "internal"}, {"error", "it broke"}, {"count", 1}, {"last_at", "2026-11-23T10:00:10.000Z"}}};
    json["slowest"] = {{{"id", "r1"}, {"outcome", "success"}}};
    json["failed"] = Json::array();
    json["endpoints"] = Json::array();
    return json;
}

bool isRefused(const Json& json)
{
    const auto data = readAnalytics(json.dump());
    return !data && data.error().code == ErrorCode::Protocol && !data.error().message.empty();
}

} // namespace

class TestAnalyticsData : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAll()
    {
        const auto data = readAnalytics(answer().dump());
        QVERIFY(data);
        QCOMPARE(data->bucket, 60s);
        QCOMPARE(data->span.length(), 2min);
        QCOMPARE(data->all.counts.total(), 4);
        QCOMPARE(*data->all.counts.successRate(), 0.75);
        QCOMPARE(data->series.size(), std::size_t(2));
        QCOMPARE(data->series[1].latency.p99, 2.5);
        QCOMPARE((*data->heat.cold)[0][1], 1);
        QCOMPARE(data->queue->most[0], 2);
        QVERIFY(data->replicas->means[0]);
        QVERIFY(!data->replicas->means[1]);
        QCOMPARE(data->deployments->front().number, 3);
        QCOMPARE(data->statuses.at(500), 1);
        QCOMPARE(data->slowest.front().id, std::string("r1"));
    }

    void missingPartsAreNothing()
    {
        Json json = answer();
        for (const char* name : {"queue", "replicas", "deployments", "errors", "slowest", "failed", "statuses"})
            json.erase(name);
        json["heat_map"].erase("cold");
        const auto data = readAnalytics(json.dump());
        QVERIFY(data);
        QVERIFY(!data->queue && !data->replicas && !data->deployments && !data->heat.cold && !data->heat.warm);
        QVERIFY(data->slowest.empty());
        json.erase("heat_map");
        QVERIFY(readAnalytics(json.dump())->heat.all.empty());
    }

    void refusesWhatDoesNotFit_data()
    {
        QTest::addColumn<QString>("pointer");
        QTest::addColumn<QString>("value");
        QTest::newRow("no series") << "/series" << "null";
        QTest::newRow("series of another type") << "/series" << "7";
        QTest::newRow("times that fall") << "/series/1/time" << "\"2026-11-23T09:00:00.000Z\"";
        QTest::newRow("no span") << "/until" << "\"2026-11-23T10:00:00.000Z\"";
        QTest::newRow("span that ends before it begins") << "/until" << "\"2025-11-23T10:00:00.000Z\"";
        QTest::newRow("no bucket") << "/bucket" << "0";
        QTest::newRow("negative bucket") << "/bucket" << "-60";
        QTest::newRow("heat map with too few columns") << "/heat_map/counts" << "[[0,1,0]]";
        QTest::newRow("heat map with too few rows") << "/heat_map/counts/1" << "[1]";
        QTest::newRow("heat map's column no list") << "/heat_map/counts/1" << "3";
        QTest::newRow("cold of another size") << "/heat_map/cold" << "[]";
        QTest::newRow("bounds that fall") << "/heat_map/bounds" << "[1.0, 0.5]";
        QTest::newRow("equal bounds") << "/heat_map/bounds" << "[1.0, 1.0]";
        QTest::newRow("queue too short") << "/queue/max" << "[2]";
        QTest::newRow("queue no list") << "/queue/mean" << "\"x\"";
        QTest::newRow("replicas too long") << "/replicas/counts" << "[[1,1],[1,1],[1,1]]";
        QTest::newRow("replicas without states") << "/replicas/counts/0" << "[1]";
    }

    void refusesWhatDoesNotFit()
    {
        QFETCH(QString, pointer);
        QFETCH(QString, value);
        Json json = answer();
        json[Json::json_pointer(pointer.toStdString())] = Json::parse(value.toStdString());
        QVERIFY(isRefused(json));
    }

    void refusesWhatIsNoAnswer()
    {
        for (const char* text : {"", "{", "[]", "null", "17", "{}", "<html>"})
            QVERIFY2(!readAnalytics(text), text);
    }

    void strangeValuesAreZero()
    {
        Json json = answer();
        json["success"] = -5;
        json["error"] = "many";
        json["latency"] = nullptr;
        json["errors"] = {1, nullptr, {{"status", 1e300}}};
        json["slowest"] = "none";
        const auto data = readAnalytics(json.dump());
        QVERIFY(data);
        QCOMPARE(data->all.counts.total(), 0);
        QVERIFY(!data->all.counts.successRate());
        QCOMPARE(data->all.latency, Percentiles());
    }

    void csvQuotes()
    {
        QCOMPARE(csvField("plain"), std::string("plain"));
        QCOMPARE(csvField("a,b"), std::string("\"a,b\""));
        QCOMPARE(csvField("say \"x\"\n"), std::string("\"say \"\"x\"\"\n\""));
        QCOMPARE(csvField("=HYPERLINK(1)"), std::string("\"'=HYPERLINK(1)\""));
        QCOMPARE(csvField(""), std::string());
    }

    void csvHasALineAColumn()
    {
        const auto data = readAnalytics(answer().dump());
        const QStringList lines = QString::fromStdString(seriesCsv(*data)).split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 3);
        const qsizetype fields = lines[0].count(QLatin1Char(','));
        QCOMPARE(lines[1].count(QLatin1Char(',')), fields);
        QCOMPARE(lines[2].count(QLatin1Char(',')), fields);
        QVERIFY(lines[1].startsWith(QStringLiteral("2026-11-23T10:00:00.000Z,1,0,1,0,0.5")));
        QVERIFY(lines[2].endsWith(QStringLiteral(",,")));
        control::RequestInfo record;
        record.error = "bad, very";
        QCOMPARE(QString::fromStdString(recordsCsv({&record, 1})).count(QLatin1String("\"bad, very\"")), 1);
    }

    void rangesRoundTrip()
    {
        const TimeRange fixed = TimeRange::between({fromMilliseconds(1000), fromMilliseconds(99000)});
        for (const TimeRange& range : {TimeRange(), TimeRange::latest(24h), fixed})
            QCOMPARE(rangeFromKey(rangeKey(range)), range);
        for (const char* key : {"s", "-5s", "x", "7-3", "1-", "-", "9999999999999999999s"})
            QVERIFY2(rangeFromKey(QLatin1String(key)).isAny(), key);
    }

    void zoomGoesBack()
    {
        RangeChoice choice(TimeRange::latest(1h));
        QSignalSpy changes(&choice, &RangeChoice::rangeChanged);
        QVERIFY(!choice.canGoBack());
        choice.zoomTo({fromMilliseconds(120'000), fromMilliseconds(600'000)});
        choice.zoomTo({fromMilliseconds(600'000), fromMilliseconds(120'000)}); // dragged to the left: the same
        QCOMPARE(changes.count(), 1);
        choice.zoomTo({fromMilliseconds(130'000), fromMilliseconds(130'000)});
        QCOMPARE(choice.range().fixed.length(), 1min);
        choice.goBack();
        choice.goBack();
        QCOMPARE(choice.range(), TimeRange::latest(1h));
        choice.goBack();
        QCOMPARE(choice.range(), TimeRange::latest(1h));
    }

    void columnsSuitTheSpan()
    {
        const TimePoint now = wallClockNow();
        for (const std::chrono::seconds length : usualRanges()) {
            const TimeSpan span = TimeRange::latest(length).at(now);
            const std::string bucket = bucketFor(span);
            const auto width = bucket == "minute" ? 60s : bucket == "hour" ? 3600s : 86400s;
            QVERIFY(length / width >= 12 && length / width <= 400);
        }
    }

    void failuresAreRows()
    {
        FailureModel model;
        const QAbstractItemModelTester tester(&model);
        const auto data = readAnalytics(answer().dump());
        model.setGroups(data->failures);
        QCOMPARE(model.rowCount(), 1);
        QCOMPARE(model.index(0, FailureModel::Sentence).data().toString(), QStringLiteral("internal: it broke"));
        model.setUtc(true);
        model.setGroups({});
        QCOMPARE(model.rowCount(), 0);
    }
};

QTEST_GUILESS_MAIN(TestAnalyticsData)
#include "tst_analytics_data.moc"
