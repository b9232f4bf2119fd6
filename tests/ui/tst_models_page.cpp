// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/model_list.h"
#include "ui/views/models/model_detail.h"
#include "ui/views/models/models_page.h"
#include "ui/widgets/confirm_strip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_banner.h"

#include <QAbstractItemModelTester>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using control::ModelInfo;
using test::StudioFixture;

namespace {

ModelInfo modelNamed(const std::string& name, std::uint64_t bytes = 12'000'000'000)
{
    ModelInfo model;
    model.id = "hub-" + name;
    model.name = name;
    model.source = "hub";
    model.commit = std::string(40, 'c');
    model.pipeline = "FluxPipeline";
    model.licence = "apache-2.0";
    model.bytes = bytes;
    model.parameters = 11'900'000'000;
    model.memoryBytes = 32'000'000'000;
    model.removable = true;
    model.components = {{"transformer", "FluxTransformer2DModel", bytes, 11'900'000'000, "BF16"}, {"scheduler", "Euler", 400, 0, {}}};
    return model;
}

ModelInfo neededModel()
{
    ModelInfo model = modelNamed("org/needed");
    model.neededBy = {{"shapes", std::string(40, 'a'), 1, false}, {"shapes", std::string(40, 'b'), 2, true}};
    model.removable = false;
    return model;
}

QPushButton* buttonWith(const QWidget& parent, const QString& text)
{
    for (auto* const button : parent.findChildren<QPushButton*>()) {
        if (button->text() == text)
            return button;
    }
    return nullptr;
}

bool shows(const QWidget& parent, const QString& text)
{
    for (const auto* const label : parent.findChildren<QLabel*>()) {
        if (label->isVisible() && label->text().contains(text))
            return true;
    }
    return false;
}

} // namespace

class tst_models_page : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theModelsAreModels();
    void columnsSayWhatIsKnown();
    void whatIsUnknownIsSaid();
    void needsAreToldByApp();
    void theQuestionTellsWhatFollows();
    void anEmptyHostSaysWhatToDo();
    void theListIsShown();
    void aFilterThatFitsNothingSaysSo();
    void aNeededModelHasNoWayOut();
    void deletingAsksFirst();
    void aRefusalIsShown();
    void collectingTellsWhatIsFree();
    void anErrorOffersAnotherTry();
    void theChoiceSurvivesARefresh();
    void aHostThatGoesLeavesNothingBehind();
    void withoutAHostItSaysSo();

private:
    /// A page that has asked its host.
    struct Shown {
        explicit Shown(std::vector<ModelInfo> models = {})
        {
            fixture.control().modelList = std::move(models);
            fixture.control().setConnection({.kind = control::ConnectionState::Kind::Connected, .retrySeconds = 0, .reason = {}});
            page = std::make_unique<ModelsPage>(fixture.studio);
            page->resize(1200, 700);
            page->show();
            QCoreApplication::processEvents();
            std::ignore = QTest::qWaitFor([this] { return fixture.control().count("blobTotals") > 0; });
            QTest::qWait(1);
        }
        StudioFixture fixture;
        std::unique_ptr<ModelsPage> page;
    };
};

void tst_models_page::theModelsAreModels()
{
    ModelList list;
    ComponentList components;
    QAbstractItemModelTester listTester(&list, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QAbstractItemModelTester componentTester(&components, QAbstractItemModelTester::FailureReportingMode::QtTest);
    list.setModels({modelNamed("a"), neededModel()});
    components.setComponents(modelNamed("a").components);
    list.setModels({});
    components.setComponents({});
    QCOMPARE(list.at(0), nullptr);
    QCOMPARE(list.rowOf("a"), -1);
}

void tst_models_page::columnsSayWhatIsKnown()
{
    ModelList list;
    list.setModels({modelNamed("org/flux")});
    const auto text = [&list](int column) { return list.data(list.index(0, column), Qt::DisplayRole).toString(); };
    QCOMPARE(text(ModelList::Name), QStringLiteral("org/flux"));
    QCOMPARE(text(ModelList::Source), QStringLiteral("Fetched"));
    QCOMPARE(text(ModelList::Parameters), QStringLiteral("11.9 B"));
    QCOMPARE(text(ModelList::Precision), QStringLiteral("BF16"));
    QVERIFY(text(ModelList::Memory).startsWith(QStringLiteral("≈ ")));
    QCOMPARE(text(ModelList::NeededBy), QStringLiteral("Nothing"));
    QVERIFY(list.data(list.index(0, ModelList::Size), ModelList::SortRole).toULongLong() == 12'000'000'000ULL);
    QVERIFY(list.data(list.index(0, ModelList::Memory), Qt::ToolTipRole).toString().contains(QStringLiteral("Estimate")));
}

void tst_models_page::whatIsUnknownIsSaid()
{
    ModelInfo model;
    model.source = "pushed";
    model.complete = false;
    ModelList list;
    list.setModels({model});
    const auto text = [&list](int column) { return list.data(list.index(0, column), Qt::DisplayRole).toString(); };
    QCOMPARE(text(ModelList::Licence), QStringLiteral("Not told"));
    QCOMPARE(text(ModelList::Memory), QString());
    QCOMPARE(text(ModelList::Parameters), QString());
    QCOMPARE(text(ModelList::Source), QStringLiteral("Pushed, incomplete"));
    QCOMPARE(parametersText(999'600), QStringLiteral("1.00 M"));
    QCOMPARE(parametersText(512), QStringLiteral("512"));
}

void tst_models_page::needsAreToldByApp()
{
    ModelInfo model = neededModel();
    QCOMPARE(neededByText(model), QStringLiteral("shapes"));
    model.neededBy.push_back({"old", "x", 7, false});
    QCOMPARE(neededByText(model), QStringLiteral("shapes, old (older revisions)"));
    QCOMPARE(keptBecauseText(model), QStringLiteral("It cannot be deleted: revision 2 of shapes is in use and needs it."));
    model.neededBy = {};
    QCOMPARE(keptBecauseText(model), QString());
    model.source = "cache";
    QVERIFY(keptBecauseText(model).contains(QStringLiteral("only reads")));
}

void tst_models_page::theQuestionTellsWhatFollows()
{
    ModelInfo model = modelNamed("org/%1");
    QCOMPARE(deleteQuestion(model), QStringLiteral("Delete org/%1 (12.0 GB)? No revision needs it."));
    model.neededBy = {{"shapes", "x", 3, false}};
    QVERIFY(deleteQuestion(model).endsWith(QStringLiteral("If revision 3 of shapes serves again, it is fetched again.")));
    model.source = "pushed";
    QVERIFY(deleteQuestion(model).contains(QStringLiteral("pushed again")));
}

void tst_models_page::anEmptyHostSaysWhatToDo()
{
    const Shown shown;
    QVERIFY(shown.page->findChild<EmptyState*>()->isVisible());
    QVERIFY(shows(*shown.page, QStringLiteral("No models on")));
    QVERIFY(!shown.fixture.commands.find(QStringLiteral("models.delete"))->isEnabled());
}

void tst_models_page::theListIsShown()
{
    Shown shown({modelNamed("org/b", 5), modelNamed("org/a", 9)});
    auto* const table = shown.page->findChild<QTableView*>();
    QTRY_COMPARE(table->model()->rowCount(), 2);
    QCOMPARE(table->model()->index(0, 0).data().toString(), QStringLiteral("org/a"));
    QVERIFY(shows(*shown.page, QStringLiteral("2 models")));
    QVERIFY(shows(*shown.page->findChild<ModelDetail*>(), QStringLiteral("org/a"))); // the first is chosen
}

void tst_models_page::aFilterThatFitsNothingSaysSo()
{
    Shown shown({modelNamed("org/a")});
    shown.page->findChild<QLineEdit*>()->setText(QStringLiteral("zzz"));
    QVERIFY(shows(*shown.page, QStringLiteral("No match")));
    shown.page->findChild<QLineEdit*>()->clear();
    QVERIFY(!shown.page->findChild<EmptyState*>()->isVisible());
}

void tst_models_page::aNeededModelHasNoWayOut()
{
    Shown shown({neededModel()});
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("revision 2 of shapes is in use")));
    QVERIFY(!buttonWith(*shown.page->findChild<ModelDetail*>(), QStringLiteral("Delete…"))->isEnabled());
    shown.fixture.commands.find(QStringLiteral("models.delete"))->trigger();
    QVERIFY(!shown.page->findChild<ConfirmStrip*>()->isVisible());
}

void tst_models_page::deletingAsksFirst()
{
    Shown shown({modelNamed("org/a")});
    shown.fixture.control().freedBytes = 12'000'000'000;
    QTRY_VERIFY(shown.fixture.commands.find(QStringLiteral("models.delete"))->isEnabled());
    buttonWith(*shown.page->findChild<ModelDetail*>(), QStringLiteral("Delete…"))->click();
    auto* const strip = shown.page->findChild<ConfirmStrip*>();
    QVERIFY(strip->isVisible());
    QVERIFY(shows(*strip, QStringLiteral("12.0 GB")));
    QCOMPARE(shown.fixture.control().count("deleteModel"), 0);
    buttonWith(*strip, QStringLiteral("Delete"))->click();
    QCOMPARE(shown.fixture.control().count("deleteModel hub-org/a"), 1);
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("12.0 GB are free now")));
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("No models on")));
}

