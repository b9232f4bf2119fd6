// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/log_lines.h"
#include "ui/models/log_model.h"
#include "ui/models/log_rows.h"
#include "ui/models/log_text.h"
#include "ui/models/log_volume.h"

#include <QRandomGenerator>
#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using test::logLine;
using test::logLines;

namespace {

std::string textAt(const LogModel& model, LineId line) { return std::string(model.at(line).text); }

/// Rows of `passing` that are at most `context` away from a match.
std::vector<LineId> nearMatches(const std::vector<std::pair<LineId, bool>>& passing, int context)
{
    std::vector<LineId> rows;
    for (int i = 0; i < std::ssize(passing); ++i) {
        for (int k = std::max(0, i - context); k < std::min<int>(static_cast<int>(passing.size()), i + context + 1); ++k) {
            if (passing[static_cast<std::size_t>(k)].second) {
                rows.push_back(passing[static_cast<std::size_t>(i)].first);
                break;
            }
        }
    }
    return rows;
}

} // namespace

class TestLogModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsWhatCame();
    void dropsTheOldestAtTheLimit();
    void dropsByBytes();
    void keepsNumbersWhenLinesGo();
    void takesOlderLinesInFront();
    void leavesOutOlderLinesBeyondTheLimit();
    void clears();
    void letsOtherThreadsReadWhatWasDropped();
    void holdsManyBlocks();
    void holdsNamesOfAnyLength();
    void showsHostileTextsSafely_data();
    void showsHostileTextsSafely();
    void cutsAnEndlessLine();
    void doesNotCutWithinACharacter();
    void findsRowsNearMatches();
    void countsVolume();
};

void TestLogModel::keepsWhatCame()
{
    LogModel model({});
    QSignalSpy changed(&model, &LogModel::changed);
    control::LogLine line = logLine("hello", "warning", "shapes");
    line.request = "q-1";
    model.append(std::vector{line, logLine("bye", "nonsense")});
    QCOMPARE(changed.count(), 1);
    QCOMPARE(model.count(), 2);
    const LogEntry entry = model.at(model.first());
    QCOMPARE(entry.time, toMilliseconds(line.time));
    QVERIFY(entry.level == LogLevel::Warning);
    QVERIFY(entry.app == "shapes" && entry.replica == "r-1" && entry.request == "q-1" && entry.text == "hello");
    QVERIFY(model.at(model.first() + 1).level == LogLevel::Info); // an unknown level
    model.append({});
    QCOMPARE(changed.count(), 1);
}

void TestLogModel::dropsTheOldestAtTheLimit()
{
    LogModel model({.lines = 10, .bytes = 1'000'000});
    model.append(logLines(0, 25));
    QCOMPARE(model.count(), 10);
    QCOMPARE(model.droppedCount(), 15);
    QVERIFY(model.isFull());
    QCOMPARE(textAt(model, model.first()), std::string("line 15"));
    QCOMPARE(textAt(model, model.end() - 1), std::string("line 24"));
    model.append(logLines(25, 1));
    QCOMPARE(textAt(model, model.first()), std::string("line 16"));
    QCOMPARE(model.droppedCount(), 16);
}

