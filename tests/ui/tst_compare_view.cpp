// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/generation_difference.h"
#include "ui/views/playground/compare_view.h"
#include "ui/views/playground/wipe_view.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QTest>
#include <algorithm>
#include <memory>

using namespace tintype;
using namespace tintype::ui;

/// Two results against each other.
class TestCompareView : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<PictureLoader> m_loader;
    std::unique_ptr<CompareView> m_view;

    static QByteArray png(QSize size, QRgb colour)
    {
        QImage image(size, QImage::Format_RGB32);
        image.fill(colour);
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        return buffer.data();
    }

    static Generation made(const char* id, const QString& input, QRgb colour, QSize size = {64, 32})
    {
        Generation generation;
        generation.id = QLatin1String(id);
        generation.app = QStringLiteral("shapes");
        generation.target = QStringLiteral("This machine");
        generation.input = input;
        generation.seed = 1;
        generation.totalSeconds = 2;
        generation.pictures = {png(size, colour)};
        return generation;
    }

    bool says(const QString& text) const
    {
        const auto labels = m_view->findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) { return label->isVisibleTo(m_view.get()) && label->text().contains(text); });
    }

    static QStringList namesOf(const GenerationDifference& model)
    {
        QStringList names;
        for (const auto& row : model.rows())
            names.push_back(row.name);
        return names;
    }

