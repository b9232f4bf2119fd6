// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/progress_display.h"

#include "deploy/cli/text_format.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace tintype::cli {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(50);
constexpr int kMaxBarColumns = 40;
constexpr int kMinBarColumns = 4;

std::string rateText(double secondsPerStep)
{
    if (secondsPerStep > 1)
        return fmt::format("{:.2f} s/it", secondsPerStep);
    return secondsPerStep > 0 ? fmt::format("{:.2f} it/s", 1 / secondsPerStep) : "";
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
        note("loading " + progress.stage + (progress.bytesTotal == 0 ? "" : ", " + bytesText(progress.bytesTotal)));
    }
}

void ProgressDisplay::showTransfer(const Transfer& transfer)
{
    const bool isNewStage = m_stage != transfer.label;
    m_stage = transfer.label;
    const double total = static_cast<double>(std::max<std::uint64_t>(transfer.bytesTotal, 1));
    if (m_isTerminal)
        redraw(transfer.label, static_cast<double>(transfer.bytesDone) / total,
            fmt::format("{} of {}  {}/s  ETA {}", bytesText(transfer.bytesDone), bytesText(transfer.bytesTotal),
                bytesText(static_cast<std::uint64_t>(transfer.bytesPerSecond)), durationText(transfer.etaSeconds)));
    else if (isNewStage)
        note(fmt::format("{}, {}", transfer.label, bytesText(transfer.bytesTotal)));
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
        note(fmt::format("step {}/{}, {}ETA {}", progress.step, progress.steps, rate.empty() ? "" : rate + ", ", eta));
}

void ProgressDisplay::note(const std::string& line)
{
    clearLine();
    fmt::print(stderr, "{}\n", line);
}

void ProgressDisplay::redraw(const std::string& label, double fraction, const std::string& numbers)
{
    const int textColumns = static_cast<int>(label.size() + numbers.size()) + 4;
    const int barColumns = std::min(kMaxBarColumns, terminalColumns(STDERR_FILENO).value_or(0) - 1 - textColumns);
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
