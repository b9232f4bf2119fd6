// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/log_lines.h"
#include "ui/models/log_export.h"
#include "ui/models/log_search.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using test::logLine;
using test::logLines;

namespace {

LogFilter searchFor(const QString& pattern)
{
    LogFilter filter;
    filter.pattern = pattern;
    return filter;
}

QStringList texts(const LogModel& model, const LogSearch& search)
{
    QStringList texts;
    for (std::int64_t row = 0; row < search.rowCount(); ++row)
        texts += QString::fromStdString(std::string(model.at(search.lineAt(row)).text));
    return texts;
}

} // namespace

class TestLogSearch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void showsEverythingAtFirst();
    void filtersByLevelAndScope();
    void findsMatches();
    void stepsThroughMatchesAndWraps();
    void looksForPlainTextToo();
    void tellsWhatIsWrongWithAnExpression_data();
    void tellsWhatIsWrongWithAnExpression();
    void showsMatchesWithContext();
    void followsLinesThatCome();
    void followsOlderLines();
    void searchesAcrossTheLimit();
    void forgetsMatchesThatWereDropped();
    void takesAnotherFilterWhileSearching();
    void survivesAClearWhileSearching();
    void survivesItsEndWhileSearching();
    void isNotHeldUpByACostlyExpression();
    void tellsPlacesInALine();
    void copiesPartsOfLines();
    void savesLines();
    void tellsWhyItCannotSave();
};

void TestLogSearch::showsEverythingAtFirst()
{
    LogModel model({});
    LogSearch search(model);
    QCOMPARE(search.rowCount(), 0);
    model.append(logLines(0, 3));
    QCOMPARE(search.rowCount(), 3);
    QCOMPARE(search.rowOf(model.first() + 1), 1);
    QCOMPARE(search.rowOf(model.end() + 5), 3);
    QVERIFY(!search.isSearching() && !search.isBusy());
    QVERIFY(!search.nextMatch(0) && !search.previousMatch(0));
}

void TestLogSearch::filtersByLevelAndScope()
{
    LogModel model({});
    LogSearch search(model);
    control::LogLine request = logLine("e", "error", "other");
    request.request = "q-1";
    request.replica = "r-2";
    model.append(std::vector{logLine("a", "debug"), logLine("b"), logLine("c", "warning"), logLine("d", "error"), request});
    LogFilter filter;
    filter.level = LogLevel::Warning;
    search.setFilter(filter);
    QTRY_COMPARE(texts(model, search), QStringList({QStringLiteral("c"), QStringLiteral("d"), QStringLiteral("e")}));
    filter.app = "shapes";
    search.setFilter(filter);
    QTRY_COMPARE(texts(model, search), QStringList({QStringLiteral("c"), QStringLiteral("d")}));
    filter = {};
    filter.replica = "r-2";
    search.setFilter(filter);
    QTRY_COMPARE(texts(model, search), QStringList({QStringLiteral("e")}));
    filter = {};
    filter.request = "q-2";
    search.setFilter(filter);
    QTRY_COMPARE(search.rowCount(), 0);
    search.setFilter({});
    QCOMPARE(search.rowCount(), 5); // at once: nothing to look for
}

void TestLogSearch::findsMatches()
{
    LogModel model({});
    model.append(logLines(0, 50'000));
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("^line \\d*77$")));
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 500);
    QCOMPARE(search.rowCount(), 50'000); // a search hides nothing
    QVERIFY(search.isMatch(model.first() + 77));
    QVERIFY(!search.isMatch(model.first() + 78));
    QCOMPARE(search.matchNumber(model.first() + 177), 1);
    LogFilter sensitive = searchFor(QStringLiteral("LINE"));
    search.setFilter(sensitive);
    QTRY_COMPARE(search.matchCount(), 50'000);
    sensitive.isCaseSensitive = true;
    search.setFilter(sensitive);
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 0);
}

void TestLogSearch::stepsThroughMatchesAndWraps()
{
    LogModel model({});
    model.append(logLines(0, 100));
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("line (20|40|60)$")));
    QTRY_COMPARE(search.matchCount(), 3);
    const LineId first = model.first();
    QCOMPARE(*search.nextMatch(first + 20), first + 40);
    QCOMPARE(*search.nextMatch(first + 60), first + 20);
    QCOMPARE(*search.previousMatch(first + 40), first + 20);
    QCOMPARE(*search.previousMatch(first + 20), first + 60);
    QCOMPARE(*search.previousMatch(model.end()), first + 60);
}

void TestLogSearch::looksForPlainTextToo()
{
    LogModel model({});
    model.append(std::vector{logLine("a(b"), logLine("ab"), logLine("a.b")});
    LogSearch search(model);
    LogFilter filter = searchFor(QStringLiteral("a(b"));
    filter.isRegex = false;
    search.setFilter(filter);
    QVERIFY(search.error().isEmpty());
    QTRY_COMPARE(search.matchCount(), 1);
    filter.pattern = QStringLiteral("a.b");
    search.setFilter(filter);
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 1);
}

