// SPDX-License-Identifier: GPL-3.0-or-later
#include "deploy/control/json_values.h"
#include "tests/support/studio_fixture.h"
#include "ui/views/analytics/analytics_charts.h"
#include "ui/views/analytics/analytics_page.h"
#include "ui/views/analytics/analytics_tables.h"
#include "ui/views/analytics/chart_panel.h"
#include "ui/views/analytics/heat_chart.h"
#include "ui/widgets/error_banner.h"

#include <QFile>
#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using namespace std::chrono_literals;
using control::Json;
using control::RequestQuery;
using test::StudioFixture;

namespace {

const TimePoint kSince = fromMilliseconds(1'763'892'000'000); // a whole hour
constexpr int kColumns = 60;

/// An hour; `busy` = requests in each minute.
std::string answer(int busy, bool isNew)
{
    const Json zeros{{"p50", 0.5}, {"p75", 0.6}, {"p90", 0.9}, {"p95", 1.1}, {"p99", 3.0}};
    Json json{{"since", control::isoTime(kSince)}, {"until", control::isoTime(kSince + 1h)}, {"bucket", 60}, {"success", busy * kColumns},
        {"user_error", 0}, {"error", 0}, {"cancelled", 0}, {"latency", zeros}, {"startup", zeros}, {"execution", zeros}};
    Json counts = Json::array(), most = Json::array(), mean = Json::array(), replicas = Json::array();
    json["series"] = Json::array();
    for (int column = 0; column < kColumns; ++column) {
        json["series"].push_back({{"time", control::isoTime(kSince + column * 1min)}, {"success", busy}, {"latency", zeros}});
        counts.push_back({busy, 0, 0});
        most.push_back(busy / 2);
        mean.push_back(busy / 4.0);
        replicas.push_back({0, 0.5, 0.5, 0, 0});
    }
    json["heat_map"] = {{"bounds", {0.5, 1.0}}, {"counts", counts}};
    if (isNew) {
        json["heat_map"]["warm"] = counts;
        json["heat_map"]["cold"] = Json(kColumns, Json{0, 0, 0});
        json["queue"] = {{"max", most}, {"mean", mean}};
        json["replicas"] = {{"states", {"starting", "idle", "running", "failing", "draining"}}, {"counts", replicas}};
        json["deployments"] = {{{"time", control::isoTime(kSince + 20min)}, {"app", "shapes"}, {"revision", "abc"}, {"number", 2}, {"message", ""}}};
    }
    json["errors"] = {{{"status", 504}, {"error_type", "startup_timeout"}, {"error", "too slow"}, {"count", 4}}};
    json["slowest"] = {{{"id", "slow-1"}, {"outcome", "success"}, {"status", 200}}};
    return json.dump();
}

struct Fixture : StudioFixture {
    AnalyticsPage page{studio};

    explicit Fixture(const std::string& json = answer(4, true))
    {
        control().analyticsAnswer.json = json;
        page.resize(1100, 900);
        page.show();
    }

    bool isLoaded() { return QTest::qWaitFor([this] { return page.feed().data() && !page.feed().isLoading(); }); }
    QString sentence(int panel) { return page.charts().panels()[panel]->sentence(); }
    Chart& chart(int panel) { return *page.charts().panels()[panel]->chart(); }
};

enum Panel { Outcomes, Latency, Heat, Replicas, Queue };

void drag(Chart& chart, double from, double to)
{
    const QRect room = chart.axisRect()->rect();
    const auto at = [&](double share) { return QPoint(room.left() + static_cast<int>(share * room.width()), room.center().y()); };
    QTest::mousePress(&chart, Qt::LeftButton, {}, at(from));
    QTest::mouseMove(&chart, at((from + to) / 2));
    QTest::mouseMove(&chart, at(to));
    QTest::mouseRelease(&chart, Qt::LeftButton, {}, at(to));
}

} // namespace

class TestAnalyticsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsAll()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        for (int panel = Outcomes; panel <= Queue; ++panel)
            QCOMPARE(fixture.sentence(panel), QString());
        QCOMPARE(fixture.page.tables().slowest().rowCount(), 1);
        QCOMPARE(fixture.page.tables().failures().rowCount(), 1);
        QCOMPARE(fixture.page.charts().heat()->most(), 4);
        QCOMPARE(fixture.chart(Outcomes).itemCount(), 1); // the deployment
    }

    void anOldHostSaysWhatIsMissing()
    {
        Fixture fixture(answer(4, false));
        QVERIFY(fixture.isLoaded());
        QVERIFY(fixture.sentence(Replicas).contains(QStringLiteral("version")));
        QVERIFY(fixture.sentence(Queue).contains(QStringLiteral("version")));
        QCOMPARE(fixture.sentence(Outcomes), QString());
    }

    void anEmptyTimeSaysSo()
    {
        Fixture fixture(answer(0, true));
        QVERIFY(fixture.isLoaded());
        for (const int panel : {Outcomes, Latency, Heat, Queue})
            QVERIFY(fixture.sentence(panel).contains(QStringLiteral(" between ")));
    }

    void asksForTheRange()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.page.range().setRange(TimeRange::latest(15min));
        const control::AnalyticsQuery& query = fixture.control().analyticsQueries.back();
        QCOMPARE(*query.until - *query.since, std::chrono::milliseconds(15min));
        QCOMPARE(query.bucket, std::string("minute"));
    }

    void draggingZooms()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        Chart& chart = fixture.chart(Outcomes);
        chart.replot();
        drag(chart, 0.5, 0.25); // to the left
        const TimeRange range = fixture.page.range().range();
        QVERIFY(!range.isLive());
        QVERIFY(std::chrono::abs(range.fixed.since - (kSince + 15min)) < 1min);
        QVERIFY(std::chrono::abs(range.fixed.until - (kSince + 30min)) < 1min);
        fixture.studio.commands.find(QStringLiteral("analytics.back"))->trigger();
        QVERIFY(fixture.page.range().range().isLive());
    }

    void aCellOpensItsRequests()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        std::optional<RequestQuery> opened;
        connect(&fixture.studio.navigator, &Navigator::requestsWanted, this, [&](const RequestQuery& query) { opened = query; });
        Chart& chart = fixture.chart(Heat);
        chart.replot();
        const auto at = [&](double minute, double row) {
            return QPoint(static_cast<int>(chart.xAxis->coordToPixel(secondsOf(kSince) + 60 * minute)), static_cast<int>(chart.yAxis->coordToPixel(row)));
        };
        QTest::mouseClick(&chart, Qt::LeftButton, {}, at(10.5, 1.5)); // an empty cell
        QVERIFY(!opened);
        QTest::mouseClick(&chart, Qt::LeftButton, {}, at(10.5, 0.5));
        QVERIFY(opened);
        QCOMPARE(*opened->since, kSince + 10min);
        QCOMPARE(*opened->until, kSince + 11min);
        QCOMPARE(*opened->maxTotal, 0.5);
        QVERIFY(!opened->minTotal);
        QCOMPARE(opened->outcome, std::string("success"));
    }

    void coldAndWarmAreApart()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        HeatChart& heat = *fixture.page.charts().heat();
        heat.setStarts(HeatChart::Starts::Cold);
        fixture.page.charts().panels()[Heat]->refresh();
        QVERIFY(!fixture.sentence(Heat).isEmpty());
        heat.setStarts(HeatChart::Starts::Warm);
        fixture.page.charts().panels()[Heat]->refresh();
        QCOMPARE(fixture.sentence(Heat), QString());
    }

    void oneColumnIsDrawn()
    {
        Json json = Json::parse(answer(1, true));
        json["until"] = control::isoTime(kSince + 1min);
        json["series"] = {json["series"][0]};
        json["heat_map"]["counts"] = {json["heat_map"]["counts"][0]};
        for (const char* name : {"warm", "cold"})
            json["heat_map"].erase(name);
        for (const char* name : {"queue", "replicas", "deployments"})
            json.erase(name);
        Fixture fixture(json.dump());
        QVERIFY(fixture.isLoaded());
        QVERIFY(!fixture.page.grab().isNull());
    }

    void anErrorIsABanner_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("another program") << QByteArray("<html>");
        QTest::newRow("no figures") << QByteArray("{}");
    }

    void anErrorIsABanner()
    {
        QFETCH(QByteArray, json);
        Fixture fixture(json.toStdString());
        QTRY_VERIFY(fixture.page.feed().error());
        QVERIFY(fixture.page.findChild<ErrorBanner*>()->isVisible());
        QVERIFY(!fixture.sentence(Outcomes).isEmpty());
        fixture.control().analyticsAnswer.json = answer(1, true);
        fixture.studio.commands.find(QStringLiteral("analytics.refresh"))->trigger();
        QVERIFY(fixture.isLoaded());
        QVERIFY(!fixture.page.findChild<ErrorBanner*>()->isVisible());
    }

    void onlyTheLastQuestionCounts()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.control().holds = true;
        fixture.page.range().setRange(TimeRange::latest(15min));
        fixture.control().analyticsAnswer.json = "{}";
        fixture.page.range().setRange(TimeRange::latest(3h));
        fixture.control().analyticsAnswer.json = answer(9, true);
        fixture.page.feed().setFilter("shapes", "/");
        fixture.control().release();
        QTRY_VERIFY(fixture.page.feed().data());
        QVERIFY(!fixture.page.feed().error());
        QCOMPARE(fixture.page.feed().data()->series.front().counts.success, 9);
    }

    void hiddenPagesAskNothing()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.page.hide();
        const auto asked = fixture.control().analyticsQueries.size();
        fixture.page.range().setRange(TimeRange::latest(15min));
        QCOMPARE(fixture.control().analyticsQueries.size(), asked);
        fixture.page.show();
        QCOMPARE(fixture.control().analyticsQueries.size(), asked + 1);
    }

    void exportsFiles()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        const auto lines = [](const QString& path) {
            QFile file(path);
            return file.open(QIODevice::ReadOnly) ? file.readAll().count('\n') : -1;
        };
        const QString series = fixture.folder.filePath(QStringLiteral("series.csv"));
        fixture.page.exportSeries(series);
        QTRY_COMPARE(lines(series), kColumns + 1);

        fixture.control().requestPage = [](const RequestQuery& query) {
            control::Page<control::RequestInfo> page;
            page.items.resize(3);
            page.next = query.page.cursor.empty() ? "more" : "";
            return page;
        };
        const QString records = fixture.folder.filePath(QStringLiteral("records.csv"));
        fixture.page.exportRecords(records);
        QTRY_COMPARE(lines(records), 7);
    }

    void aFullDiskIsABanner()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.page.exportRecords(fixture.folder.filePath(QStringLiteral("no such folder/records.csv")));
        QTRY_VERIFY(fixture.page.findChild<ErrorBanner*>()->isVisible());
    }
};

QTEST_MAIN(TestAnalyticsPage)
#include "tst_analytics_page.moc"
