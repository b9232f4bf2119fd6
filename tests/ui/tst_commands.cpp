// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/shell/command_palette.h"

#include <QLineEdit>
#include <QListView>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;

/// Commands, their keys, and the palette over them.
class TestCommands : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        m_ran.clear();
        add("run.start", "Run", Qt::Key_F5);
        add("deploy.open", "Deploy…", Qt::CTRL | Qt::SHIFT | Qt::Key_D);
        add("page.logs", "Logs", {});
    }
    void cleanup() { m_fixture.reset(); }

    void keysAreRememberedAndTakenFromTheOther()
    {
        Commands& commands = m_fixture->commands;
        QCOMPARE(commands.setShortcut(QStringLiteral("page.logs"), Qt::Key_F5), QStringLiteral("run.start"));
        QVERIFY(commands.find(QStringLiteral("run.start"))->shortcut().isEmpty());
        Commands again(m_fixture->theme, m_fixture->settings);
        QAction* const logs = again.add({.id = QStringLiteral("page.logs"), .group = {}, .text = QStringLiteral("Logs"), .icon = {}, .shortcut = {}, .tip = {}}, [] { });
        QCOMPARE(logs->shortcut(), QKeySequence(Qt::Key_F5));
        commands.resetShortcut(QStringLiteral("run.start"));
        QCOMPARE(commands.find(QStringLiteral("run.start"))->shortcut(), QKeySequence(Qt::Key_F5));
        QVERIFY(commands.find(QStringLiteral("page.logs"))->shortcut().isEmpty());
    }

    void emptyKeysTakeNothingFromOthers()
    {
        QCOMPARE(m_fixture->commands.setShortcut(QStringLiteral("run.start"), {}), QString());
        QVERIFY(!m_fixture->commands.find(QStringLiteral("deploy.open"))->shortcut().isEmpty());
    }

    void fuzzy_data()
    {
        QTest::addColumn<QString>("pattern");
        QTest::addColumn<QString>("better");
        QTest::addColumn<QString>("worse");
        QTest::newRow("beginning of words") << QStringLiteral("rd") << QStringLiteral("Run: Deploy") << QStringLiteral("Hard words");
        QTest::newRow("together") << QStringLiteral("log") << QStringLiteral("Go to: Logs") << QStringLiteral("Lower ground");
        QTest::newRow("no match") << QStringLiteral("xyz") << QStringLiteral("xyz") << QStringLiteral("Run");
        QTest::newRow("order counts") << QStringLiteral("nur") << QStringLiteral("number") << QStringLiteral("Run");
    }
    void fuzzy()
    {
        QFETCH(QString, pattern);
        QFETCH(QString, better);
        QFETCH(QString, worse);
        QVERIFY(fuzzyScore(pattern, better) > fuzzyScore(pattern, worse));
    }

    void paletteRunsTheBestAndSkipsTheDisabled()
    {
        QWidget window;
        window.resize(1000, 700);
        CommandPalette palette(m_fixture->theme, m_fixture->commands, &window);
        window.show();
        m_fixture->commands.find(QStringLiteral("run.start"))->setEnabled(false);
        palette.open();
        auto* const list = palette.findChild<QListView*>();
        QCOMPARE(list->model()->rowCount(), 2);
        auto* const line = palette.findChild<QLineEdit*>();
        QTest::keyClicks(line, QStringLiteral("dep"));
        QTest::keyClick(line, Qt::Key_Return);
        QCOMPARE(m_ran, QStringList{QStringLiteral("deploy.open")});
        QVERIFY(!palette.isVisible());
        palette.open();
        QTest::keyClicks(line, QStringLiteral("zzz"));
        QTest::keyClick(line, Qt::Key_Return); // nothing fits: nothing runs
        QCOMPARE(m_ran.size(), 1);
    }

private:
    void add(const char* id, const char* text, const QKeySequence& keys)
    {
        m_fixture->commands.add({.id = QLatin1String(id), .group = QStringLiteral("Test"), .text = QString::fromUtf8(text), .icon = {}, .shortcut = keys, .tip = {}},
            [this, id] { m_ran += QLatin1String(id); });
    }

    std::unique_ptr<test::StudioFixture> m_fixture;
    QStringList m_ran;
};

QTEST_MAIN(TestCommands)
#include "tst_commands.moc"