private Q_SLOTS:
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        m_loader = std::make_unique<PictureLoader>();
        m_view = std::make_unique<CompareView>(m_fixture->studio, *m_loader);
        m_view->resize(700, 500);
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }
    void cleanup()
    {
        m_view.reset();
        m_loader.reset();
        m_fixture.reset();
    }

    void numbersOfTheDifference()
    {
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("a", QStringLiteral("{}"), qRgb(10, 10, 10)), made("b", QStringLiteral("{}"), qRgb(40, 10, 10)));
        QVERIFY(shown.wait());
        QVERIFY(says(QStringLiteral("Largest difference 30 of 255")));
        QVERIFY(says(QStringLiteral("mean 10.00")));
        QVERIFY(says(QStringLiteral("100.0 % of pixels")));
    }

    void sameIsSaid()
    {
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("a", QStringLiteral("{}"), qRgb(10, 10, 10)), made("b", QStringLiteral("{}"), qRgb(10, 10, 10)));
        QVERIFY(shown.wait());
        QVERIFY(says(QStringLiteral("pixel for pixel")));
    }

    void amplificationIsSeen()
    {
        m_view->setMode(CompareView::Difference);
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("a", QStringLiteral("{}"), qRgb(10, 10, 10)), made("b", QStringLiteral("{}"), qRgb(15, 10, 10)));
        QVERIFY(shown.wait());
        m_view->findChild<QSlider*>()->setValue(16);
        QVERIFY(shown.wait());
        const auto views = m_view->findChildren<PictureView*>();
        const bool isBright = std::ranges::any_of(views, [](const PictureView* view) {
            return view->isVisible() && !view->picture().isNull() && view->picture().image().pixel(5, 5) == qRgb(80, 0, 0);
        });
        QVERIFY(isBright);
    }

    void viewsMoveTogether()
    {
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("a", QStringLiteral("{}"), 0), made("b", QStringLiteral("{}"), 0, {128, 64}));
        QVERIFY(shown.wait());
        m_view->setMode(CompareView::SideBySide);
        const auto views = m_view->findChildren<PictureView*>();
        PictureView* const first = *std::ranges::find_if(views, [](const PictureView* view) { return view->isVisible(); });
        first->zoomBy(3, QPointF(10, 10));
        for (const PictureView* const view : views)
            QCOMPARE(view->place(), first->place());
    }

    void otherSizesAreSaid()
    {
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("a", QStringLiteral("{}"), 0), made("b", QStringLiteral("{}"), 0, {128, 64}));
        QVERIFY(shown.wait());
        QVERIFY(says(QStringLiteral("B (128 × 64) is scaled to A")));
    }

    void missingAndBrokenPicturesAreSaid()
    {
        Generation none = made("a", QStringLiteral("{}"), 0);
        none.pictures.clear();
        none.error = QStringLiteral("The worker ended.");
        m_view->compare(made("b", QStringLiteral("{}"), 0), none);
        QVERIFY(says(QStringLiteral("B has no picture: The worker ended.")));
        Generation broken = made("c", QStringLiteral("{}"), 0);
        broken.pictures = {QByteArray("nonsense")};
        m_view->compare(made("b", QStringLiteral("{}"), 0), broken);
        QTest::qWait(50);
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("d", QStringLiteral("{}"), 0), made("e", QStringLiteral("{}"), 0));
        QVERIFY(shown.wait()); // it recovers
        QVERIFY(says(QStringLiteral("pixel for pixel")));
    }

    void olderAnswersAreDropped()
    {
        QSignalSpy shown(m_view.get(), &CompareView::differenceShown);
        m_view->compare(made("a", QStringLiteral("{}"), qRgb(0, 0, 0)), made("b", QStringLiteral("{}"), qRgb(200, 0, 0)));
        m_view->compare(made("c", QStringLiteral("{}"), qRgb(9, 9, 9)), made("d", QStringLiteral("{}"), qRgb(9, 9, 9)));
        QVERIFY(shown.wait());
        QTest::qWait(50);
        QVERIFY(says(QStringLiteral("pixel for pixel")));
    }

    void goneWhileComputing()
    {
        m_view->compare(made("a", QStringLiteral("{}"), 0, {900, 900}), made("b", QStringLiteral("{}"), qRgb(1, 1, 1), {900, 900}));
        QTest::qWait(5);
        m_view.reset();
    }

    void lineIsMovedByKeysAndStaysInside()
    {
        auto* const wipe = m_view->findChild<WipeView*>();
        wipe->setSplit(5);
        QCOMPARE(wipe->split(), 1.0);
        QTest::keyClick(wipe, Qt::Key_Left, Qt::ControlModifier);
        QCOMPARE(wipe->split(), 0.98);
        wipe->setSplit(-1);
        QCOMPARE(wipe->split(), 0.0);
    }

    void escapeCloses()
    {
        QSignalSpy closed(m_view.get(), &CompareView::closed);
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QCOMPARE(closed.size(), 1);
    }

    void tableTellsWhatDiffers()
    {
        GenerationDifference model;
        QAbstractItemModelTester tester(&model);
        Generation a = made("a", QStringLiteral(R"({"prompt":"a star","steps":4,"seed":1,"only_a":true})"), 0);
        Generation b = made("b", QStringLiteral(R"({"prompt":"a star","steps":8,"seed":1,"size":{"w":1}})"), 0);
        b.target = QStringLiteral("box");
        b.totalSeconds = 1.5;
        a.output = QStringLiteral(R"({"timings":{"denoise":1.0,"total":1.2}})");
        b.output = QStringLiteral(R"({"timings":{"denoise":0.5,"total":0.7}})");
        model.setGenerations(a, b);
        const QStringList names = namesOf(model);
        QVERIFY(names.contains(QStringLiteral("Host")));
        QVERIFY(names.contains(QStringLiteral("steps")));
        QVERIFY(names.contains(QStringLiteral("only_a")));
        QVERIFY(names.contains(QStringLiteral("size")));
        QVERIFY(!names.contains(QStringLiteral("prompt")));
        const auto steps = std::ranges::find(model.rows(), QStringLiteral("Steps"), &GenerationDifference::Row::name);
        QVERIFY(steps != model.rows().end());
        QCOMPARE(steps->change, QStringLiteral("−500 ms (−50 %)"));
        const auto count = std::ranges::find(model.rows(), QStringLiteral("steps"), &GenerationDifference::Row::name);
        QCOMPARE(count->change, QStringLiteral("+4"));
        model.setShowsAll(true);
        QVERIFY(namesOf(model).contains(QStringLiteral("prompt")));
    }

    void tableTakesAnything()
    {
        GenerationDifference model;
        QAbstractItemModelTester tester(&model);
        Generation bad = made("a", QStringLiteral("not JSON"), 0);
        bad.output = QStringLiteral("[");
        bad.seed.reset();
        Generation list = made("b", QStringLiteral("[1,2]"), 0);
        list.error = QStringLiteral("It failed.");
        model.setGenerations(bad, list);
        QVERIFY(namesOf(model).contains(QStringLiteral("Error")));
        model.setGenerations({}, {});
        QCOMPARE(model.rowCount(), 0);
        model.setShowsAll(true);
    }
};

QTEST_MAIN(TestCompareView)
#include "tst_compare_view.moc"
