// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace tintype::store {

/// How many of something there were over time, in columns of equal width. Times are milliseconds.
class ColumnLoad {
public:
    /// What lies before `from` and after `until` is not measured; the columns at both ends may reach beyond.
    struct Span {
        std::int64_t from = 0;
        std::int64_t until = 0;
        std::int64_t firstColumn = 0; ///< where it begins, not after `from`
        std::int64_t width = 1;
        std::size_t columns = 0;
    };

    explicit ColumnLoad(const Span& span);

    void add(std::int64_t from, std::int64_t until); ///< one was there
    std::vector<double> means() const;               ///< averages over the measured time of each column
    std::vector<std::int64_t> maxima();              ///< the most at once

private:
    struct Step {
        std::int64_t time;
        int change;
    };

    std::int64_t startOf(std::size_t column) const { return m_span.firstColumn + static_cast<std::int64_t>(column) * m_span.width; }

    const Span m_span;
    std::vector<double> m_sums; ///< milliseconds
    std::vector<Step> m_steps;
};

} // namespace tintype::store
