// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/studio_session.h"
#include "ui/models/job_queue.h"
#include "ui/views/deployments/deploy_sheet.h"
#include "ui/views/playground/playground_page.h"
#include "ui/widgets/loop_watch.h"

#include <QAbstractItemView>
#include <QDir>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QStandardPaths>
#include <QTest>
#include <QToolButton>
#include <csignal>

using namespace tintype;
using namespace tintype::ui;

namespace {

constexpr int kStartMs = 60'000;
constexpr int kDrawMs = 60'000;

/// Where on the picture most of the green is: 0 = left edge, 1 = right edge; -1 = there is none.
double placeOfGreen(const QImage& picture)
{
    double sum = 0;
    int count = 0;
    for (int y = 0; y < picture.height(); ++y) {
        for (int x = 0; x < picture.width(); ++x) {
            const QColor color = picture.pixelColor(x, y);
            if (color.green() > color.red() + 40 && color.green() > color.blue() + 40) {
                sum += x;
                ++count;
            }
        }
    }
    return count == 0 ? -1 : sum / count / picture.width();
}

template <class Widget>
Widget* named(QWidget& root, const QString& accessibleName)
{
    for (Widget* const widget : root.findChildren<Widget*>()) {
        if (widget->accessibleName() == accessibleName && widget->isVisible())
            return widget;
    }
    return nullptr;
}

} // namespace

