// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/transfer_rate.h"

namespace tintype::requirements {
namespace {

constexpr std::chrono::seconds kWindow{10};

} // namespace

void TransferRate::add(std::int64_t bytesDone, Clock::time_point now)
{
    if (!m_counts.empty() && bytesDone < m_counts.back().bytes)
        m_counts.clear(); // a file had to start over
    m_counts.push_back({bytesDone, now});
    while (m_counts.size() > 2 && now - m_counts[1].time >= kWindow)
        m_counts.pop_front();
}

double TransferRate::bytesPerSecond() const
{
    if (m_counts.size() < 2)
        return 0;
    const std::chrono::duration<double> time = m_counts.back().time - m_counts.front().time;
    return time.count() > 0 ? static_cast<double>(m_counts.back().bytes - m_counts.front().bytes) / time.count() : 0;
}

std::optional<double> TransferRate::secondsFor(std::int64_t bytes) const
{
    const double rate = bytesPerSecond();
    if (rate <= 0)
        return std::nullopt;
    return static_cast<double>(bytes) / rate;
}

} // namespace tintype::requirements
