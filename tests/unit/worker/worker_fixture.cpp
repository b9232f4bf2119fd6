// SPDX-License-Identifier: Apache-2.0
#include "worker_fixture.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace tintype::test {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::chrono::milliseconds kPollInterval{1};

void closeEnd(int& descriptor)
{
    if (descriptor >= 0)
        ::close(std::exchange(descriptor, -1));
}

} // namespace

Result<ModelCard> ScriptedCompute::load(const LoadRequest&, const LoadObserver& observer, std::stop_token stop)
{
    observer({.stage = "transformer", .bytesDone = 1, .bytesTotal = 2});
    return onLoad(stop);
}

Result<GenerateResult> ScriptedCompute::generate(
    const GenerateRequest& request, const ProgressObserver& observer, std::stop_token stop)
{
    return onGenerate(request, observer, stop);
}

Result<GenerateResult> Gate::pass(std::stop_token stop)
{
    ++m_entered;
    while (!m_isOpen) {
        if (stop.stop_requested())
            return fail(ErrorCode::Cancelled, "cancelled");
        std::this_thread::sleep_for(kPollInterval);
    }
    return GenerateResult{};
}

void Gate::waitUntilEntered()
{
    while (m_entered == 0)
        std::this_thread::sleep_for(kPollInterval);
}

ScriptedCompute gated(Gate& gate)
{
    ScriptedCompute compute;
    compute.onGenerate = [&gate](const GenerateRequest&, const worker::Compute::ProgressObserver&,
                             std::stop_token stop) { return gate.pass(std::move(stop)); };
    return compute;
}

WorkerFixture::WorkerFixture(ScriptedCompute& compute, worker::LoopOptions options)
{
    std::signal(SIGPIPE, SIG_IGN);
    for (auto* ends : {&m_toWorker, &m_fromWorker, &m_drainSignal}) {
        if (::pipe2(ends->data(), O_CLOEXEC) != 0)
            giveUp("no pipe");
    }
    std::promise<protocol::ExitCode> exit;
    m_exit = exit.get_future();
    const worker::Channels channels{
        .input = m_toWorker[0], .output = m_fromWorker[1], .drainSignal = m_drainSignal[0]};
    m_thread = std::jthread([&compute, channels, options_ = std::move(options), exit_ = std::move(exit)]() mutable {
        worker::WorkerLoop loop(compute, channels, std::move(options_));
        exit_.set_value(loop.run());
    });
    expect<protocol::Hello>();
}

WorkerFixture::~WorkerFixture()
{
    closeEnd(m_toWorker[1]);
    m_thread.join();
    for (auto* ends : {&m_toWorker, &m_fromWorker, &m_drainSignal}) {
        closeEnd((*ends)[0]);
        closeEnd((*ends)[1]);
    }
}

void WorkerFixture::greetAndLoad()
{
    send(protocol::Hello{});
    send(protocol::Load{});
    expect<protocol::LoadProgressed>();
    expect<protocol::Loaded>();
}

void WorkerFixture::send(const protocol::Message& message)
{
    sendBytes(protocol::encode(message).value());
}

void WorkerFixture::sendBytes(const std::vector<std::uint8_t>& bytes)
{
    if (::write(m_toWorker[1], bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
        giveUp("the worker does not read");
}

void WorkerFixture::generate(const std::string& request)
{
    send(protocol::Generate{.request = request, .input = {}});
}

void WorkerFixture::signalDrain()
{
    closeEnd(m_drainSignal[1]); // readable: the end of the pipe
}

void WorkerFixture::closeInput()
{
    closeEnd(m_toWorker[1]);
}

void WorkerFixture::closeOutput()
{
    closeEnd(m_fromWorker[0]);
}

protocol::Failed WorkerFixture::expectFailed(const std::string& request, ErrorCode code)
{
    auto failed = expect<protocol::Failed>();
    if (failed.request != request || failed.error.code != code)
        giveUp("another failure came: " + failed.request + ": " + failed.error.message);
    return failed;
}

protocol::ExitCode WorkerFixture::exitCode()
{
    if (m_exit.wait_for(kPatience) != std::future_status::ready)
        giveUp("the worker does not end");
    return m_exit.get();
}

protocol::Message WorkerFixture::receive()
{
    while (true) {
        auto frame = m_decoder.next();
        if (!frame)
            giveUp(frame.error().message);
        if (*frame)
            return protocol::decode(**std::move(frame)).value();
        pollfd watched{.fd = m_fromWorker[0], .events = POLLIN, .revents = 0};
        std::array<std::uint8_t, 4096> buffer{};
        const int timeout = static_cast<int>(std::chrono::milliseconds(kPatience).count());
        const bool isReadable = ::poll(&watched, 1, timeout) == 1;
        const ssize_t count = isReadable ? ::read(m_fromWorker[0], buffer.data(), buffer.size()) : 0;
        if (count <= 0)
            giveUp("the worker does not answer");
        m_decoder.feed(std::span(buffer).first(static_cast<std::size_t>(count)));
    }
}

void WorkerFixture::giveUp(const std::string& why)
{
    std::fprintf(stderr, "worker fixture: %s\n", why.c_str());
    std::abort();
}

} // namespace tintype::test
