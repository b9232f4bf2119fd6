// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "tests/ui/log_lines.h"
#include "ui/views/logs/log_filter_bar.h"
#include "ui/views/logs/log_volume_view.h"
#include "ui/views/logs/logs_page.h"
#include "ui/widgets/log_pane.h"
#include "ui/widgets/log_scope_box.h"
#include "ui/widgets/log_search_bar.h"
#include "ui/widgets/loop_watch.h"

#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>
#include <thread>

using namespace tintype;
using namespace tintype::ui;
using test::logLine;
using test::logLines;

namespace {

constexpr QSize kSize{1000, 400};

std::string topText(LogPane& pane)
{
    return std::string(pane.model().at(pane.search().lineAt(pane.view().topRow())).text);
}

/// The label of what was found.
QString foundText(LogPane& pane)
{
    return pane.searchBar().findChild<QLabel*>()->text();
}

} // namespace

class TestLogPane : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void followsAndPauses();
    void staysInPlaceWhenLinesAreDropped();
    void staysInPlaceWhenOlderLinesCome();
    void asksForOlderLinesAtTheTop();
    void fillsTheViewWhenFiltered();
    void saysWhyItIsEmpty();
    void searchesAndSteps();
    void showsWhatIsWrongWithAnExpression();
    void staysNarrow();
    void showsALineAmongAll();
    void goesToTheRequest();
    void selectsByMouse();
    void selectsByKeyboard();
    void copiesNothingFromAnEmptyLog();
    void tellsThatItCannotSave();
    void goesToTheAppThatRuns();
    void keepsColumnsInTheSettings();
    void paintsHostileLines();
    void clearsAndGoesOn();
    void asksTheHostOnItsPage();
    void showsWhatOthersWant();
    void watchesTheLoop();

private:
    void add(const std::vector<control::LogLine>& lines) { m_pane->model().append(lines); }
    QPoint pointOf(int row, int x) const;

    std::unique_ptr<test::StudioFixture> m_studio;
    std::unique_ptr<LogPane> m_pane;
};

void TestLogPane::init()
{
    m_studio = std::make_unique<test::StudioFixture>();
    m_pane = std::make_unique<LogPane>(m_studio->studio, LogPane::Kind::Dock);
    m_pane->resize(kSize);
    m_pane->show();
    m_studio->target().start();
    QTRY_VERIFY(m_studio->target().isConnected());
    QTRY_VERIFY(!m_pane->feed().isLoading());
}

void TestLogPane::cleanup()
{
    m_pane.reset();
    m_studio.reset();
}

QPoint TestLogPane::pointOf(int row, int x) const
{
    const LogView& view = m_pane->view();
    const int height = view.viewport()->height() / view.visibleRowCount();
    return {x, height * row + height / 2};
}

void TestLogPane::followsAndPauses()
{
    LogView& view = m_pane->view();
    QSignalSpy changed(&view, &LogView::followingChanged);
    auto* const button = view.viewport()->findChild<QPushButton*>();
    add(logLines(0, 1000));
    QVERIFY(view.isFollowing());
    QVERIFY(!button->isVisible());
    QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());

    QTest::keyClick(&view, Qt::Key_PageUp);
    QTest::keyClick(&view, Qt::Key_PageUp);
    QVERIFY(!view.isFollowing());
    QVERIFY(button->isVisible());
    QCOMPARE(button->text(), QStringLiteral("Paused"));
    const std::string top = topText(*m_pane);
    add(logLines(1000, 312));
    QCOMPARE(topText(*m_pane), top);
    QCOMPARE(view.newLineCount(), 312);
    QCOMPARE(button->text(), QStringLiteral("Paused, 312 new lines"));

    QTest::mouseClick(button, Qt::LeftButton);
    QVERIFY(view.isFollowing());
    QVERIFY(!button->isVisible());
    add(logLines(1312, 1));
    QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
    view.verticalScrollBar()->setValue(10);
    view.verticalScrollBar()->setValue(view.verticalScrollBar()->maximum()); // at the end again: goes on
    QVERIFY(view.isFollowing());
    QCOMPARE(changed.count(), 4);
}

