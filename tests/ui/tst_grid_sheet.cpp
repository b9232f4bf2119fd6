// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/grid_model.h"
#include "ui/models/grid_painter.h"
#include "ui/models/history.h"
#include "ui/models/job_queue.h"
#include "ui/views/playground/axis_editor.h"
#include "ui/views/playground/grid_sheet.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTableView>
#include <QTest>
#include <memory>

using namespace tintype;
using namespace tintype::ui;

/// The grid: typed, run, filled as answers come, cancelled, kept.
class TestGridSheet : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<JobQueue> m_jobs;
    std::unique_ptr<History> m_history;
    std::unique_ptr<PictureLoader> m_loader;
    std::unique_ptr<GridSheet> m_sheet;

    static QByteArray png(QSize size)
    {
        QImage image(size, QImage::Format_RGB32);
        image.fill(qRgb(200, 30, 30));
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        return buffer.data();
    }

    static QVector<GridParameter> parameters()
    {
        return {{QStringLiteral("steps"), QStringLiteral("Steps"), GridParameter::Type::Integer, 1, 50, {}},
            {QStringLiteral("seed"), QStringLiteral("Seed"), GridParameter::Type::Integer, 0, {}, {}},
            {QStringLiteral("prompt"), QStringLiteral("Prompt"), GridParameter::Type::Text, {}, {}, {}}};
    }

    test::FakeControl& control() { return m_fixture->control(); }
    GridModel& model() { return *m_sheet->findChild<GridModel*>(); }
    QPushButton& start() { return *m_sheet->findChildren<QPushButton*>()[0]; }
    QList<QComboBox*> kinds() { return m_sheet->findChildren<QComboBox*>(); }
    QList<QLineEdit*> texts() { return m_sheet->findChildren<QLineEdit*>(); }
    bool says(const QString& text)
    {
        const auto labels = m_sheet->findChildren<QLabel*>();
        for (const QLabel* label : labels) {
            if (label->isVisibleTo(m_sheet.get()) && label->text().contains(text))
                return true;
        }
        return false;
    }
    void choose(int axis, const QString& kind, const QString& values)
    {
        kinds()[axis]->setCurrentIndex(kinds()[axis]->findText(kind));
        texts()[axis]->setText(values);
    }

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        control::AppInfo app;
        app.name = "shapes";
        control().appList = {app};
        control().callAnswer = {"{\"images\":[{\"url\":\"http://h/1.png\"}],\"seed\":7,\"timings\":{\"total\":0.5}}", "r-1"};
        control().files["http://h/1.png"] = {png({96, 64}).toStdString(), "image/png"};
        QTRY_VERIFY(m_fixture->target().hostInfo() && !m_fixture->target().apps().empty());
        m_jobs = std::make_unique<JobQueue>();
        m_history = std::make_unique<History>(m_fixture->folder.filePath(QStringLiteral("history")));
        connect(m_jobs.get(), &JobQueue::finished, m_history.get(), &History::add);
        m_loader = std::make_unique<PictureLoader>();
        m_sheet = std::make_unique<GridSheet>(m_fixture->studio, *m_jobs, *m_history, *m_loader);
        m_sheet->resize(900, 600);
        m_sheet->setParameters(parameters());
        Generation base;
        base.target = m_fixture->target().name();
        base.app = QStringLiteral("shapes");
        base.endpoint = QStringLiteral("/");
        base.input = QStringLiteral(R"({"prompt":"a star","seed":1,"steps":4})");
        m_sheet->setBase(base);
        m_sheet->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_sheet.get()));
    }
    void cleanup()
    {
        m_sheet.reset();
        m_history.reset();
        m_loader.reset();
        m_jobs.reset();
        m_fixture.reset();
    }

    void countsBeforeItRuns()
    {
        QVERIFY(!start().isEnabled());
        choose(0, QStringLiteral("Steps"), QStringLiteral("1..4"));
        choose(1, QStringLiteral("Seed"), QStringLiteral("7, 8, 9"));
        QVERIFY(start().isEnabled());
        QVERIFY(says(QStringLiteral("12 pictures")));
        choose(2, QStringLiteral("Host"), QStringLiteral("*"));
        QVERIFY(says(QStringLiteral("12 pictures")));
    }

    void badValuesAreSaidAndStopIt()
    {
        choose(0, QStringLiteral("Steps"), QStringLiteral("1..99"));
        QVERIFY(!start().isEnabled());
        QVERIFY(says(QStringLiteral("out of range")));
        choose(0, QStringLiteral("Steps"), QStringLiteral("1, 2"));
        choose(1, QStringLiteral("Steps"), QStringLiteral("3, 4"));
        QVERIFY(!start().isEnabled());
        QVERIFY(says(QStringLiteral("same thing")));
        choose(1, QStringLiteral("Seed"), QStringLiteral("1..399"));
        QVERIFY(!start().isEnabled());
        QVERIFY(says(QStringLiteral("at most 400")));
        m_sheet->start();
        QCOMPARE(m_jobs->rowCount(), 0);
    }

    void fillsInAsAnswersCome()
    {
        QAbstractItemModelTester tester(&model());
        choose(0, QStringLiteral("Steps"), QStringLiteral("2, 3"));
        choose(1, QStringLiteral("Prompt"), QStringLiteral("a star|a circle"));
        start().click();
        QTRY_COMPARE(model().tally().done, 4);
        QVERIFY(!m_sheet->isRunning());
        QCOMPARE(control().calledWith.size(), std::size_t{4});
        QVERIFY(control().calledWith[3].input.find(R"("prompt":"a circle")") != std::string::npos);
        QVERIFY(control().calledWith[3].input.find(R"("steps":3)") != std::string::npos);
        QTRY_VERIFY(!model().index(1, 1).data(Qt::DecorationRole).isNull());
        QTRY_COMPARE(m_history->rowCount(), 4);
        QCOMPARE(model().headerData(1, Qt::Horizontal, Qt::DisplayRole).toString(), QStringLiteral("Steps: 3"));
        QVERIFY(says(QStringLiteral("4 of 4 done")));
    }

    void failuresStandInTheirCells()
    {
        control().failures["streamCall"] = {ErrorCode::Unavailable, "The host is gone.", {}};
        choose(0, QStringLiteral("Steps"), QStringLiteral("2, 3"));
        start().click();
        QTRY_COMPARE(model().tally().failed, 2);
        QCOMPARE(model().index(0, 0).data(GridModel::ErrorRole).toString(), QStringLiteral("The host is gone."));
        QVERIFY(start().isVisible());
        QVERIFY(says(QStringLiteral("2 failed")));
    }

    void cancelsWhatIsOpen()
    {
        control().holds = true;
        choose(0, QStringLiteral("Steps"), QStringLiteral("1..20"));
        start().click();
        QTRY_COMPARE(control().count("streamCall"), 1);
        QVERIFY(m_sheet->isRunning());
        m_sheet->cancelAll();
        control().holds = false;
        control().release();
        QTRY_COMPARE(model().tally().cancelled, 20);
        QCOMPARE(control().count("streamCall"), 1);
        QCOMPARE(m_jobs->rowCount(), 0);
    }

    void hostThatGoesFailsItsCells()
    {
        choose(0, QStringLiteral("Steps"), QStringLiteral("1, 2"));
        Generation base;
        base.target = QStringLiteral("gone");
        base.app = QStringLiteral("shapes");
        base.input = QStringLiteral("{}");
        m_sheet->setBase(base);
        start().click();
        QCOMPARE(model().tally().failed, 2);
        QVERIFY(model().index(0, 0).data(GridModel::ErrorRole).toString().contains(QStringLiteral("gone")));
    }

    void thirdAxisMakesSheets()
    {
        choose(0, QStringLiteral("Steps"), QStringLiteral("1, 2"));
        choose(2, QStringLiteral("Seed"), QStringLiteral("5, 6, 7"));
        start().click();
        QTRY_COMPARE(model().tally().done, 6);
        auto* const tabs = m_sheet->findChild<QTabBar*>();
        QCOMPARE(tabs->count(), 3);
        QCOMPARE(tabs->tabText(2), QStringLiteral("Seed: 7"));
        tabs->setCurrentIndex(2);
        QCOMPARE(model().sheet(), 2);
        QVERIFY(model().index(0, 1).data(Qt::ToolTipRole).toString().contains(QStringLiteral("Seed: 7")));
    }

    void savesSheetAndPlan()
    {
        choose(0, QStringLiteral("Steps"), QStringLiteral("1, 2"));
        choose(1, QStringLiteral("Seed"), QStringLiteral("5, 6"));
        start().click();
        QTRY_COMPARE(m_history->rowCount(), 4);
        QTRY_COMPARE(model().tally().done, 4);
        QSignalSpy saved(m_sheet.get(), &GridSheet::saved);
        const QString path = m_fixture->folder.filePath(QStringLiteral("grid.png"));
        m_sheet->saveTo(path);
        QVERIFY(saved.wait());
        const QImage image(path);
        QVERIFY(image.width() > 2 * 128);
        QVERIFY(image.height() > 2 * 128);
        QFile json(m_fixture->folder.filePath(QStringLiteral("grid.json")));
        QVERIFY(json.open(QIODevice::ReadOnly));
        const auto plan = planFromJson(json.readAll());
        QVERIFY(plan);
        QCOMPARE(plan->count(), 4);
        int red = 0; // the pictures are in it
        for (int y = 0; y < image.height(); y += 4) {
            for (int x = 0; x < image.width(); x += 4)
                red += image.pixel(x, y) == qRgb(200, 30, 30);
        }
        QVERIFY(red >= 4 * (96 / 4) * (64 / 4) / 2);
    }

    void sheetThatCannotBeWrittenIsSaid()
    {
        choose(0, QStringLiteral("Steps"), QStringLiteral("1, 2"));
        start().click();
        QTRY_COMPARE(model().tally().done, 2);
        m_sheet->saveTo(m_fixture->folder.filePath(QStringLiteral("no/such/folder/grid.png")));
        QTRY_VERIFY(says(QStringLiteral("could not be written")));
    }

    void sheetsStayBounded()
    {
        GridPlan plan;
        plan.base.input = QStringLiteral("{}");
        QVector<GridCell> cells;
        GridAxis axis{GridAxis::Kind::Parameter, QStringLiteral("seed"), QStringLiteral("Seed"), {}, {}};
        for (int value = 0; value < 20; ++value)
            axis.values.push_back({QString::number(value), QString::number(value)});
        plan.axes[0] = axis;
        axis.name = QStringLiteral("steps");
        plan.axes[1] = axis;
        const QString path = m_fixture->folder.filePath(QStringLiteral("large.png"));
        QImage large(1600, 1600, QImage::Format_RGB32);
        large.fill(Qt::blue);
        QVERIFY(large.save(path));
        for (int cell = 0; cell < 400; ++cell)
            cells.push_back({GridCell::State::Failed, {}, cell == 0 ? path : QString(), {}, 0});
        const QImage image = paintGridSheet(plan, cells, {Qt::white, Qt::gray, Qt::black, Qt::darkGray, QFont()});
        QVERIFY(!image.isNull());
        QVERIFY(image.width() <= kMostSheetSide && image.height() <= kMostSheetSide);
        QVERIFY(qint64{image.width()} * image.height() <= kMostSheetPixels);
    }

    void choicesSurviveNewParameters()
    {
        choose(0, QStringLiteral("Seed"), QStringLiteral("1..3"));
        QVector<GridParameter> fewer = parameters();
        fewer.removeFirst();
        m_sheet->setParameters(fewer);
        QCOMPARE(kinds()[0]->currentText(), QStringLiteral("Seed"));
        QCOMPARE(texts()[0]->text(), QStringLiteral("1..3"));
        fewer.removeFirst();
        m_sheet->setParameters(fewer);
        QCOMPARE(kinds()[0]->currentText(), QStringLiteral("Not used"));
    }

    void escapeCloses()
    {
        QSignalSpy closed(m_sheet.get(), &GridSheet::closed);
        QTest::keyClick(m_sheet.get(), Qt::Key_Escape);
        QCOMPARE(closed.size(), 1);
    }
};

QTEST_MAIN(TestGridSheet)
#include "tst_grid_sheet.moc"
