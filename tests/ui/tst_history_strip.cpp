// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/history.h"
#include "ui/models/job_queue.h"
#include "ui/views/playground/history_strip.h"

#include <QAction>
#include <QBuffer>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTest>
#include <QToolButton>
#include <memory>

using namespace tintype;
using namespace tintype::ui;

/// The strip of old results: click, keys, search, delete and back.
class TestHistoryStrip : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<JobQueue> m_jobs;
    std::unique_ptr<History> m_history;
    std::unique_ptr<HistoryStrip> m_strip;

    static Generation made(int number)
    {
        QImage image(64, 64, QImage::Format_RGB32);
        image.fill(QColor::fromHsv(number * 40 % 360, 200, 200));
        Generation generation;
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        generation.pictures = {buffer.data()};
        generation.id = QStringLiteral("%1").arg(number, 32, 16, QLatin1Char('0'));
        generation.createdAt = fromMilliseconds(1'790'000'000'000 + number);
        generation.app = QStringLiteral("shapes");
        generation.target = QStringLiteral("This machine");
        generation.input = number % 2 ? QStringLiteral(R"({"prompt":"a red star"})") : QStringLiteral(R"({"prompt":"a blue circle"})");
        generation.requestId = QStringLiteral("request-%1").arg(number);
        generation.seed = static_cast<quint64>(number);
        return generation;
    }

    QListView& list() { return *m_strip->findChild<QListView*>(); }
    QAction& action(const char* id) { return *m_fixture->commands.find(QLatin1String(id)); }
    QModelIndex at(int row) { return m_history->index(row); }
    void click(int row, Qt::KeyboardModifiers modifiers = {})
    {
        QTest::mouseClick(list().viewport(), Qt::LeftButton, modifiers, list().visualRect(at(row)).center());
    }

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        m_jobs = std::make_unique<JobQueue>();
        m_history = std::make_unique<History>(m_fixture->folder.filePath(QStringLiteral("history")));
        m_strip = std::make_unique<HistoryStrip>(m_fixture->studio, *m_history, *m_jobs);
        m_strip->resize(900, 200);
        m_strip->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_strip.get()));
        for (int number = 1; number <= 4; ++number)
            Q_EMIT m_jobs->finished(made(number));
        QTRY_COMPARE(m_history->rowCount(), 4);
    }
    void cleanup()
    {
        m_strip.reset();
        m_history.reset();
        m_jobs.reset();
        m_fixture.reset();
    }

    void clickShowsWithPictures()
    {
        QSignalSpy shown(m_strip.get(), &HistoryStrip::shown);
        click(1);
        QTRY_COMPARE(shown.size(), 1);
        const auto generation = shown[0][0].value<Generation>();
        QCOMPARE(generation.id, made(3).id);
        QCOMPARE(generation.pictures, made(3).pictures);
    }

    void doubleClickAndEnterRestore()
    {
        QSignalSpy restored(m_strip.get(), &HistoryStrip::restoreWanted);
        click(2);
        QTest::mouseDClick(list().viewport(), Qt::LeftButton, {}, list().visualRect(at(2)).center());
        QTRY_COMPARE(restored.size(), 1);
        QCOMPARE(restored[0][0].value<Generation>().seed, std::optional<quint64>(2));
        list().setCurrentIndex(at(0));
        QTest::keyClick(&list(), Qt::Key_Return);
        QTRY_COMPARE(restored.size(), 2);
        QCOMPARE(restored[1][0].value<Generation>().seed, std::optional<quint64>(4));
    }

    void arrowKeysShow()
    {
        QSignalSpy shown(m_strip.get(), &HistoryStrip::shown);
        list().setCurrentIndex(at(0));
        QTest::keyClick(&list(), Qt::Key_Right);
        QTRY_COMPARE(shown.size(), 1);
        QCOMPARE(shown[0][0].value<Generation>().id, made(3).id);
    }

    void onlyTheLastOfManyIsShown()
    {
        QSignalSpy shown(m_strip.get(), &HistoryStrip::shown);
        for (int row = 0; row < 4; ++row)
            click(row);
        QTRY_COMPARE(shown.size(), 1);
        QTest::qWait(50);
        QCOMPARE(shown.size(), 1);
        QCOMPARE(shown[0][0].value<Generation>().id, made(1).id);
    }

    void twoAreCompared()
    {
        QSignalSpy compared(m_strip.get(), &HistoryStrip::compareWanted);
        QVERIFY(!action("history.compare").isEnabled());
        click(0);
        click(2, Qt::ControlModifier);
        QVERIFY(action("history.compare").isEnabled());
        action("history.compare").trigger();
        QTRY_COMPARE(compared.size(), 1);
        QCOMPARE(compared[0][0].value<Generation>().id, made(2).id);
        QCOMPARE(compared[0][1].value<Generation>().id, made(4).id);
        click(3, Qt::ControlModifier);
        QVERIFY(!action("history.compare").isEnabled());
    }

    void pinsAndUnpins()
    {
        click(1);
        QTest::keyClick(&list(), Qt::Key_P);
        QVERIFY(at(1).data(History::PinnedRole).toBool());
        QCOMPARE(action("history.pin").text(), QStringLiteral("Unpin"));
        action("history.pin").trigger();
        QVERIFY(!at(1).data(History::PinnedRole).toBool());
    }

    void deletesAndTakesBack()
    {
        click(0);
        click(1, Qt::ControlModifier);
        QTest::keyClick(&list(), Qt::Key_Delete);
        QCOMPARE(m_history->rowCount(), 2);
        QVERIFY(action("history.undo_delete").isEnabled());
        QTest::keyClick(&list(), Qt::Key_Z, Qt::ControlModifier);
        QCOMPARE(m_history->rowCount(), 4);
        QVERIFY(!action("history.undo_delete").isEnabled());
    }

    void searches()
    {
        auto* const search = m_strip->findChild<QLineEdit*>();
        search->setText(QStringLiteral("star"));
        QTRY_COMPARE(m_history->rowCount(), 2);
        search->setText(QStringLiteral("hexagon"));
        QTRY_COMPARE(m_history->rowCount(), 0);
        bool says = false;
        const auto labels = m_strip->findChildren<QLabel*>();
        for (const QLabel* label : labels)
            says = says || (label->isVisible() && label->text().contains(QStringLiteral("“hexagon”")));
        QVERIFY(says);
        search->setFocus();
        QTest::keyClick(search, Qt::Key_Escape);
        QTRY_COMPARE(m_history->rowCount(), 4);
    }

    void troubleIsToldNotThrown()
    {
        Q_EMIT m_history->troubled(QStringLiteral("The disk is full."));
        bool says = false;
        const auto labels = m_strip->findChildren<QLabel*>();
        for (const QLabel* label : labels)
            says = says || (label->isVisible() && label->text() == QStringLiteral("The disk is full."));
        QVERIFY(says);
    }

    void nothingHappensWithoutAnEntry()
    {
        QSignalSpy restored(m_strip.get(), &HistoryStrip::restoreWanted);
        click(0);
        action("history.delete").trigger();
        m_history->remove({made(1).id, made(2).id, made(3).id});
        QCOMPARE(m_history->rowCount(), 0);
        action("history.restore").trigger();
        action("history.pin").trigger();
        action("history.delete").trigger();
        m_strip->compareSelected();
        QTest::keyClick(&list(), Qt::Key_Return);
        QTest::qWait(20);
        QVERIFY(restored.isEmpty());
    }
};

QTEST_MAIN(TestHistoryStrip)
#include "tst_history_strip.moc"