void TestLogPane::staysInPlaceWhenLinesAreDropped()
{
    LogModel model({.lines = 500, .bytes = 1'000'000});
    LogSearch search(model);
    LogView view(m_studio->theme, model, search);
    view.resize(kSize);
    view.show();
    model.append(logLines(0, 500));
    view.verticalScrollBar()->setValue(200);
    const LineId top = search.lineAt(view.topRow());
    model.append(logLines(500, 150));
    QCOMPARE(search.lineAt(view.topRow()), top);
    QCOMPARE(view.verticalScrollBar()->value(), 50);
    model.append(logLines(650, 400)); // and what was there is gone
    QCOMPARE(view.topRow(), 0);
    QVERIFY(!view.isFollowing());
    QVERIFY(!view.grab().isNull());
}

void TestLogPane::staysInPlaceWhenOlderLinesCome()
{
    add(logLines(1000, 500));
    LogView& view = m_pane->view();
    view.verticalScrollBar()->setValue(100);
    const std::string top = topText(*m_pane);
    m_pane->model().prepend(logLines(0, 1000));
    QCOMPARE(topText(*m_pane), top);
    LogFilter filter; // lines before it vanish, and come back
    filter.pattern = QStringLiteral("9$");
    filter.onlyMatches = true;
    m_pane->search().setFilter(filter);
    QTRY_COMPARE(m_pane->search().rowCount(), 150);
    m_pane->search().setFilter({});
    QCOMPARE(topText(*m_pane), top);
}