void tst_models_page::aRefusalIsShown()
{
    Shown shown({modelNamed("org/a")});
    shown.fixture.control().failures["deleteModel"] = Error{ErrorCode::Conflict, "revision 4 of late is in use and needs org/a", {}};
    QTRY_VERIFY(shown.fixture.commands.find(QStringLiteral("models.delete"))->isEnabled());
    shown.fixture.commands.find(QStringLiteral("models.delete"))->trigger();
    buttonWith(*shown.page->findChild<ConfirmStrip*>(), QStringLiteral("Delete"))->click();
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("Revision 4 of late")));
    QTRY_VERIFY(shown.fixture.commands.find(QStringLiteral("models.delete"))->isEnabled()); // it may be tried again
}

void tst_models_page::collectingTellsWhatIsFree()
{
    Shown shown({modelNamed("org/a")});
    QAction* const collect = shown.fixture.commands.find(QStringLiteral("models.collect"));
    QVERIFY(!collect->isEnabled()); // nothing is unused
    shown.fixture.control().blobs = {.count = 3, .bytes = 100, .unreferencedCount = 1, .unreferencedBytes = 40};
    shown.fixture.commands.find(QStringLiteral("models.refresh"))->trigger();
    QTRY_VERIFY(collect->isEnabled());
    collect->trigger();
    buttonWith(*shown.page->findChild<ConfirmStrip*>(), QStringLiteral("Delete"))->click();
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("younger than an hour")));
    QCOMPARE(shown.fixture.control().count("collectBlobs"), 1);
}

