// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/request.h"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>

namespace tintype::runtime {

/// The waiting requests of one app in the order in which they will run: normal before low, first come first served.
class RequestQueue {
public:
    /// @param notBefore a retry's pause: passed over until then, its place kept
    void add(const std::string& id, domain::Priority priority, std::optional<TimePoint> notBefore = {});

    bool remove(const std::string& id);

    std::optional<std::string> next(TimePoint now) const; ///< the first that may run now
    std::optional<TimePoint> nextTime(TimePoint now) const; ///< when the first of the paused ones may run
    int position(const std::string& id) const; ///< requests ahead; 0 if unknown
    int size() const { return static_cast<int>(m_places.size()); }
    bool contains(const std::string& id) const { return m_places.contains(id); }

    template <class Visitor>
    void forEach(Visitor visit) const
    {
        for (const auto& [place, entry] : m_order)
            visit(entry.id);
    }

private:
    struct Place {
        domain::Priority priority;
        std::int64_t number;
        auto operator<=>(const Place&) const = default;
    };
    struct Entry {
        std::string id;
        std::optional<TimePoint> notBefore;
    };

    std::map<Place, Entry> m_order;
    std::unordered_map<std::string, Place> m_places;
    std::int64_t m_last = 0;
};

} // namespace tintype::runtime
