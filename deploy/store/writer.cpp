// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/writer.h"

#include <exception>
#include <pthread.h>
#include <tuple>
#include <utility>

namespace tintype::store {

Writer::Writer(Database database, Post post)
    : m_database(std::move(database))
    , m_post(std::move(post))
    , m_thread([this](std::stop_token stop) { run(std::move(stop)); })
{
}

Writer::~Writer() = default; // the thread is told to stop, and joined, before anything else goes

void Writer::write(Job job, Done done)
{
    add({std::move(job), std::move(done), /*isStatement=*/false});
}

void Writer::writeStatement(Job job, Done done)
{
    add({std::move(job), std::move(done), /*isStatement=*/true});
}

void Writer::add(Entry entry)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_queue.push_back(std::move(entry));
        if (m_writing)
            return; // it looks again when it is through
    }
    m_changed.notify_one();
}

void Writer::flush()
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_queue.empty() && !m_writing; });
}

void Writer::run(std::stop_token stop)
{
    ::pthread_setname_np(::pthread_self(), "store-writer");
    while (true) {
        std::vector<Entry> batch;
        {
            std::unique_lock lock(m_mutex);
            m_writing = false;
            if (m_queue.empty())
                m_changed.notify_all(); // flush()
            m_changed.wait(lock, stop, [this] { return !m_queue.empty(); });
            if (m_queue.empty())
                return; // stopped, and nothing is left
            m_writing = true;
            batch.swap(m_queue);
        }
        work(std::move(batch));
    }
}

void Writer::work(std::vector<Entry> batch)
{
    auto outcomes = runAll(batch);
    tell(std::move(batch), std::move(outcomes));
}

std::vector<Result<>> Writer::runAll(const std::vector<Entry>& batch)
{
    std::vector<Result<>> outcomes;
    outcomes.reserve(batch.size());
    std::size_t first = 0; // of the transaction that is open
    const auto failSince = [&outcomes, &first](const Error& error) {
        for (std::size_t index = first; index < outcomes.size(); ++index) {
            if (outcomes[index])
                outcomes[index] = tl::unexpected(error);
        }
    };
    for (const Entry& entry : batch) {
        if (!m_database.isInTransaction()) {
            first = outcomes.size();
            if (const auto begun = execute("BEGIN IMMEDIATE"); !begun) {
                outcomes.resize(batch.size(), begun);
                return outcomes;
            }
        }
        outcomes.push_back(runOne(entry));
        if (!outcomes.back() && !m_database.isInTransaction())
            failSince(outcomes.back().error());
    }
    if (m_database.isInTransaction()) {
        if (const auto committed = execute("COMMIT"); !committed) {
            std::ignore = m_database.execute("ROLLBACK");
            failSince(committed.error());
        }
    }
    return outcomes;
}

Result<> Writer::execute(std::string_view statement)
{
    TINTYPE_TRY_ASSIGN(Statement prepared, m_database.prepare(statement));
    return prepared.run();
}

Result<> Writer::runGuarded(const Job& job)
{
    try {
        return job(m_database);
    } catch (const std::exception& exception) { // of a library: this thread must go on
        return fail(ErrorCode::Internal, "a write to the store failed", exception.what());
    }
}

Result<> Writer::runOne(const Entry& entry)
{
    if (!entry.isStatement)
        TINTYPE_TRY(execute("SAVEPOINT job"));
    auto outcome = runGuarded(entry.job);
    if (!m_database.isInTransaction())
        return outcome ? fail(ErrorCode::Io, "a write to the store ended its transaction") : outcome;
    if (entry.isStatement)
        return outcome;
    if (!outcome)
        TINTYPE_TRY(execute("ROLLBACK TO job"));
    TINTYPE_TRY(execute("RELEASE job"));
    return outcome;
}

void Writer::tell(std::vector<Entry> batch, std::vector<Result<>> outcomes)
{
    std::vector<std::pair<Done, Result<>>> told;
    for (std::size_t index = 0; index < batch.size(); ++index) {
        if (batch[index].done)
            told.emplace_back(std::move(batch[index].done), std::move(outcomes[index]));
    }
    if (told.empty())
        return;
    m_post([told = std::move(told)]() mutable {
        for (auto& [done, outcome] : told)
            done(std::move(outcome));
    });
}

} // namespace tintype::store
