// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/store/database.h"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace tintype::store {

/// The one thread that writes. What is queued while it works goes into its next transaction together. A job that fails
/// is undone alone, unless its failure (a full disk) ends the transaction: then those before it in the same transaction
/// fail with it. An outcome is told when it is final.
class Writer {
public:
    using Job = std::function<Result<>(Database&)>;
    using Done = std::function<void(Result<>)>;
    using Post = std::function<void(std::function<void()>)>;

    /// @param post brings the outcomes to the caller's thread, in the order of the jobs
    Writer(Database database, Post post);
    ~Writer(); ///< does what is queued; outcomes that were not told yet are dropped
    Writer(const Writer&) = delete;
    Writer& operator=(const Writer&) = delete;

    /// @param done called through `post` once the job is committed, or has failed
    void write(Job job, Done done = {});

    /// The same for a job of one statement, which SQLite undoes by itself if it fails: it needs no savepoint.
    void writeStatement(Job job, Done done = {});
    void flush(); ///< waits until all that was queued before is committed

private:
    struct Entry {
        Job job;
        Done done;
        bool isStatement;
    };

    void add(Entry entry);

    void run(std::stop_token stop);
    void work(std::vector<Entry> batch);
    std::vector<Result<>> runAll(const std::vector<Entry>& batch);
    Result<> runOne(const Entry& entry);
    Result<> runGuarded(const Job& job);
    Result<> execute(std::string_view statement);
    void tell(std::vector<Entry> batch, std::vector<Result<>> outcomes);

    Database m_database;
    Post m_post;
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    std::vector<Entry> m_queue;  // guarded by m_mutex
    bool m_writing = false;      // guarded by m_mutex
    std::jthread m_thread;       // last: runs on the members above
};

} // namespace tintype::store
