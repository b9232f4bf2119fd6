// SPDX-License-Identifier: GPL-3.0-or-later
// A scripted tour of the whole studio on a host of its own with the model that ships and 1,000 entries in the history: time to the usable
// window, turns of the event loop at each station (limits: 16 ms median, 50 ms longest), memory. Exit code 1 when a limit is passed.
//
//   studio_tour            in a real window, or with QT_QPA_PLATFORM=offscreen
#include "tests/ui/studio_session.h"
#include "ui/models/history.h"
#include "ui/models/job_queue.h"
#include "ui/shell/navigation.h"
#include "ui/views/playground/playground_page.h"
#include "ui/widgets/loop_watch.h"

#include <QBuffer>
#include <QEventLoop>
#include <QImage>
#include <QPainter>
#include <QPlainTextEdit>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTest>
#include <QTimer>
#include <fmt/core.h>
#include <functional>

namespace {

using namespace tintype;
using namespace std::chrono_literals;

constexpr int kHistoryEntries = 1000;
constexpr auto kLongestTurn = 50ms;
constexpr auto kMedianTurn = 16ms;
constexpr auto kUsableWindow = 1000ms;
constexpr double kMostMegabytes = 250;
constexpr int kPatience = 60'000; ///< ms

/// Resident memory in MB. @source proc(5), statm
double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    constexpr double kPage = 4096;
    return file.readAll().split(' ').value(1).toDouble() * kPage / 1e6;
}