void TestLogSearch::tellsWhatIsWrongWithAnExpression_data()
{
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<QString>("place");
    QTest::newRow("parenthesis") << QStringLiteral("a(b") << QStringLiteral("character 4");
    QTest::newRow("class") << QStringLiteral("[a-") << QStringLiteral("character 4");
    QTest::newRow("quantifier") << QStringLiteral("*a") << QStringLiteral("character 1");
    QTest::newRow("group") << QStringLiteral("(?P<x") << QStringLiteral("character 6");
}

void TestLogSearch::tellsWhatIsWrongWithAnExpression()
{
    QFETCH(QString, pattern);
    QFETCH(QString, place);
    LogModel model({});
    model.append(logLines(0, 10));
    LogSearch search(model);
    QSignalSpy changed(&search, &LogSearch::matchesChanged);
    LogFilter filter = searchFor(pattern);
    filter.onlyMatches = true;
    search.setFilter(filter);
    QVERIFY2(search.error().contains(place), qPrintable(search.error()));
    QVERIFY(changed.count() > 0);
    QVERIFY(!search.isSearching());
    QCOMPARE(search.rowCount(), 10); // nothing is hidden by what cannot match
    search.setFilter(searchFor(QStringLiteral("line 3")));
    QVERIFY(search.error().isEmpty());
    QTRY_COMPARE(search.matchCount(), 1);
}

void TestLogSearch::showsMatchesWithContext()
{
    LogModel model({});
    std::vector<control::LogLine> lines = logLines(0, 30'000);
    for (std::size_t i = 0; i < lines.size(); i += 2)
        lines[i].level = "debug";
    model.append(lines);
    LogSearch search(model);
    LogFilter filter = searchFor(QStringLiteral("line 15001$"));
    filter.onlyMatches = true;
    search.setFilter(filter);
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(texts(model, search), QStringList({QStringLiteral("line 15001")}));
    filter.context = 2;
    search.setFilter(filter);
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(texts(model, search), QStringList({QStringLiteral("line 14999"), QStringLiteral("line 15000"), QStringLiteral("line 15001"),
                                       QStringLiteral("line 15002"), QStringLiteral("line 15003")}));
    filter.level = LogLevel::Info; // context is of the lines that pass
    filter.context = 1;
    search.setFilter(filter);
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(texts(model, search), QStringList({QStringLiteral("line 14999"), QStringLiteral("line 15001"), QStringLiteral("line 15003")}));
}

void TestLogSearch::followsLinesThatCome()
{
    LogModel model({});
    LogSearch search(model);
    LogFilter filter = searchFor(QStringLiteral("5$"));
    filter.onlyMatches = true;
    search.setFilter(filter);
    for (int i = 0; i < 100; ++i) {
        model.append(logLines(i * 10, 10));
        if (i % 7 == 0)
            QTest::qWait(1);
    }
    QTRY_COMPARE(search.rowCount(), 100);
    QCOMPARE(texts(model, search).last(), QStringLiteral("line 995"));
}

void TestLogSearch::followsOlderLines()
{
    LogModel model({});
    model.append(logLines(1000, 100));
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("0$")));
    QTRY_COMPARE(search.matchCount(), 10);
    model.prepend(logLines(0, 1000));
    QTRY_COMPARE(search.matchCount(), 110);
    QCOMPARE(*search.nextMatch(model.end()), model.first());
}

