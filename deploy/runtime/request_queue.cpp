// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/request_queue.h"

#include <algorithm>
#include <iterator>

namespace tintype::runtime {

void RequestQueue::add(const std::string& id, domain::Priority priority, std::optional<TimePoint> notBefore)
{
    const Place place{priority, ++m_last};
    if (m_places.emplace(id, place).second)
        m_order.emplace(place, Entry{id, notBefore});
}

bool RequestQueue::remove(const std::string& id)
{
    const auto found = m_places.find(id);
    if (found == m_places.end())
        return false;
    m_order.erase(found->second);
    m_places.erase(found);
    return true;
}

std::optional<std::string> RequestQueue::next(TimePoint now) const
{
    for (const auto& [place, entry] : m_order) {
        if (!entry.notBefore || *entry.notBefore <= now)
            return entry.id;
    }
    return std::nullopt;
}

std::optional<TimePoint> RequestQueue::nextTime(TimePoint now) const
{
    std::optional<TimePoint> earliest;
    for (const auto& [place, entry] : m_order) {
        if (entry.notBefore && *entry.notBefore > now)
            earliest = earliest ? std::min(*earliest, *entry.notBefore) : *entry.notBefore;
    }
    return earliest;
}

int RequestQueue::position(const std::string& id) const
{
    const auto found = m_places.find(id);
    if (found == m_places.end())
        return 0;
    return static_cast<int>(std::distance(m_order.begin(), m_order.find(found->second)));
}

} // namespace tintype::runtime
