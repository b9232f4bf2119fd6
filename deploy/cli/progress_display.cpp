// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/progress_display.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace tintype::cli {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(50);
constexpr int kDefaultColumns = 80;
constexpr int kMaxBarColumns = 40;
constexpr int kMinBarColumns = 4;
constexpr double kMegabyte = 1e6;
constexpr double kGigabyte = 1e9;
constexpr int kSecondsPerMinute = 60;
constexpr int kSecondsPerHour = 3600;

std::string bytesText(std::uint64_t bytes)
{
    const double number = static_cast<double>(bytes);
    if (number < kGigabyte)
        return fmt::format("{:.1f} MB", number / kMegabyte);
    return fmt::format("{:.2f} GB", number / kGigabyte);
}

std::string durationText(double seconds)
{
    if (!std::isfinite(seconds))
        return "?";
    const long whole = std::lround(std::clamp(seconds, 0.0, 1e9));
    if (whole < kSecondsPerHour)
        return fmt::format("{}:{:02}", whole / kSecondsPerMinute, whole % kSecondsPerMinute);
    return fmt::format("{}:{:02}:{:02}", whole / kSecondsPerHour, whole % kSecondsPerHour / kSecondsPerMinute,
        whole % kSecondsPerMinute);
}

std::string rateText(double secondsPerStep)
{
    if (secondsPerStep > 1)
        return fmt::format("{:.2f} s/it", secondsPerStep);
    return secondsPerStep > 0 ? fmt::format("{:.2f} it/s", 1 / secondsPerStep) : "";
}

int terminalColumns()
{
    winsize size{};
    return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : kDefaultColumns;
}

std::string barText(double fraction, int columns)
{
    const int filled = static_cast<int>(std::lround(std::clamp(fraction, 0.0, 1.0) * columns));
    std::string bar;
    for (int column = 0; column < columns; ++column)
        bar += column < filled ? "━" : "─";
    return bar;
}

} // namespace

ProgressDisplay::ProgressDisplay()
    : m_isTerminal(::isatty(STDERR_FILENO) == 1)
{
}

ProgressDisplay::~ProgressDisplay()
{
    clearLine();
}

void ProgressDisplay::showLoading(const LoadProgress& progress)
{
    const bool isNewStage = m_stage != progress.stage;
    m_stage = progress.stage;
    if (m_isTerminal) {
        const auto now = std::chrono::steady_clock::now();
        if (!isNewStage && m_drawnAt && now - *m_drawnAt < kRedrawInterval)
            return;
        const double total = static_cast<double>(std::max<std::uint64_t>(progress.bytesTotal, 1));
        redraw("loading " + progress.stage, static_cast<double>(progress.bytesDone) / total,
            bytesText(progress.bytesDone) + " of " + bytesText(progress.bytesTotal));
        m_drawnAt = now;
    } else if (isNewStage) {
        note(fmt::format("loading {}, {}", progress.stage, bytesText(progress.bytesTotal)));
    }
}

void ProgressDisplay::showStep(const Progress& progress)
{
    const std::string rate = rateText(progress.stepSeconds);
    const std::string eta = durationText(progress.etaSeconds);
    if (m_isTerminal)
        redraw(progress.step < progress.steps ? "drawing" : "decoding",
            static_cast<double>(progress.step) / std::max(progress.steps, 1),
            fmt::format("{}/{}  {}  ETA {}", progress.step, progress.steps, rate, eta));
    else
        note(fmt::format("step {}/{}, {}, ETA {}", progress.step, progress.steps, rate, eta));
}

void ProgressDisplay::note(const std::string& line)
{
    clearLine();
    fmt::print(stderr, "{}\n", line);
}

void ProgressDisplay::redraw(const std::string& label, double fraction, const std::string& numbers)
{
    const int textColumns = static_cast<int>(label.size() + numbers.size()) + 4;
    const int barColumns = std::min(kMaxBarColumns, terminalColumns() - 1 - textColumns);
    const std::string bar = barColumns < kMinBarColumns ? "" : barText(fraction, barColumns) + "  ";
    fmt::print(stderr, "\r\x1b[K{}  {}{}", label, bar, numbers);
    std::fflush(stderr);
    m_lineIsDrawn = true;
}

void ProgressDisplay::clearLine()
{
    if (m_lineIsDrawn)
        fmt::print(stderr, "\r\x1b[K");
    m_lineIsDrawn = false;
}

} // namespace tintype::cli