void TestLogPane::asksForOlderLinesAtTheTop()
{
    int pages = 0;
    m_studio->control().logPage = [&pages](const control::LogQuery&) {
        ++pages;
        const std::vector<control::LogLine> lines = logLines(10'000 - pages * 100, 100);
        return control::Page<control::LogLine>{.items = {lines.rbegin(), lines.rend()}, .next = "more"};
    };
    m_pane->feed().reload();
    QTRY_COMPARE(m_pane->model().count(), 100);
    QTest::qWait(20);
    QCOMPARE(pages, 1); // the view is full: nobody asks
    m_pane->view().verticalScrollBar()->setValue(0);
    QTRY_COMPARE(m_pane->model().count(), 200);
    QVERIFY(m_pane->view().verticalScrollBar()->value() > 50); // where it was
    QCOMPARE(topText(*m_pane), std::string("line 9900"));
}

void TestLogPane::fillsTheViewWhenFiltered()
{
    int pages = 0;
    m_studio->control().logPage = [&pages](const control::LogQuery&) {
        ++pages;
        std::vector<control::LogLine> lines = logLines(10'000 - pages * 100, 100);
        if (pages == 4)
            lines[50].level = "error";
        return control::Page<control::LogLine>{.items = {lines.rbegin(), lines.rend()}, .next = "more"};
    };
    m_pane->feed().reload();
    QTRY_COMPARE(m_pane->model().count(), 100);
    m_pane->setLevel(LogLevel::Error);
    QTRY_COMPARE(m_pane->search().rowCount(), 1);
    QTRY_COMPARE(pages, 11); // ten pages unasked, then it waits for the user
    QTest::qWait(50);
    QCOMPARE(pages, 11);
}

void TestLogPane::saysWhyItIsEmpty()
{
    const auto said = [this] { return m_pane->view().accessibleDescription(); };
    QTRY_VERIFY2(said().startsWith(QStringLiteral("Nothing was logged yet")), qPrintable(said()));
    m_studio->control().setConnection({.kind = control::ConnectionState::Kind::Retrying, .retrySeconds = 1, .reason = "The host does not answer."});
    QVERIFY2(said().contains(QStringLiteral("The host does not answer.")), qPrintable(said()));
    add(logLines(0, 3));
    m_pane->setLevel(LogLevel::Error);
    QTRY_VERIFY2(said().startsWith(QStringLiteral("No line of this kind")), qPrintable(said()));
    m_pane->showAll();
    m_pane->searchBar().setPattern(QStringLiteral("nowhere"));
    m_pane->searchBar().setOnlyMatches(true);
    QTRY_VERIFY2(said().startsWith(QStringLiteral("No line matches")), qPrintable(said()));
    QVERIFY(!m_pane->grab().isNull());
}

void TestLogPane::searchesAndSteps()
{
    add(logLines(0, 5000));
    m_pane->searchBar().setPattern(QStringLiteral("line .*99$"));
    QTRY_COMPARE(foundText(*m_pane), QStringLiteral("50 matches"));
    m_pane->step(true); // follows the end: the newest first
    QCOMPARE(foundText(*m_pane), QStringLiteral("50 of 50"));
    m_pane->step(true);
    QCOMPARE(foundText(*m_pane), QStringLiteral("1 of 50"));
    QVERIFY(!m_pane->view().isFollowing());
    m_pane->step(true);
    QCOMPARE(m_pane->view().currentLine(), m_pane->model().first() + 199);
    m_pane->step(false);
    m_pane->step(false);
    QCOMPARE(foundText(*m_pane), QStringLiteral("50 of 50"));
    auto* const field = m_pane->searchBar().findChild<QLineEdit*>();
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(foundText(*m_pane), QStringLiteral("1 of 50"));
    QTest::keyClick(field, Qt::Key_Return, Qt::ShiftModifier);
    QCOMPARE(foundText(*m_pane), QStringLiteral("50 of 50"));
    QTest::keyClick(&m_pane->view(), Qt::Key_F3);
    QCOMPARE(foundText(*m_pane), QStringLiteral("1 of 50"));
    QTest::keyClick(field, Qt::Key_Escape);
    QVERIFY(field->text().isEmpty());
    QTRY_VERIFY(foundText(*m_pane).isEmpty());
    m_pane->searchBar().setPattern(QStringLiteral("nowhere"));
    QTRY_COMPARE(foundText(*m_pane), QStringLiteral("No matches"));
    m_pane->step(true); // nothing to go to
}

void TestLogPane::showsWhatIsWrongWithAnExpression()
{
    add(logLines(0, 10));
    m_pane->searchBar().setPattern(QStringLiteral("line ("));
    QVERIFY2(foundText(*m_pane).startsWith(QStringLiteral("At character 7")), qPrintable(foundText(*m_pane)));
    QCOMPARE(m_pane->searchBar().findChild<QLineEdit*>()->property("state").toString(), QStringLiteral("error"));
    QCOMPARE(m_pane->search().rowCount(), 10);
    m_pane->searchBar().setPattern(QStringLiteral("line (1)"));
    QTRY_COMPARE(foundText(*m_pane), QStringLiteral("1 matches"));
}

void TestLogPane::staysNarrow()
{
    constexpr int kRoom = 640; // in a window of 1000, beside navigation and stages
    m_pane->searchBar().setOnlyMatches(true);
    m_pane->searchBar().setPattern(QStringLiteral("line ("));
    QTRY_VERIFY(!foundText(*m_pane).isEmpty());
    QVERIFY2(m_pane->minimumSizeHint().width() <= kRoom, qPrintable(QString::number(m_pane->minimumSizeHint().width())));
}

void TestLogPane::showsALineAmongAll()
{
    std::vector<control::LogLine> lines = logLines(0, 2000);
    lines[777].level = "error";
    add(lines);
    m_pane->setLevel(LogLevel::Error);
    QTRY_COMPARE(m_pane->search().rowCount(), 1);
    const LineId line = m_pane->search().lineAt(0);
    m_pane->showInContext(line);
    QCOMPARE(m_pane->search().rowCount(), 2000);
    QCOMPARE(m_pane->view().currentLine(), line);
    QVERIFY(m_pane->view().topRow() <= 777 && m_pane->view().topRow() + m_pane->view().visibleRowCount() > 777);
}

void TestLogPane::goesToTheRequest()
{
    QSignalSpy wanted(&m_studio->navigator, &Navigator::requestWanted);
    control::LogLine line = logLine("x");
    line.request = "request-12345";
    add({line, logLine("without")});
    LogView& view = m_pane->view();
    view.setColumns({.time = false, .utc = false, .app = false, .replica = false, .request = true});
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, pointOf(1, 40)); // row 0 is the note
    QCOMPARE(wanted.count(), 1);
    QCOMPARE(wanted[0][0].toString(), QStringLiteral("request-12345"));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, pointOf(2, 40));
    QCOMPARE(wanted.count(), 1);
    QTest::keyClick(&view, Qt::Key_Up);
    QTest::keyClick(&view, Qt::Key_Return);
    QCOMPARE(wanted.count(), 2);
}

