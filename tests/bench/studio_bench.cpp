// SPDX-License-Identifier: GPL-3.0-or-later
// How smooth the log pane stays: a million lines, 5,000 lines a second that come while the user scrolls, searches and filters.
// Prints turns of the event loop (limits: 16 ms median, 50 ms longest) and memory. Exit code 1 when a limit is passed.
//
//   QT_QPA_PLATFORM=offscreen studio_bench [seconds per phase]
#include "tests/support/studio_fixture.h"
#include "ui/widgets/log_pane.h"
#include "ui/widgets/log_scope_box.h"
#include "ui/widgets/log_search_bar.h"
#include "ui/widgets/loop_watch.h"

#include <QEventLoop>
#include <QFile>
#include <QScrollBar>
#include <QTimer>
#include <fmt/core.h>
#include <functional>

namespace {

using namespace tintype;
using namespace std::chrono_literals;

constexpr int kLinesLoaded = 1'000'000;
constexpr int kLinesPerSecond = 5000;
constexpr auto kLongestTurn = 50ms;
constexpr auto kMedianTurn = 16ms;

/// Resident memory in MB. @source proc(5), statm
double residentMegabytes()
{
    QFile file(QStringLiteral("/proc/self/statm"));
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    constexpr double kPage = 4096;
    return file.readAll().split(' ').value(1).toDouble() * kPage / 1e6;
}

control::LogLine lineNumber(std::int64_t number)
{
    control::LogLine line;
    line.time = fromMilliseconds(1'700'000'000'000 + number);
    line.level = number % 97 == 0 ? "error" : number % 31 == 0 ? "warning" : number % 5 == 0 ? "debug" : "info";
    line.app = number % 3 == 0 ? "shapes-flux" : "shapes-sdxl";
    line.replica = fmt::format("replica-{:06}", number / 50'000);
    line.request = fmt::format("{:08x}-1f2e-4d3c-8b7a-{:012x}", number / 20, number);
    line.source = "worker";
    line.text = fmt::format("step {} of 28 took {:.3f} ms, {} tensors in use, {} bytes free on cuda:0", number % 28, 10.0 + static_cast<double>(number % 977) / 100,
        400 + number % 13, number * 7919 % 80'000'000'000);
    return line;
}

class Bench {
public:
    explicit Bench(std::chrono::milliseconds phase)
        : m_phase(phase)
        , m_pane(m_studio.studio, ui::LogPane::Kind::Dock)
    {
        m_pane.resize(1280, 700);
        m_pane.show();
        runFor(500ms);
    }

    bool run()
    {
        fmt::print("{:<34}{:>8}{:>12}{:>12}{:>12}   longest event\n", "phase", "turns", "median ms", "longest ms", "memory MB");
        measure("idle", 1s, [](int) {});
        load();
        streamLines();
        measure("5,000 lines/s, following", m_phase, [](int) {});
        m_pane.view().verticalScrollBar()->setValue(m_pane.view().verticalScrollBar()->maximum() / 2);
        measure("… scrolling", m_phase, [this](int step) { scroll(step); });
        measure("… searching", m_phase, [this](int step) { search(step); });
        measure("… searching, only matches", m_phase, [this](int step) {
            m_pane.searchBar().setOnlyMatches(true);
            search(step);
        });
        m_pane.searchBar().setPattern({});
        m_pane.showAll();
        measure("… filtering", m_phase, [this](int step) { filter(step); });
        m_pane.showAll();
        measure("… costly expression", m_phase, [this](int step) {
            if (step == 0)
                m_pane.searchBar().setPattern(QStringLiteral("(\\w+\\s?)+free$"));
            scroll(step);
        });
        m_pane.searchBar().setPattern({});
        m_producer.stop();
        fmt::print("{} lines kept, {} dropped\n", m_pane.model().count(), m_pane.model().droppedCount());
        return m_isWithinLimits;
    }

private:
    static void runFor(std::chrono::milliseconds time)
    {
        QEventLoop loop;
        QTimer::singleShot(time, &loop, &QEventLoop::quit);
        loop.exec();
    }

    /// Calls `act` at 60 Hz with the number of the call, and prints what the event loop did meanwhile.
    void measure(const char* name, std::chrono::milliseconds time, const std::function<void(int)>& act)
    {
        QTimer frames;
        frames.setTimerType(Qt::PreciseTimer);
        int step = 0;
        QObject::connect(&frames, &QTimer::timeout, [&] { act(step++); });
        frames.start(16ms);
        m_watch.start();
        runFor(time);
        report(name);
    }

    void report(const char* name)
    {
        m_watch.stop();
        const double median = static_cast<double>(m_watch.median().count()) / 1000;
        const double longest = static_cast<double>(m_watch.longest().count()) / 1000;
        m_isWithinLimits &= m_watch.median() <= kMedianTurn && m_watch.longest() <= kLongestTurn;
        fmt::print("{:<34}{:>8}{:>12.2f}{:>12.2f}{:>12.0f}   {}\n", name, m_watch.turnCount(), median, longest, residentMegabytes(),
            m_watch.longestStory().toStdString());
        std::fflush(stdout);
    }

    void load()
    {
        QEventLoop loop;
        QTimer chunks;
        QObject::connect(&chunks, &QTimer::timeout, [&] {
            std::vector<control::LogLine> lines;
            for (int i = 0; i < 1000; ++i)
                lines.push_back(lineNumber(m_next++));
            m_pane.model().append(lines);
            if (m_next == kLinesLoaded)
                loop.quit();
        });
        m_watch.start();
        chunks.start(0);
        loop.exec();
        report("1,000,000 lines loaded");
    }

    void streamLines()
    {
        m_producer.setTimerType(Qt::PreciseTimer);
        m_clock.start();
        m_streamBegin = m_next;
        QObject::connect(&m_producer, &QTimer::timeout, [this] {
            const std::int64_t due = m_streamBegin + m_clock.elapsed() * kLinesPerSecond / 1000;
            while (m_next < due)
                m_studio.control().tell(control::LogAdded{lineNumber(m_next++)});
        });
        m_producer.start(5ms);
    }

    void scroll(int step)
    {
        QScrollBar& bar = *m_pane.view().verticalScrollBar();
        bar.setValue(step % 60 == 59 ? bar.maximum() / (2 + step / 60) : bar.value() + (step % 120 < 60 ? 7 : -11));
    }

    void search(int step)
    {
        static constexpr std::array kPatterns{"s", "st", "step 1", "step 1\\d of", "free on cuda", "bytes|tensors", "7\\.\\d+ ms", "nowhere"};
        if (step % 20 == 0)
            m_pane.searchBar().setPattern(QLatin1String(kPatterns[static_cast<std::size_t>(step / 20) % kPatterns.size()]));
        else if (step % 5 == 0)
            m_pane.step(step % 2 == 0);
    }

    void filter(int step)
    {
        if (step % 15 == 0)
            m_pane.setLevel(static_cast<ui::LogLevel>(step / 15 % 4));
        if (step % 45 == 0)
            m_pane.scopeBox().setScope({step / 45 % 2 == 0 ? QStringLiteral("shapes-flux") : QString(), {}, {}});
        scroll(step);
    }

    const std::chrono::milliseconds m_phase;
    test::StudioFixture m_studio;
    ui::LogPane m_pane;
    ui::LoopWatch m_watch;
    QTimer m_producer;
    QElapsedTimer m_clock;
    std::int64_t m_next = 0;
    std::int64_t m_streamBegin = 0;
    bool m_isWithinLimits = true;
};

} // namespace

int main(int argc, char** argv)
{
    QApplication application(argc, argv);
    const double seconds = argc > 1 ? QByteArray(argv[1]).toDouble() : 5;
    Bench bench(std::chrono::milliseconds(static_cast<int>(seconds * 1000)));
    return bench.run() ? 0 : 1;
}
