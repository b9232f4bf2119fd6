// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_control.h"
#include "tests/ui/log_lines.h"
#include "ui/commands/log_feed.h"

#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using test::FakeControl;
using test::logLine;
using test::logLines;
using Kind = control::ConnectionState::Kind;

namespace {

/// A host that keeps `stored`, and answers with pages of it.
struct Host {
    std::vector<control::LogLine> stored;
    std::size_t pageLines = 1000;
    FakeControl* control = nullptr;
    std::unique_ptr<Target> target;

    Host()
    {
        auto made = std::make_unique<FakeControl>();
        control = made.get();
        control->logPage = [this](const control::LogQuery& query) { return page(query); };
        target = std::make_unique<Target>(QStringLiteral("host"), control::HostAddress{}, false, std::move(made));
    }

    control::Page<control::LogLine> page(const control::LogQuery& query) const
    {
        std::vector<control::LogLine> wanted;
        for (const control::LogLine& line : stored) {
            if ((!query.since || line.time >= *query.since) && (query.app.empty() || line.app == query.app))
                wanted.push_back(line);
        }
        if (query.newestFirst)
            std::ranges::reverse(wanted);
        const std::size_t from = query.page.cursor.empty() ? 0 : std::stoul(query.page.cursor);
        const std::size_t to = std::min(from + pageLines, wanted.size());
        return {.items = {wanted.begin() + static_cast<std::ptrdiff_t>(from), wanted.begin() + static_cast<std::ptrdiff_t>(to)},
            .next = to < wanted.size() ? std::to_string(to) : ""};
    }

    void tell(const std::vector<control::LogLine>& lines)
    {
        for (const control::LogLine& line : lines) {
            stored.push_back(line);
            control->tell(control::LogAdded{line});
        }
    }

    void connect() { control->setConnection({.kind = Kind::Connected, .retrySeconds = 0, .reason = {}}); }
    void lose() { control->setConnection({.kind = Kind::Retrying, .retrySeconds = 1, .reason = "The host is gone."}); }
};

QStringList textsOf(const LogModel& model)
{
    QStringList texts;
    for (LineId line = model.first(); line < model.end(); ++line)
        texts += QString::fromStdString(std::string(model.at(line).text));
    return texts;
}

QStringList numbered(int first, int count)
{
    QStringList texts;
    for (int i = first; i < first + count; ++i)
        texts += QStringLiteral("line %1").arg(i);
    return texts;
}

} // namespace

class TestLogFeed : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void loadsTheLatestLines();
    void loadsOlderLinesOnDemand();
    void showsLiveLinesOnce();
    void keepsEqualLinesApart();
    void asksForWhatWasMissed();
    void fetchesManyMissedPages();
    void beginsAnewAfterALongBreak();
    void showsLiveLinesWhenHistoryFails();
    void takesOnlyLinesOfItsQuery();
    void forgetsAnswersOfAnotherQuery();
    void survivesTheEndOfItsHost();
    void clears();
    void loadsNothingBeforeDroppedLines();
};

void TestLogFeed::loadsTheLatestLines()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 50);
    feed.setTarget(host.target.get());
    QVERIFY(!feed.isLoading());
    QCOMPARE(host.control->count("logs"), 0); // not before there is a connection
    host.connect();
    QVERIFY(feed.isLoading());
    QTRY_COMPARE(textsOf(model), numbered(0, 50));
    QVERIFY(!feed.isLoading() && !feed.hasOlder() && !feed.error());
    QVERIFY(host.control->logQueries.front().newestFirst);
}

void TestLogFeed::loadsOlderLinesOnDemand()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 25);
    host.pageLines = 10;
    feed.setTarget(host.target.get());
    feed.loadOlder(); // too early: ignored
    host.connect();
    QTRY_COMPARE(textsOf(model), numbered(15, 10));
    QVERIFY(feed.hasOlder());
    feed.loadOlder();
    feed.loadOlder(); // one question at a time
    QTRY_COMPARE(textsOf(model), numbered(5, 20));
    feed.loadOlder();
    QTRY_COMPARE(textsOf(model), numbered(0, 25));
    QVERIFY(!feed.hasOlder());
    QCOMPARE(host.control->count("logs"), 3);
}

void TestLogFeed::showsLiveLinesOnce()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 10);
    feed.setTarget(host.target.get());
    host.connect();
    host.tell(logLines(10, 5)); // stored before the question is answered: they come twice
    QCOMPARE(model.count(), 0);
    QTRY_COMPARE(textsOf(model), numbered(0, 15));
    host.tell(logLines(15, 5));
    QTRY_COMPARE(textsOf(model), numbered(0, 20));
}

void TestLogFeed::keepsEqualLinesApart()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    const std::vector<control::LogLine> same(7, logLine("tick"));
    host.stored.assign(same.begin(), same.begin() + 3);
    feed.setTarget(host.target.get());
    host.connect();
    QTRY_COMPARE(model.count(), 3);
    host.tell({same.begin(), same.begin() + 4});
    QTRY_COMPARE(model.count(), 7);
}

