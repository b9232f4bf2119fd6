// SPDX-License-Identifier: Apache-2.0
#include "engine/worker/worker_loop.h"

#include <array>
#include <cerrno>
#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <thread>
#include <unistd.h>

namespace tintype::worker {

using protocol::ExitCode;

namespace {

constexpr std::size_t kReadBytes = std::size_t{64} << 10;
constexpr int kMaxUnanswered = 64; // one runs, the others wait: as many as max_multiplexing allows

/// The host's name of a job; a load has none.
const std::string& nameOf(const std::variant<protocol::Load, protocol::Generate>& job)
{
    static const std::string kNone;
    const auto* generate = std::get_if<protocol::Generate>(&job);
    return generate ? generate->request : kNone;
}

} // namespace

WorkerLoop::WorkerLoop(Compute& compute, Channels channels, LoopOptions options)
    : m_compute(compute)
    , m_channels(channels)
    , m_options(std::move(options))
    , m_writer(channels.output)
    , m_wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK))
{
}

WorkerLoop::~WorkerLoop()
{
    if (m_wake >= 0)
        ::close(m_wake);
}

ExitCode WorkerLoop::run()
{
    if (m_wake < 0)
        return ExitCode::Internal;
    send(protocol::Hello{.build = m_options.build, .device = m_options.device});
    std::jthread computing([this] { computeUntilEnding(); });
    readUntilEnding();
    const ExitCode code = *m_ending;
    if (!waitForComputeThread()) {
        log(log::Level::Warning, "a step took longer than the time to stop: leaving it");
        m_options.abandon(code);
    }
    return code;
}

// ---- read thread

void WorkerLoop::readUntilEnding()
{
    std::array<pollfd, 3> watched{{{.fd = m_wake, .events = POLLIN, .revents = 0},
        {.fd = m_channels.input, .events = POLLIN, .revents = 0},
        {.fd = m_channels.drainSignal, .events = POLLIN, .revents = 0}}};
    while (!isEnding()) {
        if (::poll(watched.data(), watched.size(), -1) < 0) {
            if (errno != EINTR)
                end(ExitCode::Internal);
            continue;
        }
        if (watched[2].revents != 0) {
            watched[2].fd = -1;
            beginDrain();
        }
        if (watched[1].revents != 0)
            readInput();
    }
}