void tst_models_page::anErrorOffersAnotherTry()
{
    Shown shown;
    shown.fixture.control().failures["models"] = Error{ErrorCode::Io, "the disk cannot be read", {}};
    shown.fixture.commands.find(QStringLiteral("models.refresh"))->trigger();
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("The disk cannot be read")));
    shown.fixture.control().failures.clear();
    shown.fixture.control().modelList = {modelNamed("org/a")};
    for (auto* const button : shown.page->findChild<ErrorBanner*>()->findChildren<QAbstractButton*>()) {
        if (button->text() == QStringLiteral("Try again"))
            button->click();
    }
    QTRY_COMPARE(shown.page->model().rowCount(), 1);
}

void tst_models_page::theChoiceSurvivesARefresh()
{
    Shown shown({modelNamed("org/a"), modelNamed("org/b"), modelNamed("org/c")});
    QTRY_COMPARE(shown.page->model().rowCount(), 3);
    shown.page->choose("hub-org/b");
    shown.fixture.control().modelList.insert(shown.fixture.control().modelList.begin(), modelNamed("org/0"));
    shown.fixture.commands.find(QStringLiteral("models.refresh"))->trigger();
    QTRY_COMPARE(shown.page->model().rowCount(), 4);
    QVERIFY(shows(*shown.page->findChild<ModelDetail*>(), QStringLiteral("org/b")));
}

void tst_models_page::aHostThatGoesLeavesNothingBehind()
{
    Shown shown({modelNamed("org/a")});
    QTRY_COMPARE(shown.page->model().rowCount(), 1);
    QVERIFY(shown.fixture.targets.add(QStringLiteral("rack"), {.url = "http://127.0.0.1:1", .key = {}, .caFile = {}, .fingerprint = {}}));
    shown.fixture.control().holds = true;
    shown.fixture.commands.find(QStringLiteral("models.refresh"))->trigger();
    shown.fixture.targets.setCurrent(shown.fixture.targets.find(QStringLiteral("rack")));
    QCOMPARE(shown.page->model().rowCount(), 0);
    shown.fixture.control().release(); // the answer of the host before
    QCoreApplication::processEvents();
    QCOMPARE(shown.page->model().rowCount(), 0);
    QTRY_VERIFY(shows(*shown.page, QStringLiteral("rack")));
}

void tst_models_page::withoutAHostItSaysSo()
{
    StudioFixture fixture;
    fixture.targets.setCurrent(nullptr);
    ModelsPage page(fixture.studio);
    page.show();
    QVERIFY(shows(page, QStringLiteral("No host")));
    fixture.commands.find(QStringLiteral("models.refresh"))->trigger();
    QCOMPARE(fixture.control().count("models"), 0);
}

QTEST_MAIN(tst_models_page)
#include "tst_models_page.moc"
