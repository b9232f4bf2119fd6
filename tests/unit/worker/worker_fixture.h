// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/worker/worker_loop.h"

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <string>
#include <thread>

namespace tintype::test {

/// A Compute whose answers a test writes down; what is not said succeeds at once.
class ScriptedCompute final : public worker::Compute {
public:
    std::function<Result<ModelCard>(std::stop_token)> onLoad = [](std::stop_token) { return ModelCard{}; };
    std::function<Result<GenerateResult>(const GenerateRequest&, const ProgressObserver&, std::stop_token)> onGenerate
        = [](const GenerateRequest&, const ProgressObserver&, std::stop_token) { return GenerateResult{}; };

    Result<ModelCard> load(const LoadRequest& request, const LoadObserver& observer, std::stop_token stop) override;
    Result<GenerateResult> generate(
        const GenerateRequest& request, const ProgressObserver& observer, std::stop_token stop) override;
    protocol::MemoryUse memory() const override { return {.used = 1, .peak = 2, .free = 3}; }
};

/// A generate that goes on until it is told to stop or to finish, and tells that it has begun.
class Gate {
public:
    Result<GenerateResult> pass(std::stop_token stop);
    void waitUntilEntered();
    void open() { m_isOpen = true; }

private:
    std::atomic<int> m_entered = 0;
    std::atomic<bool> m_isOpen = false;
};

/// Every generate passes the gate.
ScriptedCompute gated(Gate& gate);

/// A loop on pipes in a thread of its own, and the host's side of the conversation. Waiting longer than a few seconds
/// for anything ends the test.
class WorkerFixture {
public:
    explicit WorkerFixture(ScriptedCompute& compute, worker::LoopOptions options = {});
    ~WorkerFixture();
    WorkerFixture(const WorkerFixture&) = delete;
    WorkerFixture& operator=(const WorkerFixture&) = delete;

    void greetAndLoad();
    void send(const protocol::Message& message);
    void sendBytes(const std::vector<std::uint8_t>& bytes);
    void generate(const std::string& request);
    void signalDrain();
    void closeInput();  ///< as when the host is gone: end of the worker's input
    void closeOutput(); ///< and nobody reads its answers

    template <class T>
    T expect()
    {
        protocol::Message message = receive();
        if (!std::holds_alternative<T>(message))
            giveUp("another message came: " + std::to_string(message.index()));
        return std::get<T>(std::move(message));
    }
    protocol::Failed expectFailed(const std::string& request, ErrorCode code);
    protocol::ExitCode exitCode();

private:
    protocol::Message receive();
    [[noreturn]] static void giveUp(const std::string& why);

    std::array<int, 2> m_toWorker{};
    std::array<int, 2> m_fromWorker{};
    std::array<int, 2> m_drainSignal{};
    protocol::FrameDecoder m_decoder;
    std::future<protocol::ExitCode> m_exit;
    std::jthread m_thread;
};

} // namespace tintype::test