void WorkerLoop::readInput()
{
    std::array<std::uint8_t, kReadBytes> buffer;
    const ssize_t count = ::read(m_channels.input, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
        return;
    if (count <= 0) {
        end(m_decoder.finish() ? ExitCode::Clean : ExitCode::Protocol);
        return;
    }
    m_decoder.feed(std::span(buffer).first(static_cast<std::size_t>(count)));
    while (!isEnding()) {
        auto frame = m_decoder.next();
        if (!frame)
            return failProtocol(frame.error());
        if (!*frame)
            return;
        const auto message = protocol::decode(**std::move(frame));
        if (!message)
            return failProtocol(message.error());
        if (!m_greeted && !std::holds_alternative<protocol::Hello>(*message))
            return failProtocol({ErrorCode::Protocol, "the first frame is not hello", {}});
        std::visit([this](const auto& alternative) { handle(alternative); }, *message);
    }
}

void WorkerLoop::failProtocol(const Error& error)
{
    log(log::Level::Critical, error.message);
    send(protocol::Failed{.request = {}, .error = error});
    end(ExitCode::Protocol);
}

void WorkerLoop::handle(const protocol::Hello& hello)
{
    m_greeted = true;
    constexpr int own = protocol::kProtocolVersion;
    if (hello.protocol != own)
        failProtocol({ErrorCode::Protocol,
            fmt::format("the host speaks protocol {}, this worker {}", hello.protocol, own), {}});
}

void WorkerLoop::handle(const protocol::Load& load)
{
    if (const auto accepted = accept(load); !accepted)
        send(protocol::Failed{.request = {}, .error = accepted.error()});
}

void WorkerLoop::handle(const protocol::Generate& generate)
{
    if (const auto accepted = accept(generate); !accepted)
        send(protocol::Failed{.request = generate.request, .error = accepted.error()});
}

Result<> WorkerLoop::accept(Job job)
{
    const bool isLoad = std::holds_alternative<protocol::Load>(job);
    const std::lock_guard lock(m_mutex);
    if (m_draining)
        return fail(ErrorCode::Unavailable, "the worker is draining");
    if (isLoad && m_loadAccepted)
        return fail(ErrorCode::Conflict, "a model is already loaded: one worker serves one model");
    if (!isLoad && !m_loadAccepted)
        return fail(ErrorCode::Conflict, "no model is loaded: send load first");
    if (m_unanswered >= kMaxUnanswered)
        return fail(ErrorCode::Unavailable, fmt::format("the worker is busy: {} requests wait", kMaxUnanswered - 1));
    m_loadAccepted = true;
    ++m_unanswered;
    m_waiting.push_back(std::move(job));
    m_changed.notify_all();
    return {};
}

void WorkerLoop::handle(const protocol::Cancel& cancel)
{
    std::optional<std::stop_source> running;
    bool wasWaiting = false;
    {
        const std::lock_guard lock(m_mutex);
        if (m_running && nameOf(*m_running) == cancel.request) {
            running = m_stop;
        } else {
            wasWaiting = std::erase_if(m_waiting, [&](const Job& job) {
                return std::holds_alternative<protocol::Generate>(job) && nameOf(job) == cancel.request;
            }) > 0;
            if (wasWaiting)
                settle(Outcome::Failed);
        }
    }
    if (running)
        running->request_stop();
    if (wasWaiting)
        send(protocol::Failed{
            .request = cancel.request, .error = {ErrorCode::Cancelled, "cancelled before it was started", {}}});
}

void WorkerLoop::handle(const protocol::Ping& ping)
{
    send(protocol::Pong{.number = ping.number});
}

void WorkerLoop::handle(const protocol::StatsRequest& /*request*/)
{
    using protocol::WorkerState;
    protocol::Stats stats;
    {
        const std::lock_guard lock(m_mutex);
        stats = m_stats;
        if (m_draining)
            stats.state = WorkerState::Draining;
        else if (m_loaded)
            stats.state = m_unanswered > 0 ? WorkerState::Busy : WorkerState::Ready;
        else
            stats.state = m_loadAccepted ? WorkerState::Loading : WorkerState::Starting;
    }
    send(stats);
}

void WorkerLoop::handle(const protocol::Drain& /*drain*/)
{
    beginDrain();
}

template <class WorkersOwn>
void WorkerLoop::handle(const WorkersOwn& /*message*/)
{
    failProtocol({ErrorCode::Protocol, "the host sent a message that only a worker sends", {}});
}

void WorkerLoop::beginDrain()
{
    const std::lock_guard lock(m_mutex);
    m_draining = true;
    m_changed.notify_all();
}

bool WorkerLoop::waitForComputeThread()
{
    std::unique_lock lock(m_mutex);
    return m_changed.wait_for(lock, m_options.stopGrace, [this] { return m_computeEnded; });
}

// ---- both threads

void WorkerLoop::send(const protocol::Message& message)
{
    finishSending(m_writer.send(message));
}

void WorkerLoop::finishSending(const Result<>& sent)
{
    if (sent)
        return;
    log(log::Level::Warning, sent.error().message);
    if (sent.error().code == ErrorCode::Io)
        end(ExitCode::Clean); // the host is gone, as at the end of the input
}

void WorkerLoop::settle(Outcome outcome)
{
    --m_unanswered;
    if (outcome == Outcome::Done)
        ++m_stats.requestsDone;
    if (outcome == Outcome::Failed)
        ++m_stats.requestsFailed;
}

void WorkerLoop::end(ExitCode code)
{
    std::stop_source running;
    {
        const std::lock_guard lock(m_mutex);
        if (m_ending)
            return;
        m_ending = code;
        running = m_stop;
        m_changed.notify_all();
    }
    running.request_stop();
    const std::uint64_t one = 1;
    if (::write(m_wake, &one, sizeof one) < 0)
        log(log::Level::Critical, "the read thread cannot be woken");
}

bool WorkerLoop::isEnding() const
{
    const std::lock_guard lock(m_mutex);
    return m_ending.has_value();
}

void WorkerLoop::log(log::Level level, std::string text) const
{
    m_options.log({.level = level, .category = "worker", .text = std::move(text)});
}

} // namespace tintype::worker