void TestLogPane::selectsByMouse()
{
    LogView& view = m_pane->view();
    view.setColumns({.time = false, .utc = false, .app = false, .replica = false, .request = false});
    add({logLine("first line"), logLine("second line"), logLine("third line")});
    QSignalSpy copied(m_pane.get(), &LogPane::copied);
    QTest::mousePress(view.viewport(), Qt::LeftButton, {}, pointOf(1, 0));
    QTest::mouseMove(view.viewport(), pointOf(3, 2000));
    QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, pointOf(3, 2000));
    QVERIFY(view.hasSelection());
    QTest::keyClick(&view, Qt::Key_C, Qt::ControlModifier);
    QTRY_COMPARE(copied.count(), 1);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("first line\nsecond line\nthird line"));
    QTest::mouseDClick(view.viewport(), Qt::LeftButton, {}, pointOf(2, 40)); // a word
    m_pane->copy();
    QTRY_COMPARE(copied.count(), 2);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("second"));
    QTest::mouseClick(view.viewport(), Qt::LeftButton, {}, pointOf(2, 40));
    QVERIFY(!view.hasSelection());
    m_pane->copyWithDetails(); // the current line
    QTRY_COMPARE(copied.count(), 3);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("2023-11-14T22:13:20.000Z info shapes r-1 -: second line\n"));
    QTest::mousePress(view.viewport(), Qt::LeftButton, {}, pointOf(2, 40));
    QTest::mouseMove(view.viewport(), QPoint(10, -500)); // far outside
    QTest::mouseRelease(view.viewport(), Qt::LeftButton, {}, QPoint(10, 5000));
    QVERIFY(view.hasSelection());
}

void TestLogPane::selectsByKeyboard()
{
    LogView& view = m_pane->view();
    QTest::keyClick(&view, Qt::Key_Down); // nothing there yet
    QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    QVERIFY(!view.hasSelection());
    add(logLines(0, 100));
    QSignalSpy copied(m_pane.get(), &LogPane::copied);
    QTest::keyClick(&view, Qt::Key_Home, Qt::ControlModifier);
    QCOMPARE(view.currentLine(), m_pane->model().first());
    QTest::keyClick(&view, Qt::Key_Down, Qt::ShiftModifier);
    QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(&view, Qt::Key_Right, Qt::ShiftModifier);
    m_pane->copy();
    QTRY_COMPARE(copied.count(), 1);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("line 0\nli"));
    QTest::keyClick(&view, Qt::Key_Escape);
    QVERIFY(!view.hasSelection());
    QTest::keyClick(&view, Qt::Key_A, Qt::ControlModifier);
    m_pane->copy();
    QTRY_COMPARE(copied.count(), 2);
    QCOMPARE(QApplication::clipboard()->text().count(QLatin1Char('\n')), 99);
    QTest::keyClick(&view, Qt::Key_End);
    QVERIFY(view.isFollowing());
    m_pane->model().clear(); // under a selection
    QTest::keyClick(&view, Qt::Key_Up, Qt::ShiftModifier);
    m_pane->copy();
    add(logLines(0, 1));
    QTest::keyClick(&view, Qt::Key_Up);
}

void TestLogPane::copiesNothingFromAnEmptyLog()
{
    QApplication::clipboard()->setText(QStringLiteral("mine"));
    m_pane->copy();
    m_pane->copyWithDetails();
    QTest::qWait(30);
    QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("mine"));
}

void TestLogPane::tellsThatItCannotSave()
{
    add(logLines(0, 10));
    m_pane->saveTo(QStringLiteral("/nowhere/a.log"));
    const auto labels = [this] {
        QStringList texts;
        for (const QLabel* const label : m_pane->findChildren<QLabel*>())
            texts += label->text();
        return texts.join(QLatin1Char('\n'));
    };
    QTRY_VERIFY(labels().contains(QStringLiteral("/nowhere/a.log")));
    QSignalSpy saved(m_pane.get(), &LogPane::saved);
    m_pane->saveTo(m_studio->folder.filePath(QStringLiteral("a.log")));
    QTRY_COMPARE(saved.count(), 1);
}

