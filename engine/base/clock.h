// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace tintype {

/// Elapsed time since construction or the last lap, in seconds, from the monotonic clock.
class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_start).count(); }

    /// Seconds since the last lap (or the start), and starts the next one.
    double lap()
    {
        const double elapsed = seconds();
        m_start = std::chrono::steady_clock::now();
        return elapsed;
    }

private:
    std::chrono::steady_clock::time_point m_start = std::chrono::steady_clock::now();
};

} // namespace tintype
