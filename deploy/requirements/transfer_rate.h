// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>

namespace tintype::requirements {

/// Bytes per second over the last ten seconds, from a count that only grows.
class TransferRate {
public:
    using Clock = std::chrono::steady_clock;

    void add(std::int64_t bytesDone, Clock::time_point now);
    double bytesPerSecond() const; ///< 0 until two counts are known
    std::optional<double> secondsFor(std::int64_t bytes) const; ///< none while nothing moves

private:
    struct Count {
        std::int64_t bytes;
        Clock::time_point time;
    };
    std::deque<Count> m_counts;
};

} // namespace tintype::requirements