void TestLogSearch::searchesAcrossTheLimit()
{
    LogModel model({.lines = 20'000, .bytes = 100'000'000});
    model.append(logLines(0, 20'000));
    LogSearch search(model);
    LogFilter filter = searchFor(QStringLiteral("00$"));
    filter.onlyMatches = true;
    search.setFilter(filter);
    for (int i = 20'000; i < 90'000; i += 500) { // lines come and go while it looks
        model.append(logLines(i, 500));
        QCoreApplication::processEvents();
        if (search.rowCount() > 0)
            QVERIFY(search.lineAt(0) >= model.first());
        if (search.matchCount() > 0)
            QVERIFY(*search.nextMatch(model.end()) >= model.first());
    }
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 200);
    QCOMPARE(search.rowCount(), 200);
    QCOMPARE(texts(model, search).first(), QStringLiteral("line 70000"));
    QCOMPARE(texts(model, search).last(), QStringLiteral("line 89900"));
}

void TestLogSearch::forgetsMatchesThatWereDropped()
{
    LogModel model({.lines = 100, .bytes = 1'000'000});
    model.append(logLines(0, 100));
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("line 5$")));
    QTRY_COMPARE(search.matchCount(), 1);
    model.append(logLines(200, 100));
    QCOMPARE(search.matchCount(), 0);
    QVERIFY(!search.nextMatch(0));
}

void TestLogSearch::takesAnotherFilterWhileSearching()
{
    LogModel model({});
    model.append(logLines(0, 200'000));
    LogSearch search(model);
    for (int i = 0; i < 40; ++i) {
        LogFilter filter = searchFor(QStringLiteral("line %1").arg(i));
        filter.onlyMatches = i % 2 == 0;
        filter.level = i % 3 == 0 ? LogLevel::Error : LogLevel::Debug;
        search.setFilter(filter);
        if (i % 4 == 0)
            QTest::qWait(3);
    }
    LogFilter last = searchFor(QStringLiteral("line 199999$"));
    last.onlyMatches = true;
    search.setFilter(last);
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 1);
    QCOMPARE(texts(model, search), QStringList({QStringLiteral("line 199999")}));
}

void TestLogSearch::survivesAClearWhileSearching()
{
    LogModel model({});
    model.append(logLines(0, 100'000));
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("line")));
    QVERIFY(search.isBusy());
    model.clear();
    model.append(logLines(7, 2));
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 2);
    QCOMPARE(*search.nextMatch(model.end()), model.first());
}

void TestLogSearch::survivesItsEndWhileSearching()
{
    LogModel model({});
    model.append(logLines(0, 100'000));
    {
        LogSearch search(model);
        search.setFilter(searchFor(QStringLiteral("(l|li|lin)+e .*9.*8")));
    }
    QTest::qWait(10);
    model.append(logLines(0, 1));
}

void TestLogSearch::isNotHeldUpByACostlyExpression()
{
    LogModel model({});
    std::vector<control::LogLine> lines;
    for (int i = 0; i < 200; ++i)
        lines.push_back(logLine(std::string(200, 'a') + "!"));
    lines.push_back(logLine("aaa"));
    model.append(lines);
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("^(a+)+$"))); // would take 2^200 steps
    QTRY_VERIFY(!search.isBusy());
    QCOMPARE(search.matchCount(), 1);
    QCOMPARE(search.unsearchedCount(), 200);
    QVERIFY(search.places(QString(200, QLatin1Char('a')) + QLatin1Char('!')).empty());
}

void TestLogSearch::tellsPlacesInALine()
{
    LogModel model({});
    LogSearch search(model);
    search.setFilter(searchFor(QStringLiteral("ab*")));
    const auto places = search.places(QStringLiteral("xabb a"));
    QCOMPARE(places.size(), 2u);
    QCOMPARE(places[0], std::pair(1, 3));
    QCOMPARE(places[1], std::pair(5, 1));
    search.setFilter(searchFor(QStringLiteral("z*")));
    QVERIFY(search.places(QStringLiteral("aaaa")).empty()); // nothing to mark in an empty match
}

void TestLogSearch::copiesPartsOfLines()
{
    LogModel model({});
    model.append(std::vector{logLine("first"), logLine("\xe4\xb8\xad\xe6\x96\x87"), logLine("last")});
    LogSearch search(model);
    const LogExtract all = search.extract(0, 3);
    QCOMPARE(plainText(all, 2, 3, 1000), QStringLiteral("rst\n\u4e2d\u6587\nlas"));
    QCOMPARE(plainText(search.extract(1, 2), 1, 2, 1000), QStringLiteral("\u6587"));
    QCOMPARE(plainText(search.extract(2, 3), 0, -1, 1000), QStringLiteral("last"));
    QCOMPARE(plainText({}, 0, 5, 1000), QString());
    QCOMPARE(plainText(all, 0, 4, 3), QStringLiteral("first")); // stops behind the line that passes the limit
    LogFilter filter;
    filter.level = LogLevel::Error;
    search.setFilter(filter);
    QTRY_COMPARE(search.rowCount(), 0);
    QVERIFY(search.extract(0, 10).runs.empty());
}

void TestLogSearch::savesLines()
{
    LogModel model({});
    std::vector<control::LogLine> lines = logLines(0, 20'000);
    lines[19'999].level = "error";
    lines[19'999].request = "q-7";
    model.append(lines);
    LogSearch search(model);
    QTemporaryDir folder;
    const QString path = folder.filePath(QStringLiteral("a.log"));
    QVERIFY(saveLines(search.extract(0, search.rowCount()), path).has_value());
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArrayList saved = file.readAll().split('\n');
    QCOMPARE(saved.size(), 20'001);
    QCOMPARE(saved[0], QByteArray("2023-11-14T22:13:20.000Z info shapes r-1 -: line 0"));
    QCOMPARE(saved[19'999], QByteArray("2023-11-14T22:13:39.999Z error shapes r-1 q-7: line 19999"));
    LogFilter filter = searchFor(QStringLiteral("line 1999.$"));
    filter.onlyMatches = true;
    search.setFilter(filter);
    QTRY_COMPARE(search.rowCount(), 10);
    QVERIFY(saveLines(search.extract(0, search.rowCount()), path).has_value());
    QCOMPARE(QFileInfo(path).size(), saved[19'999].size() + 9 * saved[19'998].size() + 10);
}

void TestLogSearch::tellsWhyItCannotSave()
{
    LogModel model({});
    model.append(logLines(0, 3));
    LogSearch search(model);
    const auto outcome = saveLines(search.extract(0, 3), QStringLiteral("/nowhere/at/all/a.log"));
    QVERIFY(!outcome);
    QVERIFY(outcome.error().code == ErrorCode::Io);
    QVERIFY(outcome.error().message.find("/nowhere/at/all/a.log") != std::string::npos);
}

QTEST_MAIN(TestLogSearch)
#include "tst_log_search.moc"
