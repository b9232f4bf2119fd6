// SPDX-License-Identifier: Apache-2.0
// The half of WorkerLoop that runs on the compute thread.
#include "engine/worker/worker_loop.h"

#include <fmt/format.h>
#include <new>

namespace tintype::worker {

using protocol::ExitCode;

namespace {

constexpr std::chrono::minutes kOutOfMemoryWindow{1};

ExitCode exitCodeOfFailedLoad(ErrorCode code)
{
    switch (code) {
    case ErrorCode::OutOfMemory:
        return ExitCode::OutOfMemory;
    case ErrorCode::DeviceLost:
        return ExitCode::DeviceLost;
    case ErrorCode::Internal:
        return ExitCode::Internal;
    case ErrorCode::Cancelled:
        return ExitCode::Clean;
    default:
        return ExitCode::BadModel;
    }
}

/// Calls into the engine; what it throws against its promise becomes an error as well.
template <class Call>
auto guarded(Call call) -> decltype(call())
{
    try {
        return call();
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::OutOfMemory, "the process has no memory left");
    } catch (const std::exception& exception) {
        return fail(ErrorCode::Internal, fmt::format("the engine failed: {}", exception.what()));
    }
}

} // namespace

void WorkerLoop::computeUntilEnding()
{
    std::stop_token stop;
    while (const auto job = nextJob(stop))
        std::visit([this, &stop](const auto& alternative) { perform(alternative, stop); }, *job);
    const std::lock_guard lock(m_mutex);
    m_computeEnded = true;
    m_changed.notify_all();
}

std::optional<WorkerLoop::Job> WorkerLoop::nextJob(std::stop_token& stop)
{
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return !m_waiting.empty() || m_draining || m_ending; });
    if (!m_waiting.empty() && !m_ending) {
        m_running = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_stop = std::stop_source();
        stop = m_stop.get_token();
        return m_running;
    }
    lock.unlock();
    end(ExitCode::Clean);
    return {};
}

void WorkerLoop::perform(const protocol::Load& load, std::stop_token stop)
{
    const auto card = guarded([&] {
        return m_compute.load(
            load.request, [this](const LoadProgress& progress) { send(protocol::LoadProgressed{progress}); }, stop);
    });
    if (!card) {
        send(protocol::Failed{.request = {}, .error = card.error()});
        end(exitCodeOfFailedLoad(card.error().code));
        return;
    }
    refreshMemory();
    {
        const std::lock_guard lock(m_mutex);
        m_loaded = true;
        m_running.reset();
        settle(Outcome::Loaded);
    }
    send(protocol::Loaded{*card});
}

void WorkerLoop::perform(const protocol::Generate& generate, std::stop_token stop)
{
    auto result = guarded([&] {
        const auto observer = [&](const Progress& progress) {
            refreshMemory();
            send(protocol::Progressed{.request = generate.request, .progress = progress});
        };
        return m_compute.generate(generate.input, observer, stop);
    });
    refreshMemory();
    if (!result)
        return answerFailure(generate, result.error());
    const auto frame = protocol::encode(protocol::Finished{.request = generate.request, .result = *std::move(result)});
    if (!frame)
        return answerFailure(generate, frame.error());
    {
        const std::lock_guard lock(m_mutex);
        m_running.reset();
        settle(Outcome::Done);
    }
    finishSending(m_writer.write(*frame));
}

void WorkerLoop::answerFailure(const protocol::Generate& generate, const Error& error)
{
    const auto now = m_options.now();
    {
        const std::lock_guard lock(m_mutex);
        m_running.reset();
        settle(Outcome::Failed);
    }
    send(protocol::Failed{.request = generate.request, .error = error});
    if (error.code == ErrorCode::DeviceLost)
        end(ExitCode::DeviceLost);
    if (error.code != ErrorCode::OutOfMemory)
        return;
    if (m_lastOutOfMemory && now - *m_lastOutOfMemory < kOutOfMemoryWindow)
        end(ExitCode::OutOfMemory);
    m_lastOutOfMemory = now;
}

void WorkerLoop::refreshMemory()
{
    const protocol::MemoryUse memory = m_compute.memory();
    const std::lock_guard lock(m_mutex);
    m_stats.memory = memory;
}

} // namespace tintype::worker