void TestLogFeed::asksForWhatWasMissed()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 10);
    feed.setTarget(host.target.get());
    host.connect();
    QTRY_COMPARE(model.count(), 10);
    host.lose();
    host.stored = logLines(0, 16); // six lines while nobody listened
    host.connect();
    host.tell(logLines(16, 2));
    QTRY_COMPARE(textsOf(model), numbered(0, 18));
    QVERIFY(host.control->logQueries.back().since.has_value());
    host.tell(logLines(18, 1));
    QTRY_COMPARE(textsOf(model), numbered(0, 19));
}

void TestLogFeed::fetchesManyMissedPages()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 4);
    host.pageLines = 5;
    feed.setTarget(host.target.get());
    host.connect();
    QTRY_COMPARE(model.count(), 4);
    host.lose();
    host.stored = logLines(0, 40);
    host.connect();
    host.tell(logLines(40, 3)); // newer than all pages: must stay behind them
    QTRY_COMPARE(textsOf(model), numbered(0, 43));
}

void TestLogFeed::beginsAnewAfterALongBreak()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 4);
    host.pageLines = 5;
    feed.setTarget(host.target.get());
    host.connect();
    QTRY_COMPARE(model.count(), 4);
    host.lose();
    host.stored = logLines(0, 1000); // more pages than are worth it
    host.connect();
    QTRY_COMPARE(textsOf(model), numbered(995, 5));
    QVERIFY(feed.hasOlder());
}

void TestLogFeed::showsLiveLinesWhenHistoryFails()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.control->failures["logs"] = Error{ErrorCode::Unavailable, "The disk is full.", {}};
    feed.setTarget(host.target.get());
    host.connect();
    host.tell(logLines(0, 2));
    QTRY_COMPARE(textsOf(model), numbered(0, 2));
    QVERIFY(feed.error() && feed.error()->message == "The disk is full.");
    QVERIFY(!feed.isLoading());
    host.control->failures.clear();
    feed.reload();
    QTRY_VERIFY(!feed.error() && !feed.isLoading());
    QCOMPARE(textsOf(model), numbered(0, 2));
}

void TestLogFeed::takesOnlyLinesOfItsQuery()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = {logLine("mine", "error"), logLine("other", "error", "other")};
    feed.setTarget(host.target.get());
    control::LogQuery query;
    query.app = "shapes";
    query.level = "warning";
    query.search = "MINE";
    feed.setQuery(query);
    host.connect();
    QTRY_COMPARE(textsOf(model), QStringList({QStringLiteral("mine")}));
    QCOMPARE(host.control->logQueries.back().search, std::string("MINE"));
    host.tell({logLine("mine, but quiet"), logLine("not of it", "error"), logLine("mine", "error", "other"), logLine("Mine again", "warning")});
    QTRY_COMPARE(textsOf(model), QStringList({QStringLiteral("mine"), QStringLiteral("Mine again")}));
    query.until = wallClockNow();
    feed.setQuery(query);
    QTRY_VERIFY(!feed.isLoading());
    const auto before = model.count();
    host.tell({logLine("mine, too late", "error")});
    QTest::qWait(60);
    QCOMPARE(model.count(), before);
}

void TestLogFeed::forgetsAnswersOfAnotherQuery()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 10);
    feed.setTarget(host.target.get());
    host.connect();
    host.control->holds = true;
    QTRY_COMPARE(host.control->count("logs"), 1);
    control::LogQuery query;
    query.app = "nobody";
    feed.setQuery(query);
    host.control->release();
    QTRY_COMPARE(host.control->count("logs"), 2);
    QTRY_VERIFY(!feed.isLoading());
    QCOMPARE(model.count(), 0);
}

void TestLogFeed::survivesTheEndOfItsHost()
{
    LogModel model({});
    LogFeed feed(model);
    auto host = std::make_unique<Host>();
    host->stored = logLines(0, 10);
    feed.setTarget(host->target.get());
    host->connect();
    host->control->holds = true;
    QTRY_COMPARE(host->control->count("logs"), 1);
    host.reset();
    QTest::qWait(10);
    feed.loadOlder();
    QVERIFY(!feed.target());
    feed.setTarget(nullptr);
    QCOMPARE(model.count(), 0);
}

void TestLogFeed::clears()
{
    LogModel model({});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 25);
    host.pageLines = 10;
    feed.setTarget(host.target.get());
    host.connect();
    QTRY_COMPARE(model.count(), 10);
    feed.clear();
    QCOMPARE(model.count(), 0);
    QVERIFY(!feed.hasOlder());
    host.tell(logLines(25, 1));
    QTRY_COMPARE(textsOf(model), numbered(25, 1));
    feed.reload();
    QTRY_COMPARE(textsOf(model), numbered(16, 10));
}

void TestLogFeed::loadsNothingBeforeDroppedLines()
{
    LogModel model({.lines = 12, .bytes = 1'000'000});
    LogFeed feed(model);
    Host host;
    host.stored = logLines(0, 50);
    host.pageLines = 10;
    feed.setTarget(host.target.get());
    host.connect();
    QTRY_COMPARE(model.count(), 10);
    QVERIFY(feed.hasOlder());
    host.tell(logLines(50, 5)); // drops three: what is older than those would leave a hole
    QTRY_COMPARE(model.droppedCount(), 3);
    QVERIFY(!feed.hasOlder());
    feed.loadOlder();
    QVERIFY(!feed.isLoading());
}

QTEST_GUILESS_MAIN(TestLogFeed)
#include "tst_log_feed.moc"
