// SPDX-License-Identifier: Apache-2.0
#include "engine/base/log.h"
#include "engine/commands/commands.h"
#include "engine/runtime/engine_session.h"
#include "engine/worker/process_setup.h"
#include "engine/worker/worker_loop.h"

#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <unistd.h>

namespace {

using namespace tintype;
using protocol::ExitCode;

class EngineCompute final : public worker::Compute {
public:
    explicit EngineCompute(log::Sink log)
        : m_log(std::move(log))
    {
    }

    Result<ModelCard> load(const LoadRequest& request, const LoadObserver& observer, std::stop_token stop) override
    {
        TINTYPE_TRY_ASSIGN(m_session, engine::EngineSession::load(request, observer, m_log, stop));
        return m_session->card();
    }

    Result<GenerateResult> generate(
        const GenerateRequest& request, const ProgressObserver& observer, std::stop_token stop) override
    {
        return m_session->generate(request, observer, stop);
    }

    protocol::MemoryUse memory() const override
    {
        const auto memory = m_session->memory();
        return {.used = memory.used, .peak = memory.peak, .free = memory.free};
    }

private:
    log::Sink m_log;
    std::optional<engine::EngineSession> m_session;
};

/// Ends the process without the destructors of LibTorch and the CUDA driver: nothing is left to save, and they take
/// their time.
[[noreturn]] void serve()
{
    const auto log = log::jsonLinesToStderr(log::Level::Info);
    const auto output = worker::takeOverStdout();
    const auto drainSignal = worker::takeOverSignals();
    for (const auto* taken : {&output, &drainSignal}) {
        if (!*taken) {
            log({.level = log::Level::Critical, .category = "worker", .text = taken->error().message});
            std::_Exit(static_cast<int>(ExitCode::Internal));
        }
    }
    EngineCompute compute(log);
    worker::WorkerLoop loop(compute, {.input = STDIN_FILENO, .output = *output, .drainSignal = *drainSignal},
        {.build = TINTYPE_VERSION, .device = {}, .log = log});
    std::_Exit(static_cast<int>(loop.run()));
}

} // namespace

int main(int argc, char** argv)
{
    const std::string_view command = argc > 1 ? argv[1] : "";
    if (command == "inspect")
        return engine::runInspect(argc - 1, argv + 1);
    if (command == "parity")
        return engine::runParity(argc - 1, argv + 1);
    if (command == "bench")
        return engine::runBench(argc - 1, argv + 1);
    if (command == "--version")
        return std::puts("tintype-worker " TINTYPE_VERSION) < 0;
    if (argc > 1 || ::isatty(STDIN_FILENO) == 1) {
        std::fputs("usage: tintype-worker                          serve frames on standard input and output\n"
                   "       tintype-worker inspect|parity|bench …   (--help tells more)\n",
            stderr);
        return static_cast<int>(ExitCode::Usage);
    }
    serve();
}
