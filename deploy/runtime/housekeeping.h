// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/background.h"
#include "deploy/store/blob_store.h"
#include "engine/base/result.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>

namespace tintype::store {
class Stores;
}

namespace tintype::runtime {

/// How long, and how much, a host keeps.
struct Retention {
    int recordDays = 30; ///< of requests, and of what their replicas did
    int logDays = 7;
    std::int64_t maxRecords = 1'000'000;
    std::int64_t maxLogLines = 2'000'000;
    std::uint64_t maxFileBytes = 50'000'000'000; ///< of results and uploads together; the oldest go
    int unusedHours = 24;                        ///< that a pushed file stays which no revision refers to
};

/// What a pass over pushed files freed.
struct Collected {
    std::uint64_t bytes = 0;
    int folders = 0; ///< of models
};

/// Takes from a host's disk what is too old, too much, or of no use any more. Control thread; rows go on the writer's
/// thread, files in the background.
class Housekeeping {
public:
    Housekeeping(store::Stores& stores, const Retention& retention)
        : m_stores(stores)
        , m_retention(retention)
    {
    }

    /// Rows and served files every half a minute, or at once when there are more than a batch of them; pushed files every
    /// hour.
    void tick(TimePoint now);

    void trim(TimePoint now); ///< one batch of rows and served files

    /// Pushed files and folders of models that no revision has referred to for `grace`. What is asked about by a deploy on
    /// its way is as young as that question.
    void collect(std::chrono::seconds grace, std::function<void(Result<Collected>)> done);

    void totals(std::function<void(Result<store::BlobTotals>)> done);

private:
    store::Stores& m_stores;
    const Retention m_retention;
    const std::shared_ptr<std::atomic<bool>> m_hasMore = std::make_shared<std::atomic<bool>>(false); ///< told by the writer
    TimePoint m_lastTrim;
    TimePoint m_lastCollect;
    Background m_background; ///< last: it waits for what reads the members above
};

} // namespace tintype::runtime
