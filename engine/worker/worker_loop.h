// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/log.h"
#include "engine/protocol/exit_code.h"
#include "engine/protocol/messages.h"
#include "engine/worker/compute.h"
#include "engine/worker/frame_writer.h"

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <variant>

namespace tintype::worker {

/// Descriptors that the loop borrows.
struct Channels {
    int input = -1;
    int output = -1;
    int drainSignal = -1; ///< a drain is asked for when it becomes readable; -1 = none
};

struct LoopOptions {
    std::string build;  ///< told in hello
    std::string device; ///< told in hello
    log::Sink log = [](const log::Line&) { };
    std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
    /// How long computing may take to see a stop after the host is gone; then `abandon` ends the process.
    std::chrono::milliseconds stopGrace{2000};
    std::function<void(protocol::ExitCode)> abandon
        = [](protocol::ExitCode code) { std::_Exit(static_cast<int>(code)); };
};

/// The life of a worker process: reads frames on the calling thread, so that cancel, ping and stats are heard while
/// computing, and computes on one other. One request runs, one may wait, a third is refused.
class WorkerLoop {
public:
    WorkerLoop(Compute& compute, Channels channels, LoopOptions options);
    ~WorkerLoop();
    WorkerLoop(const WorkerLoop&) = delete;
    WorkerLoop& operator=(const WorkerLoop&) = delete;

    /// Serves until drained, until the input ends, or until a failure that the process does not survive. Call once.
    protocol::ExitCode run();

private:
    using Job = std::variant<protocol::Load, protocol::Generate>;

    // On the read thread.
    void readUntilEnding();
    void readInput();
    void handle(const protocol::Hello& hello);
    void handle(const protocol::Load& load);
    void handle(const protocol::Generate& generate);
    void handle(const protocol::Cancel& cancel);
    void handle(const protocol::Ping& ping);
    void handle(const protocol::StatsRequest& request);
    void handle(const protocol::Drain& drain);
    template <class WorkersOwn>
    void handle(const WorkersOwn& message);
    void failProtocol(const Error& error);
    Result<> accept(Job job);
    void beginDrain();
    bool waitForComputeThread();

    // On the compute thread.
    void computeUntilEnding();
    std::optional<Job> nextJob(std::stop_token& stop);
    void perform(const protocol::Load& load, std::stop_token stop);
    void perform(const protocol::Generate& generate, std::stop_token stop);
    void answerFailure(const protocol::Generate& generate, const Error& error);
    void refreshMemory();

    // On both.
    enum class Outcome { Loaded, Done, Failed };
    void send(const protocol::Message& message);
    void finishSending(const Result<>& sent);
    void settle(Outcome outcome); ///< with m_mutex held
    void end(protocol::ExitCode code);
    bool isEnding() const;
    void log(log::Level level, std::string text) const;

    Compute& m_compute;
    const Channels m_channels;
    const LoopOptions m_options;
    FrameWriter m_writer;
    int m_wake = -1; ///< eventfd: readable once the loop is ending

    // Read thread only.
    protocol::FrameDecoder m_decoder;
    bool m_greeted = false;

    // Compute thread only.
    std::optional<std::chrono::steady_clock::time_point> m_lastOutOfMemory;

    mutable std::mutex m_mutex; ///< guards what follows
    std::condition_variable m_changed;
    std::deque<Job> m_waiting;
    std::optional<Job> m_running;
    int m_unanswered = 0; ///< jobs waiting or running; counted down before the answer is sent, so that the host may
                          ///< send the next as soon as it has read it
    std::stop_source m_stop; ///< of m_running
    bool m_loadAccepted = false;
    bool m_loaded = false;
    bool m_draining = false;
    bool m_computeEnded = false;
    std::optional<protocol::ExitCode> m_ending;
    protocol::Stats m_stats;
};

} // namespace tintype::worker