QByteArray pictureOf(int number)
{
    QImage image(512, 512, QImage::Format_RGB32);
    image.fill(QColor::fromHsv(number % 360, 120, 200));
    QPainter(&image).drawText(image.rect(), Qt::AlignCenter, QString::number(number));
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

void fillHistory()
{
    ui::History history(ui::History::defaultFolder());
    QSignalSpy added(&history, &ui::History::added);
    for (int i = 0; i < kHistoryEntries; ++i) {
        ui::Generation entry;
        entry.id = QStringLiteral("%1").arg(i, 32, 16, QLatin1Char('0'));
        entry.createdAt = fromMilliseconds(1'700'000'000'000 + i * 60'000LL);
        entry.target = QStringLiteral("This machine");
        entry.app = QStringLiteral("shapes-flux");
        entry.endpoint = QStringLiteral("/");
        entry.input = QStringLiteral("{\"prompt\":\"shape number %1\",\"seed\":%1}").arg(i);
        entry.seed = static_cast<quint64>(i);
        entry.totalSeconds = 0.25;
        entry.pictures = {pictureOf(i)};
        history.add(entry);
    }
    if (!QTest::qWaitFor([&] { return added.count() >= kHistoryEntries; }, kPatience))
        fmt::print("only {} of {} entries were written\n", added.count(), kHistoryEntries);
}

class Tour {
public:
    bool run()
    {
        start();
        fmt::print("{:<34}{:>8}{:>12}{:>12}{:>12}   longest event\n", "station", "turns", "median ms", "longest ms", "memory MB");
        station("settling", 1500ms, [] {});
        static constexpr std::pair<ui::PageId, const char*> kPages[] = {{ui::PageId::Playground, "playground"}, {ui::PageId::Deployments, "deployments"},
            {ui::PageId::Requests, "requests"}, {ui::PageId::Analytics, "analytics"}, {ui::PageId::Logs, "logs"}, {ui::PageId::Models, "models"},
            {ui::PageId::Hosts, "hosts"}, {ui::PageId::Apps, "apps"}};
        for (const auto& [page, name] : kPages)
            station(name, 600ms, [this, page = page] { m_session->navigator.showPage(page); });
        station("run", 5000ms, [this] { m_session->trigger("run.start"); });
        if (!QTest::qWaitFor([this] { return m_session->run.state() == ui::RunSession::State::Running; }, kPatience))
            fmt::print("the app does not run\n");
        m_session->navigator.showPage(ui::PageId::Playground);
        station("typing a prompt", 200ms, [this] { type(); });
        station("three pictures, step by step", 3000ms, [this] { generate(); });
        station("every page, twice, quickly", 200ms, [this] { everyPage(); });
        station("another theme", 600ms, [this] { m_session->theme.setMode(ui::Theme::Mode::Dark); });
        station("resizing", 200ms, [this] { resize(); });
        const double memory = residentMegabytes();
        fmt::print("memory with {} entries in the history: {:.0f} MB (limit {:.0f})\n", kHistoryEntries, memory, kMostMegabytes);
        m_session->trigger("run.stop");
        QTest::qWaitFor([this] { return m_session->run.state() == ui::RunSession::State::Stopped; }, kPatience);
        return m_isWithinLimits && memory <= kMostMegabytes;
    }

private:
    void start()
    {
        QElapsedTimer clock;
        clock.start();
        m_session = std::make_unique<test::StudioSession>();
        const bool isUsable = QTest::qWaitForWindowExposed(m_session->window.get());
        const qint64 usable = clock.elapsed();
        QTest::qWaitFor([this] { return m_session->targets.current() && m_session->targets.current()->isConnected(); }, kPatience);
        fmt::print("usable window after {} ms (limit {}), host of this machine started and connected after {} ms\n", usable, kUsableWindow.count(),
            clock.elapsed());
        m_isWithinLimits &= isUsable && usable <= kUsableWindow.count();
    }

    /// Acts, then lets the loop run for `time`.
    void station(const char* name, std::chrono::milliseconds time, const std::function<void()>& act)
    {
        m_watch.start();
        QTimer::singleShot(0, m_session->window.get(), act);
        QEventLoop loop;
        QTimer::singleShot(time, &loop, &QEventLoop::quit);
        loop.exec();
        QTest::qWaitFor([this] { return !m_isActing; }, kPatience);
        m_watch.stop();
        const double median = static_cast<double>(m_watch.median().count()) / 1000;
        const double longest = static_cast<double>(m_watch.longest().count()) / 1000;
        m_isWithinLimits &= m_watch.median() <= kMedianTurn && m_watch.longest() <= kLongestTurn;
        fmt::print("{:<34}{:>8}{:>12.2f}{:>12.2f}{:>12.0f}   {}\n", name, m_watch.turnCount(), median, longest, residentMegabytes(),
            m_watch.longestStory().toStdString());
        std::fflush(stdout);
    }

    /// Calls `act` 0, 1, … `count` - 1, one a turn, `pause` apart.
    void repeat(int count, std::chrono::milliseconds pause, std::function<void(int)> act)
    {
        m_isActing = true;
        auto* const timer = new QTimer(m_session->window.get());
        QObject::connect(timer, &QTimer::timeout, [this, timer, count, act = std::move(act), step = 0]() mutable {
            act(step);
            if (++step == count) {
                timer->deleteLater();
                m_isActing = false;
            }
        });
        timer->start(pause);
    }

    void type()
    {
        QPlainTextEdit* prompt = nullptr;
        for (QPlainTextEdit* const edit : m_session->window->findChildren<QPlainTextEdit*>()) {
            if (edit->accessibleName() == QLatin1String("Prompt") && edit->isVisible())
                prompt = edit;
        }
        if (!prompt)
            return fmt::print("there is no prompt field\n");
        prompt->selectAll();
        const QString text = QStringLiteral("a small green star on the right");
        repeat(static_cast<int>(text.size()), 15ms, [prompt, text](int letter) { prompt->insertPlainText(text.mid(letter, 1)); });
    }

    void generate()
    {
        auto* const playground = m_session->window->findChild<ui::PlaygroundPage*>();
        m_isActing = true;
        QObject::connect(&playground->jobs(), &ui::JobQueue::finished, m_session->window.get(), [this, left = 3]() mutable {
            if (--left == 0)
                m_isActing = false;
        });
        for (int i = 0; i < 3; ++i)
            m_session->trigger("playground.generate");
    }

    void everyPage()
    {
        repeat(2 * ui::kPageCount, 60ms, [this](int step) { m_session->navigator.showPage(static_cast<ui::PageId>(step % ui::kPageCount)); });
    }

    void resize()
    {
        repeat(20, 30ms, [this](int step) { m_session->window->resize(1100 + 20 * step, 700 + 5 * step); });
    }

    std::unique_ptr<test::StudioSession> m_session;
    ui::LoopWatch m_watch;
    bool m_isActing = false;
    bool m_isWithinLimits = true;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("studio_tour"));
    QStandardPaths::setTestModeEnabled(true);
    QDir(ui::History::defaultFolder()).removeRecursively();
    fillHistory();
    Tour tour;
    return tour.run() ? 0 : 1;
}