void TestLogPane::goesToTheAppThatRuns()
{
    control::AppInfo app;
    app.name = "shapes";
    m_studio->control().appList = {app};
    m_studio->target().refresh();
    LogScopeBox& scope = m_pane->scopeBox();
    QTRY_COMPARE(scope.count(), 2);
    domain::ReplicaInfo replica;
    replica.id = "r-1";
    replica.app = "shapes";
    m_studio->control().tell(control::ReplicaChanged{replica});
    QTRY_COMPARE(scope.count(), 3);
    scope.setCurrentIndex(2);
    Q_EMIT scope.activated(2);
    QCOMPARE(scope.scope().replica, QStringLiteral("r-1"));
    QCOMPARE(m_pane->search().filter().replica, std::string("r-1"));
    scope.setScope({.app = {}, .replica = {}, .request = QStringLiteral("q-7")}); // one that is not offered
    QCOMPARE(scope.currentText(), QStringLiteral("Request q-7"));
    m_studio->control().tell(control::AppRemoved{.app = "shapes"});
    QTRY_COMPARE(scope.count(), 2);
    QCOMPARE(scope.scope().request, QStringLiteral("q-7"));
}

void TestLogPane::keepsColumnsInTheSettings()
{
    m_studio->settings.setValue(QStringLiteral("log/columns"), QStringLiteral("utc,nonsense,replica"));
    LogPane other(m_studio->studio, LogPane::Kind::Dock);
    other.resize(kSize);
    other.model().append(logLines(0, 5));
    QVERIFY(!other.grab().isNull());
    QCOMPARE(m_studio->settings.value(QStringLiteral("log/columns")).toString(), QStringLiteral("utc,nonsense,replica"));
}