/// What a new user does in the first ten minutes, on a real host with the model that ships: run, draw, compare, deploy to a host with
/// TLS and a key, call it from outside, find that call, replay it. Each step goes on from the one before.
class TestStudioStory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QStandardPaths::setTestModeEnabled(true);
        m_session = std::make_unique<test::StudioSession>();
        QVERIFY(QTest::qWaitForWindowExposed(m_session->window.get()));
    }
    void cleanupTestCase() { m_session.reset(); }

    void firstStartOpensTheExample()
    {
        QVERIFY(m_session->workspace.current());
        QCOMPARE(m_session->workspace.current()->name(), QStringLiteral("shapes-flux"));
        QTRY_VERIFY_WITH_TIMEOUT(m_session->targets.current() && m_session->targets.current()->isConnected(), kStartMs);
        QTRY_VERIFY(m_session->commands.find(QStringLiteral("run.start"))->isEnabled());
        shoot("apps");
    }

    void runStartsTheApp()
    {
        QToolButton* const run = buttonOf("run.start");
        QVERIFY(run);
        QTest::mouseClick(run, Qt::LeftButton);
        QTRY_VERIFY2_WITH_TIMEOUT(m_session->run.state() == RunSession::State::Running || m_session->run.state() == RunSession::State::Failed, "still starting", kStartMs);
        QVERIFY2(m_session->run.state() == RunSession::State::Running, m_session->run.error() ? m_session->run.error()->message.c_str() : "");
        QVERIFY(!m_session->run.stages().empty());
        shoot("run");
    }

    void aPromptIsDrawnStepByStep()
    {
        m_session->navigator.showPage(PageId::Playground);
        QTRY_VERIFY_WITH_TIMEOUT(promptField(), kStartMs);
        draw(QStringLiteral("a small green star on the right"));
        if (QTest::currentTestFailed())
            return;
        QVERIFY2(m_previews >= 1, "no preview came before the picture");
        const QImage picture = QImage::fromData(m_drawn.pictures.value(0));
        QVERIFY(!picture.isNull());
        const double place = placeOfGreen(picture);
        QVERIFY2(place > 0.6, qPrintable(QStringLiteral("green is at %1 of the width").arg(place)));
        shoot("playground");
    }

    void twoSeedsAreCompared()
    {
        const auto first = m_drawn.seed;
        draw(QStringLiteral("a small green star on the right"));
        if (QTest::currentTestFailed())
            return;
        QVERIFY(m_drawn.seed != first);
        auto* const history = named<QAbstractItemView>(page(), QStringLiteral("History"));
        QVERIFY(history);
        QTRY_VERIFY(history->model()->rowCount() >= 2);
        history->selectionModel()->clear();
        for (const int row : {0, 1})
            history->selectionModel()->select(history->model()->index(row, 0), QItemSelectionModel::Select);
        QTRY_VERIFY(m_session->commands.find(QStringLiteral("history.compare"))->isEnabled());
        m_session->trigger("history.compare");
        QTest::qWait(500);
        shoot("compare");
    }

    void itIsDeployedToARackWithTlsAndKey()
    {
        QVERIFY(m_rack.start());
        QVERIFY(m_session->targets.add(QStringLiteral("rack"), m_rack.address()));
        Target* const rack = m_session->targets.find(QStringLiteral("rack"));
        QTRY_VERIFY_WITH_TIMEOUT(rack->isConnected(), kStartMs);
        m_session->targets.setCurrent(rack);
        m_session->trigger("deploy.open");
        auto* const sheet = m_session->window->findChild<DeploySheet*>();
        QVERIFY(sheet);
        QPushButton* deploy = nullptr;
        QTRY_VERIFY((deploy = primaryButton(*sheet)) && deploy->isEnabled());
        shoot("deploy");
        QTest::mouseClick(deploy, Qt::LeftButton);
        QTRY_VERIFY_WITH_TIMEOUT(rack->findApp("shapes-flux") && !rack->findApp("shapes-flux")->revision.empty(), kStartMs);
        QTRY_VERIFY_WITH_TIMEOUT(!rack->findApp("shapes-flux")->rolling, kStartMs);
        auto* const curl = named<QPlainTextEdit>(*sheet, QStringLiteral("curl line"));
        QVERIFY(curl);
        QTRY_VERIFY(!curl->toPlainText().isEmpty());
        m_curlLine = curl->toPlainText();
        shoot("deployed");
        sheet->dismiss();
    }

    void theCurlLineCallsIt()
    {
        m_session->navigator.showPage(PageId::Deployments);
        QString line = m_curlLine; // as the sheet showed it; only the prompt is another
        line.replace(QStringLiteral("a small green star on the right"), QStringLiteral("a large red circle"));
        QVERIFY(line.startsWith(QStringLiteral("curl ")) && line.contains(QStringLiteral("large red circle")));
        QProcess curl;
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("TINTYPE_KEY"), QString::fromStdString(m_rack.key()));
        curl.setProcessEnvironment(environment);
        curl.start(QStringLiteral("sh"), {QStringLiteral("-c"), line});
        QTRY_VERIFY_WITH_TIMEOUT(curl.state() == QProcess::NotRunning, kDrawMs);
        const QByteArray answer = curl.readAllStandardOutput();
        const QByteArray complaint = curl.readAllStandardError();
        QVERIFY2(curl.exitCode() == 0, complaint.constData());
        QVERIFY(answer.contains("\"images\""));
        shoot("deployments");
    }

    void theCallIsFoundAndReplayed()
    {
        m_session->navigator.showPage(PageId::Requests);
        auto* const table = named<QAbstractItemView>(page(), QStringLiteral("Requests"));
        QVERIFY(table);
        QTRY_VERIFY_WITH_TIMEOUT(table->model()->rowCount() >= 1, kDrawMs);
        shoot("requests");
        table->setCurrentIndex(table->model()->index(0, 0));
        QTRY_VERIFY(m_session->commands.find(QStringLiteral("requests.replay")) && m_session->commands.find(QStringLiteral("requests.replay"))->isEnabled());
        m_session->trigger("requests.replay");
        QTRY_VERIFY_WITH_TIMEOUT(promptField() && promptField()->toPlainText() == QStringLiteral("a large red circle"), kDrawMs);
        draw({});
        shoot("replayed");
    }

    void everyPageIsSeen()
    {
        for (const auto& [id, name] : {std::pair{PageId::Analytics, "analytics"}, {PageId::Logs, "logs"}, {PageId::Models, "models"}, {PageId::Hosts, "hosts"}}) {
            m_session->navigator.showPage(id);
            QTest::qWait(700);
            shoot(name);
        }
    }

    /// kill -9 of the host of this machine, while an app runs there: the window stays, says so, and goes on with a new one.
    void theHostOfThisMachineIsKilled()
    {
        const qint64 before = m_session->hostProcess();
        QVERIFY(before > 0);
        QCOMPARE(::kill(static_cast<pid_t>(before), SIGKILL), 0);
        QTRY_COMPARE_WITH_TIMEOUT(m_session->run.state(), RunSession::State::Failed, kStartMs);
        QVERIFY(!m_session->run.error()->message.empty());
        QTRY_VERIFY_WITH_TIMEOUT(m_session->hostProcess() > 0 && m_session->hostProcess() != before, kStartMs);
        Target* local = nullptr;
        QTRY_VERIFY_WITH_TIMEOUT((local = m_session->targets.find(QStringLiteral("This machine"))) && local->isConnected(), kStartMs);
        m_session->targets.setCurrent(local);
        shoot("host-killed");
        m_session->trigger("run.start");
        QTRY_COMPARE_WITH_TIMEOUT(m_session->run.state(), RunSession::State::Running, kStartMs);
    }

    void stopGivesTheMemoryBack()
    {
        m_session->trigger("run.stop");
        QTRY_COMPARE_WITH_TIMEOUT(m_session->run.state(), RunSession::State::Stopped, kStartMs);
    }

