// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/views/requests/request_filter_bar.h"
#include "ui/views/requests/request_panel.h"
#include "ui/views/requests/requests_page.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/timeline.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>
#include <fmt/format.h>

using namespace tintype;
using namespace tintype::ui;
using namespace std::chrono_literals;
using control::RequestInfo;
using control::RequestQuery;
using test::StudioFixture;

namespace {

constexpr int kPage = 200;

RequestInfo record(int number)
{
    RequestInfo info;
    info.id = fmt::format("r{:04}", number);
    info.app = "shapes";
    info.endpoint = "/";
    info.state = "done";
    info.outcome = "success";
    info.status = 200;
    info.submittedAt = wallClockNow() - 1h + std::chrono::seconds(number);
    info.startedAt = info.submittedAt + 1s;
    info.finishedAt = info.submittedAt + 2s;
    return info;
}

RequestInfo live(int number, const char* state)
{
    RequestInfo info = record(number);
    info.state = state;
    info.outcome.clear();
    info.status = 0;
    info.finishedAt.reset();
    info.reason = "1 request is ahead of it";
    return info;
}

/// 500 records in pages, one that runs.
struct Fixture : StudioFixture {
    std::vector<RequestInfo> liveOnes{live(9000, "running")};
    int records = 500;
    RequestsPage page{studio};

    Fixture()
    {
        control().requestPage = [this](const RequestQuery& query) {
            control::Page<RequestInfo> answer;
            if (!query.state.empty()) {
                for (const RequestInfo& info : liveOnes) {
                    if (info.state == query.state)
                        answer.items.push_back(info);
                }
                return answer;
            }
            const int from = query.page.cursor.empty() ? records : std::stoi(query.page.cursor);
            for (int number = from; number > 0 && from - number < query.page.limit; --number)
                answer.items.push_back(record(number));
            const int next = from - query.page.limit;
            answer.next = next > 0 ? std::to_string(next) : "";
            return answer;
        };
        control().requestDetail = {record(500),
            R"({"id": "r0500", "input": {"prompt": "a small green star"}, "output": {"seed": 7}, "timings": {"steps": [0.5, 0.5]}})"};
        page.resize(1100, 700);
        page.show();
        page.feed().reload();
    }

    bool isLoaded() { return QTest::qWaitFor([this] { return !page.feed().isLoading() && page.model().recordCount() > 0; }); }
    const RequestQuery& lastQuestion() { return control().requestQueries.back(); }

    template <class T>
    T* find(const char* accessibleName = nullptr)
    {
        for (T* const child : page.findChildren<T*>()) {
            if (!accessibleName || child->accessibleName() == QLatin1String(accessibleName))
                return child;
        }
        return nullptr;
    }

    /// A request ends now.
    void end(int number, const char* outcome = "success")
    {
        RequestInfo info = record(number);
        info.finishedAt = wallClockNow();
        info.outcome = outcome;
        std::erase_if(liveOnes, [&](const RequestInfo& one) { return one.id == info.id; });
        control().tell(control::RequestChanged{info});
    }
};

} // namespace

class TestRequestsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsLiveOnesAndOnePage()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        QCOMPARE(fixture.page.model().recordCount(), kPage);
        QTRY_COMPARE(fixture.page.model().liveCount(), 1);
        QVERIFY(fixture.page.model().canFetchMore({}));
    }

    void scrollingFetchesMore()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.find<QTableView>()->scrollToBottom();
        QTRY_COMPARE(fixture.page.model().recordCount(), 2 * kPage);
        fixture.find<QTableView>()->scrollToBottom();
        QTRY_COMPARE(fixture.page.model().recordCount(), 500);
        QVERIFY(!fixture.page.model().canFetchMore({}));
    }

    void eventsMoveRequests()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        QTRY_COMPARE(fixture.page.model().liveCount(), 1);
        fixture.control().tell(control::RequestChanged{live(9001, "queued")});
        QTRY_COMPARE(fixture.page.model().liveCount(), 2);
        fixture.end(9001);
        QTRY_COMPARE(fixture.page.model().liveCount(), 1);
        QCOMPARE(fixture.page.model().at(1).id, std::string("r9001"));
    }

    void aFilterKeepsOthersOut()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        RequestQuery query;
        query.outcome = "error";
        fixture.studio.navigator.showRequests(query);
        QVERIFY(fixture.isLoaded());
        QCOMPARE(fixture.lastQuestion().outcome, std::string("error"));
        QCOMPARE(fixture.page.model().liveCount(), 0);
        const int before = fixture.page.model().recordCount();
        fixture.end(9000);
        fixture.end(9002, "error");
        QTRY_COMPARE(fixture.page.model().recordCount(), before + 1);
        QCOMPARE(fixture.page.model().at(0).id, std::string("r9002"));
    }

    void aQueryOfAnotherPageIsWhole()
    {
        Fixture fixture;
        RequestQuery query;
        query.app = "shapes";
        query.replica = "replica-1";
        query.minTotal = 0.5;
        query.maxTotal = 1.0;
        query.cold = true;
        query.since = fromMilliseconds(1000);
        query.until = fromMilliseconds(60'000);
        query.sort = "slowest";
        fixture.studio.navigator.showRequests(query);
        const RequestQuery asked = fixture.lastQuestion();
        QCOMPARE(asked.app, query.app);
        QCOMPARE(asked.replica, query.replica);
        QCOMPARE(asked.minTotal, query.minTotal);
        QCOMPARE(asked.maxTotal, query.maxTotal);
        QCOMPARE(asked.cold, query.cold);
        QCOMPARE(asked.since, query.since);
        QCOMPARE(asked.until, query.until);
        QCOMPARE(asked.sort, query.sort);
        fixture.studio.navigator.showRequests({});
        QVERIFY(fixture.lastQuestion().replica.empty());
        QVERIFY(!fixture.lastQuestion().cold);
        QVERIFY(!fixture.lastQuestion().since);
    }

    void statusesAreRead_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<int>("status");
        QTest::newRow("one") << "422" << 422;
        QTest::newRow("class") << "4xx" << 4;
        QTest::newRow("half typed") << "4" << 0;
        QTest::newRow("nonsense") << "9zz" << 0;
    }

    void statusesAreRead()
    {
        QFETCH(QString, text);
        QFETCH(int, status);
        Fixture fixture;
        auto* const field = fixture.find<QLineEdit>("Status");
        QVERIFY(field);
        QTest::keyClicks(field, text);
        QCOMPARE(fixture.find<RequestFilterBar>()->query().status.value_or(0), status);
    }

    void showsARequest()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.studio.navigator.showRequest(QStringLiteral("r0500"));
        auto* const panel = fixture.find<RequestPanel>();
        QTRY_VERIFY(panel->document());
        QVERIFY(fixture.find<QPlainTextEdit>("Input")->toPlainText().contains(QStringLiteral("a small green star")));
        QVERIFY(fixture.find<Timeline>()->accessibleName().contains(QStringLiteral("Denoise")));
        QVERIFY(fixture.studio.commands.find(QStringLiteral("requests.replay"))->isEnabled());
        QVERIFY(!fixture.studio.commands.find(QStringLiteral("requests.cancel"))->isEnabled());
    }

    void replaysAndCopies()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        std::optional<Generation> replayed;
        connect(&fixture.studio.navigator, &Navigator::replayWanted, this, [&](const Generation& generation) { replayed = generation; });
        fixture.studio.commands.find(QStringLiteral("requests.replay"))->trigger(); // nothing is chosen
        QVERIFY(!replayed);
        fixture.studio.navigator.showRequest(QStringLiteral("r0500"));
        QTRY_VERIFY(fixture.find<RequestPanel>()->document());
        fixture.studio.commands.find(QStringLiteral("requests.replay"))->trigger();
        QCOMPARE(replayed->app, QStringLiteral("shapes"));
        QVERIFY(replayed->input.contains(QStringLiteral("a small green star")));
        fixture.studio.commands.find(QStringLiteral("requests.copy_curl"))->trigger();
        QVERIFY(QGuiApplication::clipboard()->text().contains(QStringLiteral("a small green star")));
    }

    void cancelsALiveOne()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        fixture.control().requestDetail = {live(9000, "running"), R"({"id": "r9000", "input": {}})"};
        fixture.studio.navigator.showRequest(QStringLiteral("r9000"));
        QTRY_VERIFY(fixture.studio.commands.find(QStringLiteral("requests.cancel"))->isEnabled());
        fixture.studio.commands.find(QStringLiteral("requests.cancel"))->trigger();
        QCOMPARE(fixture.control().count("cancelRequest r9000"), 1);
        fixture.control().requestDetail = {record(9000), R"({"id": "r9000"})"};
        fixture.end(9000, "cancelled");
        QTRY_VERIFY(!fixture.studio.commands.find(QStringLiteral("requests.cancel"))->isEnabled());
    }

    void anErrorIsABanner()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        QTRY_VERIFY(fixture.target().isConnected());
        fixture.control().failures["requests"] = {ErrorCode::Io, "the disk is full", {}};
        fixture.page.feed().reload();
        QTRY_VERIFY(fixture.find<ErrorBanner>()->isVisible());
        fixture.control().failures.clear();
        fixture.page.feed().reload();
        QTRY_VERIFY(!fixture.find<ErrorBanner>()->isVisible());
    }

    void comesBackAfterABreak()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        QTRY_VERIFY(fixture.target().isConnected());
        fixture.control().setConnection({control::ConnectionState::Kind::Retrying, 1, "gone"});
        fixture.liveOnes.clear();
        fixture.records = 510;
        fixture.control().setConnection({control::ConnectionState::Kind::Connected, 0, {}});
        QTRY_COMPARE(fixture.page.model().recordCount(), kPage + 10);
        QCOMPARE(fixture.page.model().at(0).id, std::string("r0510"));
        QCOMPARE(fixture.page.model().liveCount(), 0);
    }

    void aLongBreakStartsAnew()
    {
        Fixture fixture;
        QVERIFY(fixture.isLoaded());
        QTRY_VERIFY(fixture.target().isConnected());
        fixture.control().setConnection({control::ConnectionState::Kind::Retrying, 1, "gone"});
        fixture.records = 5000;
        fixture.control().setConnection({control::ConnectionState::Kind::Connected, 0, {}});
        QTRY_VERIFY(fixture.page.model().hasRecord("r5000"));
        QVERIFY(!fixture.page.model().hasRecord("r0500"));
    }
};

QTEST_MAIN(TestRequestsPage)
#include "tst_requests_page.moc"
