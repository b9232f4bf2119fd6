// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_control.h"
#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/json_text.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/app_picker.h"
#include "ui/views/playground/call_panel.h"
#include "ui/views/playground/playground_page.h"
#include "ui/views/playground/result_pane.h"
#include "ui/views/playground/schema_form.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/picture_view.h"

#include <QAction>
#include <QApplication>
#include <QBuffer>
#include <QCheckBox>
#include <QDir>
#include <QDragEnterEvent>
#include <QFile>
#include <QImage>
#include <QLabel>
#include <QMimeData>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <algorithm>
#include <memory>

using namespace tintype;
using namespace tintype::ui;
using test::FakeControl;

namespace {

const char* const kSchema = R"({"paths":{"/":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","required":["prompt"],
    "properties":{"prompt":{"type":"string"},"num_inference_steps":{"type":"integer","minimum":1,"maximum":50,"default":4},
    "image_size":{"type":"object","properties":{"width":{"type":"integer"},"height":{"type":"integer"}},"default":{"width":32,"height":32}},
    "seed":{"type":"integer","minimum":0}}}}}}}},
    "/fast":{"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object","properties":{"speed":{"type":"integer"}}}}}}}}}})";

QByteArray pngOf(const QSize& size, QColor color)
{
    QImage image(size, QImage::Format_RGB32);
    image.fill(color);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

std::string dataUri(const QByteArray& png)
{
    return "data:image/png;base64," + png.toBase64().toStdString();
}

control::AppInfo appOf(const char* name, const char* revision = "1111111111")
{
    control::AppInfo app;
    app.name = name;
    app.revision = revision;
    return app;
}

} // namespace