void TestLogPane::paintsHostileLines()
{
    std::string mixed;
    for (int i = 0; i < 2000; ++i)
        mixed += "\xd7\xa9\xf0\x9f\x98\x80\xe4\xb8\xad";
    std::string marks = "Z";
    for (int i = 0; i < 3000; ++i)
        marks += "\xcc\x81";
    add({logLine(std::string(100'000'000, 'x')), logLine(mixed), logLine(marks), logLine(std::string(500, '\0')), logLine(""),
        logLine("\x1b[31m\xff\xfe\x80"), logLine("a\tb\rc\nd"), logLine("\xe2\x80\xaetxet"), logLine("ok", "no such level", std::string(3000, 'n'))});
    m_pane->searchBar().setPattern(QStringLiteral("[^a-z]"));
    QTRY_VERIFY(!m_pane->search().isBusy());
    m_pane->view().selectAll();
    QVERIFY(!m_pane->grab().isNull());
    QScrollBar& bar = *m_pane->view().horizontalScrollBar();
    QVERIFY(bar.maximum() > 10'000);
    for (const int x : {bar.maximum(), bar.maximum() / 2, 1}) {
        bar.setValue(x);
        QVERIFY(!m_pane->grab().isNull());
        QTest::mouseClick(m_pane->view().viewport(), Qt::LeftButton, {}, pointOf(2, 700));
        QTest::mouseDClick(m_pane->view().viewport(), Qt::LeftButton, {}, pointOf(3, 700));
        QTest::keyClick(&m_pane->view(), Qt::Key_Right, Qt::ShiftModifier);
    }
    m_pane->resize(60, 40);
    QVERIFY(!m_pane->grab().isNull());
}

void TestLogPane::clearsAndGoesOn()
{
    add(logLines(0, 100));
    m_studio->commands.find(QStringLiteral("log.clear"))->trigger();
    QCOMPARE(m_pane->model().count(), 0);
    QVERIFY(m_pane->view().accessibleDescription().startsWith(QStringLiteral("Cleared")));
    m_studio->control().tell(control::LogAdded{logLine("after")});
    QTRY_COMPARE(m_pane->model().count(), 1);
    LogPane second(m_studio->studio, LogPane::Kind::Page); // another pane takes the same commands
    m_studio->commands.find(QStringLiteral("log.find"))->trigger();
}

void TestLogPane::asksTheHostOnItsPage()
{
    m_studio->control().logPage = [](const control::LogQuery&) {
        const std::vector<control::LogLine> lines = logLines(0, 10);
        return control::Page<control::LogLine>{.items = {lines.rbegin(), lines.rend()}, .next = {}};
    };
    LogsPage page(m_studio->studio);
    page.resize(kSize);
    page.show();
    QTRY_COMPARE(page.pane().model().count(), 10);
    m_studio->control().logQueries.clear();
    page.filterBar().findChildren<QComboBox*>()[1]->setCurrentIndex(3);
    QTRY_COMPARE(m_studio->control().logQueries.size(), 1u);
    QCOMPARE(m_studio->control().logQueries.back().level, std::string("error"));
    QVERIFY(m_studio->control().logQueries.back().since.has_value());
    QTest::keyClicks(page.filterBar().findChild<QLineEdit*>(), QStringLiteral("oom"));
    QTRY_COMPARE(m_studio->control().logQueries.back().search, std::string("oom"));
    QCOMPARE(m_studio->control().logQueries.size(), 2u); // not one for each key
}

void TestLogPane::showsWhatOthersWant()
{
    LogsPage page(m_studio->studio);
    page.resize(kSize);
    page.show();
    m_studio->control().logPage = [](const control::LogQuery&) {
        const std::vector<control::LogLine> lines = logLines(0, 1000);
        return control::Page<control::LogLine>{.items = {lines.rbegin(), lines.rend()}, .next = {}};
    };
    control::LogQuery query;
    query.app = "gone";
    query.request = "q-7";
    query.level = "warning";
    query.since = fromMilliseconds(1'700'000'000'000);
    query.until = fromMilliseconds(1'700'000'001'000);
    QSignalSpy counted(&page.volumeView(), &LogVolumeView::counted);
    m_studio->navigator.showLogs(query);
    QTRY_COMPARE(m_studio->control().logQueries.back().request, std::string("q-7"));
    const control::LogQuery& asked = m_studio->control().logQueries.back();
    QCOMPARE(asked.app, query.app);
    QCOMPARE(asked.level, query.level);
    QCOMPARE(toMilliseconds(*asked.since), toMilliseconds(*query.since));
    QCOMPARE(toMilliseconds(*asked.until), toMilliseconds(*query.until));
    QTRY_COMPARE(page.pane().model().count(), 1000);
    QTRY_VERIFY(!page.volumeView().volume().columns.empty() && page.volumeView().volume().columns.front().lines > 0);
    std::int64_t lines = 0;
    for (const LogVolume::Column& column : page.volumeView().volume().columns)
        lines += column.lines;
    QCOMPARE(lines, 1000);
    Q_EMIT page.volumeView().timeClicked(1'700'000'000'500);
    QCOMPARE(page.pane().view().currentLine(), page.pane().model().first() + 500);
    QVERIFY(!page.grab().isNull());
    for (QPushButton* const chip : page.filterBar().findChildren<QPushButton*>()) {
        if (chip->isVisible())
            chip->click();
    }
    QTRY_VERIFY(m_studio->control().logQueries.back().request.empty());
}

void TestLogPane::watchesTheLoop()
{
    LoopWatch watch;
    watch.start();
    QEventLoop loop;
    QTimer::singleShot(1, &loop, [] { std::this_thread::sleep_for(std::chrono::milliseconds(80)); });
    QTimer::singleShot(200, &loop, &QEventLoop::quit);
    loop.exec();
    watch.stop();
    QVERIFY(watch.longest() >= std::chrono::milliseconds(80));
    QVERIFY(watch.turnCount() >= 1);
    QVERIFY(watch.median() <= watch.longest());
    QVERIFY(!watch.longestStory().isEmpty());
    watch.start();
    watch.stop();
    QCOMPARE(watch.turnCount(), 0u);
    QCOMPARE(watch.median().count(), 0);
}

QTEST_MAIN(TestLogPane)
#include "tst_log_pane.moc"
