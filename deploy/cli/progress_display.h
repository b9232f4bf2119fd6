// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"

#include <chrono>
#include <optional>
#include <string>

namespace tintype::cli {

/// Bytes on their way: hashing or uploading.
struct Transfer {
    std::string label;
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;
    double bytesPerSecond = 0;
    double etaSeconds = 0;
};

/// Shows on stderr how far something is: one line that is redrawn on a terminal, plain lines in a pipe.
class ProgressDisplay {
public:
    ProgressDisplay();
    ~ProgressDisplay();
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;

    void showLoading(const LoadProgress& progress);
    void showStep(const Progress& progress);
    void showTransfer(const Transfer& transfer);

    /// A line that stays.
    void note(const std::string& line);

private:
    void redraw(const std::string& label, double fraction, const std::string& numbers);
    void clearLine();

    const bool m_isTerminal;
    bool m_lineIsDrawn = false;
    std::string m_stage; ///< of loading, the last one shown
    std::optional<std::chrono::steady_clock::time_point> m_drawnAt;
};

} // namespace tintype::cli