/// The page over a recording Control: what a user does, and what becomes of it.
class TestPlaygroundPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        QDir(QStandardPaths::writableLocation(QStandardPaths::AppDataLocation)).removeRecursively();
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("studio.ini")), QSettings::IniFormat);
        m_theme = std::make_unique<Theme>(*qApp, *m_settings);
        m_commands = std::make_unique<Commands>(*m_theme, *m_settings);
        m_targets = std::make_unique<Targets>(m_folder->filePath(QStringLiteral("hosts.json")).toStdString(), [this](const control::HostAddress&) {
            auto control = std::make_unique<FakeControl>();
            control->appList = {appOf("painter"), appOf("shapes")};
            control->openApi = kSchema;
            m_control = control.get();
            return control;
        });
        m_workspace = std::make_unique<Workspace>(*m_settings, m_folder->filePath(QStringLiteral("recovery")));
        m_run = std::make_unique<RunSession>();
        m_studio = std::make_unique<Studio>(Studio{*m_theme, *m_settings, *m_commands, m_navigator, *m_targets, *m_workspace, *m_run});
        m_page = std::make_unique<PlaygroundPage>(*m_studio);
        m_page->resize(1100, 700);
        m_page->setVisible(true);
    }
    void cleanup()
    {
        m_page.reset();
        m_targets.reset();
        m_commands.reset();
    }

    void withoutAHostItSaysSo()
    {
        QVERIFY(!generate()->isEnabled());
        QVERIFY(hasText(QStringLiteral("No host")));
    }

    void withoutAppsItSaysWhatToDo()
    {
        connectHost();
        m_control->appList.clear();
        m_targets->current()->refresh();
        QTRY_VERIFY(hasText(QStringLiteral("No app on This machine")));
        QVERIFY(!generate()->isEnabled());
    }

    void schemaThatCannotBeReadIsABanner()
    {
        m_targets->setLocal({});
        m_control->openApi = "<html>";
        QTRY_VERIFY(banner()->isVisible());
        QVERIFY(!generate()->isEnabled());
    }

    void drawsStepByStep()
    {
        connectHost();
        m_control->holds = true;
        m_control->callAnswer = {"{\"images\":[{\"url\":\"" + dataUri(pngOf({32, 32}, Qt::blue)) + "\"}],\"seed\":5}", "r-1"};
        type(QStringLiteral("a star"));
        QVERIFY(generate()->isEnabled());
        generate()->trigger();
        QTRY_COMPARE(m_control->calledWith.size(), std::size_t{1});
        const std::string tag = m_control->calledWith.front().tag;
        const QVector<JsonMember> sent = jsonMembers(QString::fromStdString(m_control->calledWith.front().input));
        QCOMPARE(jsonMember(sent, QStringLiteral("prompt")), QStringLiteral("\"a star\""));
        QVERIFY(wholeOfJson(jsonMember(sent, QStringLiteral("seed"))));
        m_control->progress(tag, {1, 4, 0.5, dataUri(pngOf({8, 8}, Qt::red))});
        QTRY_COMPARE(view().picture().size, QSize(32, 32)); // drawn as large as its result
        QCOMPARE(view().picture().image().pixelColor(1, 1), QColor(Qt::red));
        QTRY_VERIFY(hasText(QStringLiteral("Step 1 of 4")));
        m_control->progress(tag, {2, 4, 0.5, "data:image/png;base64,broken"}); // a damaged preview is no event
        m_control->release();
        QTRY_COMPARE(m_page->result().shown().seed.value_or(0), 5ULL);
        QTRY_COMPARE(view().picture().image().pixelColor(1, 1), QColor(Qt::blue));
        QTRY_VERIFY(hasText(QStringLiteral("Seed 5")));
    }

    void emptyPromptIsNotSent()
    {
        connectHost();
        type({});
        generate()->trigger();
        QVERIFY(banner()->isVisible());
        QTest::qWait(20);
        QVERIFY(m_control->calledWith.empty());
    }

    void wildcardsBecomeCalls()
    {
        connectHost();
        type(QStringLiteral("a {red|blue|green} star"));
        m_page->panel().findChild<QCheckBox*>()->setChecked(true);
        generate()->trigger();
        QTRY_COMPARE(m_control->calledWith.size(), std::size_t{3});
        QStringList prompts;
        for (const control::Call& call : m_control->calledWith)
            prompts += textOfJson(jsonMember(jsonMembers(QString::fromStdString(call.input)), QStringLiteral("prompt"))).value_or(QString());
        QCOMPARE(prompts, (QStringList{QStringLiteral("a red star"), QStringLiteral("a blue star"), QStringLiteral("a green star")}));
    }

    void failureIsABannerAndTheNextCallRuns()
    {
        connectHost();
        m_control->failures["streamCall"] = {ErrorCode::Unavailable, "the worker crashed", {}};
        type(QStringLiteral("a"));
        generate()->trigger();
        QTRY_VERIFY(banner()->isVisible());
        QVERIFY(hasText(QStringLiteral("The worker crashed")));
        m_control->failures.clear();
        m_control->callAnswer.output = R"({"text":"no pictures here"})";
        generate()->trigger();
        QVERIFY(!banner()->isVisible());
        QTRY_VERIFY(m_page->result().findChild<QPlainTextEdit*>()->toPlainText().contains(QLatin1String("no pictures here")));
    }

    void cancelStopsIt()
    {
        connectHost();
        m_control->holds = true;
        type(QStringLiteral("a"));
        generate()->trigger();
        QTRY_COMPARE(m_page->jobs().rowCount(), 1);
        QAction* cancel = m_commands->find(QStringLiteral("playground.cancel"));
        QTRY_VERIFY(cancel->isEnabled());
        cancel->trigger();
        QCOMPARE(m_page->jobs().rowCount(), 0);
        QCOMPARE(m_control->count("stopCall"), 1);
        QVERIFY(!cancel->isEnabled());
    }

    void appsAndEndpointsAreChosen()
    {
        connectHost();
        QSignalSpy changed(&m_page->panel().picker(), &AppPicker::formChanged);
        m_page->panel().picker().choose(QStringLiteral("shapes"), QStringLiteral("/fast"));
        QTRY_COMPARE(m_page->panel().picker().path(), QStringLiteral("/fast"));
        QCOMPARE(m_page->panel().picker().appName(), QStringLiteral("shapes"));
        QTRY_COMPARE(m_page->panel().form().fields().size(), 1);
        QVERIFY(changed.count() > 0);
    }

    void anotherRevisionIsReadAgain()
    {
        connectHost();
        const int before = m_control->count("appOpenApi");
        type(QStringLiteral("kept"));
        m_control->tell(control::AppChanged{appOf("painter", "1111111111")});
        QTest::qWait(50);
        QCOMPARE(m_control->count("appOpenApi"), before);
        m_control->tell(control::AppChanged{appOf("painter", "2222222222")});
        QTRY_COMPARE(m_control->count("appOpenApi"), before + 1);
        QCOMPARE(jsonMember(jsonMembers(m_page->panel().form().input()), QStringLiteral("prompt")), QStringLiteral("\"kept\""));
    }

    void appThatGoesTakesItsFormAlong()
    {
        connectHost();
        m_control->tell(control::AppRemoved{"painter"});
        m_control->tell(control::AppRemoved{"shapes"});
        QTRY_VERIFY(!generate()->isEnabled());
    }

    void replayFillsTheForm()
    {
        connectHost();
        Generation old;
        old.app = QStringLiteral("shapes");
        old.endpoint = QStringLiteral("/");
        old.revision = QStringLiteral("9999999999");
        old.input = QStringLiteral(R"({"prompt":"old","num_inference_steps":9,"seed":42})");
        QSignalSpy wanted(&m_navigator, &Navigator::pageWanted);
        m_navigator.replay(old);
        QCOMPARE(wanted.count(), 1);
        QTRY_COMPARE(m_page->panel().picker().appName(), QStringLiteral("shapes"));
        QTRY_VERIFY(m_page->panel().form().input().contains(QLatin1String("\"old\"")));
        QCOMPARE(m_page->panel().form().seed()->json(), QStringLiteral("42"));
        QVERIFY(m_control->calledWith.empty()); // filled, not run
        QVERIFY(banner()->isVisible());         // another revision
    }

    void replayOfAnAppThatIsNotHere()
    {
        connectHost();
        Generation old;
        old.app = QStringLiteral("gone");
        old.endpoint = QStringLiteral("/");
        old.input = QStringLiteral(R"({"prompt":"old"})");
        m_navigator.replay(old);
        QTRY_VERIFY(m_page->panel().form().input().contains(QLatin1String("\"old\"")));
        QVERIFY(hasText(QStringLiteral("gone is not on this host")));
    }

    void valuesOutliveTheStudio()
    {
        connectHost();
        type(QStringLiteral("remember me"));
        m_page.reset();
        m_commands = std::make_unique<Commands>(*m_theme, *m_settings);
        m_studio = std::make_unique<Studio>(Studio{*m_theme, *m_settings, *m_commands, m_navigator, *m_targets, *m_workspace, *m_run});
        m_page = std::make_unique<PlaygroundPage>(*m_studio);
        QTRY_VERIFY(m_page->panel().form().input().contains(QLatin1String("remember me")));
    }

    void foreignPictureSaysWhyItTellsNothing()
    {
        connectHost();
        const QString path = m_folder->filePath(QStringLiteral("foreign.png"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(pngOf({16, 16}, Qt::green));
        file.close();
        m_page->openPicture(path);
        QTRY_VERIFY(banner()->isVisible());
        QTRY_COMPARE(view().picture().size, QSize(16, 16)); // shown all the same
        banner()->clear();
        m_page->openPicture(m_folder->filePath(QStringLiteral("gone.png")));
        QTRY_VERIFY(banner()->isVisible());
    }

    void ownPictureFillsTheForm()
    {
        connectHost();
        QImage image(16, 16, QImage::Format_RGB32);
        image.fill(Qt::green);
        image.setText(QStringLiteral("tintype"), QStringLiteral(R"({"prompt":"from the file","seed":77,"width":16,"height":16,"num_inference_steps":3})"));
        const QString path = m_folder->filePath(QStringLiteral("own.png"));
        QVERIFY(image.save(path));
        QMimeData data;
        data.setUrls({QUrl::fromLocalFile(path)});
        QDragEnterEvent enter({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_page.get(), &enter);
        QVERIFY(enter.isAccepted());
        QDropEvent drop({5, 5}, Qt::CopyAction, &data, Qt::LeftButton, {});
        QApplication::sendEvent(m_page.get(), &drop);
        QTRY_VERIFY(m_page->panel().form().input().contains(QLatin1String("from the file")));
        QCOMPARE(m_page->panel().form().seed()->json(), QStringLiteral("77"));
        QVERIFY(m_control->calledWith.empty());
    }

    void hiddenPageGivesItsShortcutsBack()
    {
        connectHost();
        type(QStringLiteral("a"));
        QVERIFY(generate()->isEnabled());
        m_page->hide();
        QVERIFY(!generate()->isEnabled());
    }

    void hostThatGoesInMidRun()
    {
        connectHost();
        QVERIFY(m_targets->add(QStringLiteral("Other"), {.url = "http://other:7870", .key = {}, .caFile = {}, .fingerprint = {}}));
        m_targets->setCurrent(m_targets->find(QStringLiteral("Other")));
        QTRY_VERIFY(m_page->panel().canCall());
        m_control->holds = true;
        type(QStringLiteral("a"));
        generate()->trigger();
        QTRY_COMPARE(m_page->jobs().rowCount(), 1);
        QVERIFY(m_targets->remove(QStringLiteral("Other")));
        QTRY_COMPARE(m_page->jobs().rowCount(), 0);
        QVERIFY(banner()->isVisible());
    }

private:
    void connectHost()
    {
        m_targets->setLocal({});
        QTRY_VERIFY(m_page->panel().canCall());
    }

    void type(const QString& prompt)
    {
        auto* const edit = m_page->panel().form().findChild<QPlainTextEdit*>();
        QVERIFY(edit);
        edit->setPlainText(prompt);
    }

    bool hasText(const QString& text) const
    {
        const QList<QLabel*> labels = m_page->findChildren<QLabel*>();
        return std::ranges::any_of(labels, [&](const QLabel* label) { return label->isVisibleTo(m_page.get()) && label->text().contains(text); });
    }

    QAction* generate() const { return m_commands->find(QStringLiteral("playground.generate")); }
    ErrorBanner* banner() const { return m_page->findChild<ErrorBanner*>(QString(), Qt::FindDirectChildrenOnly); }
    PictureView& view() const { return m_page->result().view(); }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<Commands> m_commands;
    Navigator m_navigator;
    std::unique_ptr<Targets> m_targets;
    std::unique_ptr<Workspace> m_workspace;
    std::unique_ptr<RunSession> m_run;
    std::unique_ptr<Studio> m_studio;
    std::unique_ptr<PlaygroundPage> m_page;
    FakeControl* m_control = nullptr;
};

QTEST_MAIN(TestPlaygroundPage)
#include "tst_playground_page.moc"
