// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/column_load.h"

#include <algorithm>
#include <tuple>

namespace tintype::store {

ColumnLoad::ColumnLoad(const Span& span)
    : m_span(span)
    , m_sums(span.columns)
{
}

void ColumnLoad::add(std::int64_t from, std::int64_t until)
{
    from = std::max(from, m_span.from);
    until = std::min(until, m_span.until);
    if (from >= until)
        return;
    m_steps.push_back({from, 1});
    m_steps.push_back({until, -1});
    for (auto column = static_cast<std::size_t>((from - m_span.firstColumn) / m_span.width); from < until; ++column) {
        const std::int64_t next = std::min(until, startOf(column + 1));
        m_sums[column] += static_cast<double>(next - from);
        from = next;
    }
}

std::vector<double> ColumnLoad::means() const
{
    std::vector<double> means(m_sums.size());
    for (std::size_t column = 0; column < means.size(); ++column) {
        const std::int64_t begin = std::max(startOf(column), m_span.from);
        const std::int64_t end = std::min(startOf(column + 1), m_span.until);
        means[column] = begin < end ? m_sums[column] / static_cast<double>(end - begin) : 0;
    }
    return means;
}

std::vector<std::int64_t> ColumnLoad::maxima()
{
    std::ranges::sort(m_steps, {}, [](const Step& step) { return std::tuple(step.time, step.change); }); // who leaves, first
    std::vector<std::int64_t> maxima(m_sums.size());
    std::int64_t count = 0;
    auto step = m_steps.begin();
    for (std::size_t column = 0; column < maxima.size(); ++column) {
        for (; step != m_steps.end() && step->time <= startOf(column); ++step)
            count += step->change;
        maxima[column] = count;
        for (; step != m_steps.end() && step->time < startOf(column + 1); ++step) {
            count += step->change;
            maxima[column] = std::max(maxima[column], count);
        }
    }
    return maxima;
}

} // namespace tintype::store