private:
    QWidget& page() { return *m_session->window; }

    QToolButton* buttonOf(const char* command)
    {
        QAction* const action = m_session->commands.find(QLatin1String(command));
        for (QToolButton* const button : m_session->window->findChildren<QToolButton*>()) {
            if (button->defaultAction() == action && button->isVisible())
                return button;
        }
        return nullptr;
    }

    static QPushButton* primaryButton(QWidget& root)
    {
        for (QPushButton* const button : root.findChildren<QPushButton*>()) {
            if (button->property("role") == QStringLiteral("primary") && button->isVisible())
                return button;
        }
        return nullptr;
    }

    QPlainTextEdit* promptField() { return named<QPlainTextEdit>(page(), QStringLiteral("Prompt")); }

    /// Types a prompt, presses Generate, waits for the picture. An empty prompt leaves the form as it is.
    void draw(const QString& prompt)
    {
        auto* const playground = m_session->window->findChild<PlaygroundPage*>();
        QVERIFY(playground);
        if (!prompt.isEmpty()) {
            promptField()->selectAll();
            QTest::keyClicks(promptField(), prompt);
        }
        QTRY_VERIFY_WITH_TIMEOUT(m_session->commands.find(QStringLiteral("playground.generate"))->isEnabled(), kStartMs);
        m_previews = 0;
        QSignalSpy progress(&playground->jobs(), &JobQueue::progressed);
        QSignalSpy finished(&playground->jobs(), &JobQueue::finished);
        m_session->trigger("playground.generate");
        QTRY_VERIFY_WITH_TIMEOUT(finished.count() >= 1, kDrawMs);
        for (const auto& arguments : progress) {
            if (!arguments[1].value<control::CallProgress>().preview.empty())
                ++m_previews;
        }
        m_drawn = finished.last()[0].value<Generation>();
        QVERIFY2(m_drawn.error.isEmpty(), qPrintable(m_drawn.error));
    }

    /// Kept as artefacts: each page in both themes, at two sizes.
    void shoot(const char* name)
    {
        const QDir folder(QStringLiteral(TINTYPE_SCREENSHOTS));
        folder.mkpath(QStringLiteral("."));
        for (const auto& [mode, theme] : {std::pair{Theme::Mode::Light, "light"}, {Theme::Mode::Dark, "dark"}}) {
            m_session->theme.setMode(mode);
            for (const QSize size : {QSize(1280, 800), QSize(2560, 1440)}) {
                m_session->window->resize(size);
                QTest::qWait(120);
                m_session->window->grab().save(folder.filePath(QStringLiteral("%1-%2-%3.png").arg(QLatin1String(name), QLatin1String(theme)).arg(size.width())));
            }
        }
        m_session->theme.setMode(Theme::Mode::Light);
        m_session->window->resize(1280, 800);
    }

    std::unique_ptr<test::StudioSession> m_session;
    test::RackHost m_rack;
    Generation m_drawn;
    QString m_curlLine;
    int m_previews = 0;
};

QTEST_MAIN(TestStudioStory)
#include "tst_studio_story.moc"