void TestLogModel::dropsByBytes()
{
    LogModel model({.lines = 1'000'000, .bytes = 2'000'000});
    const std::string wide(10'000, 'x');
    for (int i = 0; i < 1000; ++i)
        model.append(std::vector{logLine(wide + std::to_string(i))});
    QVERIFY(model.count() < 210);
    QVERIFY(model.count() > 100);
    QCOMPARE(model.count() + model.droppedCount(), 1000);
    QCOMPARE(textAt(model, model.end() - 1), wide + "999");
    QCOMPARE(textAt(model, model.first()), wide + std::to_string(model.droppedCount()));
}

void TestLogModel::keepsNumbersWhenLinesGo()
{
    LogModel model({.lines = 100, .bytes = 1'000'000});
    model.append(logLines(0, 100));
    const LineId line = model.end() - 1;
    model.append(logLines(100, 50));
    QCOMPARE(textAt(model, line), std::string("line 99"));
    QCOMPARE(model.first(), line - 49);
}

void TestLogModel::takesOlderLinesInFront()
{
    LogModel model({});
    model.append(logLines(10, 5));
    const LineId line = model.first();
    model.prepend(logLines(4, 6));
    model.prepend(logLines(0, 4));
    QCOMPARE(model.first(), line - 10);
    QCOMPARE(textAt(model, line), std::string("line 10"));
    for (int i = 0; i < 15; ++i)
        QCOMPARE(textAt(model, model.first() + i), "line " + std::to_string(i));
    model.append(logLines(15, 1));
    QCOMPARE(textAt(model, model.end() - 1), std::string("line 15"));
}

void TestLogModel::leavesOutOlderLinesBeyondTheLimit()
{
    LogModel model({.lines = 10, .bytes = 1'000'000});
    model.prepend(logLines(92, 4)); // into an empty one
    model.append(logLines(96, 4));
    model.prepend(logLines(80, 12));
    QCOMPARE(model.count(), 10);
    QCOMPARE(textAt(model, model.first()), std::string("line 90"));
    QCOMPARE(model.droppedCount(), 0);
    model.prepend(logLines(70, 10));
    QCOMPARE(model.count(), 10);
}

void TestLogModel::clears()
{
    LogModel model({.lines = 10, .bytes = 1'000'000});
    model.append(logLines(0, 20));
    const LineId end = model.end();
    model.clear();
    QCOMPARE(model.count(), 0);
    QCOMPARE(model.droppedCount(), 0);
    QVERIFY(model.runs(0, end).empty());
    model.append(logLines(20, 1));
    QCOMPARE(model.first(), end); // a number is not given twice
    QCOMPARE(textAt(model, end), std::string("line 20"));
}

void TestLogModel::letsOtherThreadsReadWhatWasDropped()
{
    LogModel model({.lines = 5000, .bytes = 1'000'000'000});
    model.append(logLines(0, 5000));
    const std::vector<LogRun> runs = model.runs(model.first() + 10, model.first() + 4990);
    model.append(logLines(5000, 20'000));
    int expected = 10;
    for (const LogRun& run : runs) {
        QCOMPARE(run.first, expected);
        for (int i = 0; i < run.count; ++i, ++expected)
            QCOMPARE(std::string(run.block->at(run.index + i).text), "line " + std::to_string(expected));
    }
    QCOMPARE(expected, 4990);
    QVERIFY(model.runs(0, 10).empty());
}

void TestLogModel::holdsManyBlocks()
{
    LogModel model({.lines = 100'000, .bytes = 1'000'000'000});
    for (int i = 0; i < 130'000; i += 1000)
        model.append(logLines(i, 1000));
    QCOMPARE(model.count(), 100'000);
    for (LineId line = model.first(); line < model.end(); line += 997)
        QCOMPARE(textAt(model, line), "line " + std::to_string(line));
}

void TestLogModel::holdsNamesOfAnyLength()
{
    LogModel model({});
    control::LogLine line = logLine("x");
    line.request = std::string(5000, 'q');
    line.replica.clear();
    model.append(std::vector{line, line});
    model.prepend(std::vector{line});
    QCOMPARE(model.at(model.first()).request.size(), 255u);
    QCOMPARE(model.at(model.end() - 1).request.size(), 255u);
    QVERIFY(model.at(model.end() - 1).replica.empty());
    std::vector<control::LogLine> many;
    for (int i = 0; i < 9000; ++i) { // each with a name of its own: more than a block has room for
        many.push_back(logLine("y"));
        many.back().request = std::string(200, 'a') + std::to_string(i);
    }
    model.append(many);
    QVERIFY(std::string(model.at(model.end() - 1).request).ends_with("a8999"));
}

void TestLogModel::showsHostileTextsSafely_data()
{
    QTest::addColumn<QByteArray>("raw");
    QTest::addColumn<QString>("shown");
    const auto row = [](const char* name, const QByteArray& raw, const QString& shown) { QTest::newRow(name) << raw << shown; };
    row("plain", "hello", QStringLiteral("hello"));
    row("empty", "", {});
    row("line end", "a\r\n", QStringLiteral("a"));
    row("colours", "\x1b[1;31mred\x1b[0m text", QStringLiteral("red text"));
    row("colours in one byte", "\xc2\x9b" "31mred", QStringLiteral("red"));
    row("unfinished colour", "a\x1b[31", QStringLiteral("a"));
    row("lonely escape", "a\x1b", QStringLiteral("a"));
    row("title", "\x1b]0;evil title\x07" "after", QStringLiteral("after"));
    row("title to ST", "\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", QStringLiteral("link"));
    row("unfinished title", "a\x1b]0;never ends", QStringLiteral("a"));
    row("character set", "\x1b(Bx", QStringLiteral("x"));
    row("cursor", "\x1b[2J\x1b[Hgone", QStringLiteral("gone"));
    row("tab", "a\tb", QStringLiteral("a    b"));
    row("carriage return", "10%\r20%", QString(QStringLiteral("10%") + QChar(0x240D) + QStringLiteral("20%")));
    row("two lines", "a\nb", QString(QStringLiteral("a") + QChar(0x240A) + QStringLiteral("b")));
    row("nul", QByteArray("a\0b", 3), QString(QStringLiteral("a") + QChar(0x2400) + QStringLiteral("b")));
    row("delete", "a\x7f", QString(QStringLiteral("a") + QChar(0x2421)));
    row("line separator", "a\xe2\x80\xa8" "b", QString(QStringLiteral("a") + QChar(0x240A) + QStringLiteral("b")));
    row("invalid UTF-8", "a\xff\xfe" "b", QString(QStringLiteral("a") + QChar(0xFFFD) + QChar(0xFFFD) + QStringLiteral("b")));
    row("half a character", "a\xd7", QString(QStringLiteral("a") + QChar(0xFFFD))); // of two bytes: versions of Qt differ on longer ones
    row("right-to-left override", "a\xe2\x80\xae" "b", QStringLiteral("a<U+202E>b"));
    row("isolate", "\xe2\x81\xa6", QStringLiteral("<U+2066>"));
    row("Hebrew stays", "\xd7\xa9\xd7\x9c", QString(QString(QChar(0x05E9)) + QChar(0x05DC)));
    row("emoji stays", "\xf0\x9f\x98\x80", QString::fromUtf8("\xf0\x9f\x98\x80"));
}

void TestLogModel::showsHostileTextsSafely()
{
    QFETCH(QByteArray, raw);
    QFETCH(QString, shown);
    QCOMPARE(QString::fromStdString(safeLogText(raw.toStdString())), shown);
}

void TestLogModel::cutsAnEndlessLine()
{
    const std::string endless(100'000'000, 'x');
    LogModel model({});
    model.append(std::vector{logLine(endless), logLine("next")});
    const std::string text = textAt(model, model.first());
    QVERIFY(text.size() < kLongestLogLine + 100);
    QVERIFY2(text.ends_with("(cut: this line has 100 MB)"), text.substr(text.size() - 60).c_str());
    QCOMPARE(textAt(model, model.end() - 1), std::string("next"));
    model.prepend(std::vector{logLine(endless)});
    QVERIFY(model.at(model.first()).text.size() < kLongestLogLine + 100);
}

void TestLogModel::doesNotCutWithinACharacter()
{
    for (std::size_t shift = 0; shift < 4; ++shift) {
        std::string text(shift, 'a');
        while (text.size() < 2 * kLongestLogLine)
            text += "\xf0\x9f\x98\x80";
        QVERIFY(!QString::fromStdString(safeLogText(text)).contains(QChar(0xFFFD)));
    }
    QVERIFY(safeLogText(std::string(2 * kLongestLogLine, '\x80')).size() < 4 * kLongestLogLine); // nothing but pieces of characters
}

void TestLogModel::findsRowsNearMatches()
{
    QRandomGenerator random(7);
    for (int round = 0; round < 400; ++round) {
        const int context = random.bounded(5);
        const int matchOneIn = 1 + random.bounded(12);
        LogRows rows(context);
        LogRows all;
        std::deque<std::pair<LineId, bool>> passing;
        LineId first = 0, end = 0, dropped = -1'000'000;
        for (int step = 0; step < 120; ++step) {
            const bool isMatch = random.bounded(matchOneIn) == 0;
            const int what = random.bounded(20);
            if (what < 10) {
                end += 1 + random.bounded(3);
                rows.append(end, isMatch);
                all.append(end, isMatch);
                passing.emplace_back(end, isMatch);
            } else if (what < 19) {
                first -= 1 + random.bounded(3);
                if (first < dropped)
                    continue;
                rows.prepend(first, isMatch);
                all.prepend(first, isMatch);
                passing.emplace_front(first, isMatch);
            }
        }
        const std::vector<std::pair<LineId, bool>> known(passing.begin(), passing.end());
        const std::vector<LineId> expected = nearMatches(known, context);
        QCOMPARE(rows.count(), std::ssize(expected));
        for (int i = 0; i < std::ssize(expected); ++i) {
            QCOMPARE(rows.at(i), expected[static_cast<std::size_t>(i)]);
            QCOMPARE(rows.rowOf(expected[static_cast<std::size_t>(i)]), i);
        }
        QCOMPARE(all.count(), std::ssize(known));

        const LineId cut = known[known.size() / 2].first; // the ring goes on
        rows.dropBefore(cut);
        QVERIFY(rows.count() == 0 || rows.at(0) >= cut);
        QCOMPARE(rows.count(), std::ranges::count_if(expected, [&](LineId line) { return line >= cut; }));
        rows.append(end + 10, true);
        QCOMPARE(rows.at(rows.count() - 1), end + 10);
    }
}

void TestLogModel::countsVolume()
{
    LogModel model({});
    std::vector<control::LogLine> lines = logLines(0, 100);
    lines[5].level = "error";
    lines[99].level = "warning";
    model.append(lines);
    const std::int64_t from = toMilliseconds(lines.front().time);
    const LogVolume volume = countVolume(model.runs(model.first(), model.end()), from, from + 100, 10);
    QCOMPARE(volume.columns.size(), 10u);
    for (const LogVolume::Column& column : volume.columns)
        QCOMPARE(column.lines, 10);
    QCOMPARE(volume.columns[0].errors, 1);
    QCOMPARE(volume.columns[9].warnings, 1);
    QCOMPARE(volume.timeOf(10), from + 100);
    const LogVolume part = countVolume(model.runs(model.first(), model.end()), from + 50, from + 60, 3);
    QCOMPARE(part.columns[0].lines + part.columns[1].lines + part.columns[2].lines, 10);
    QCOMPARE(countVolume(model.runs(model.first(), model.end()), from, from, 0).columns.size(), 1u); // an empty span is one column
}

QTEST_GUILESS_MAIN(TestLogModel)
#include "tst_log_model.moc"
