// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/worker_exit.h"

#include "deploy/runtime/worker_log.h"
#include "engine/protocol/exit_code.h"

#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tintype::runtime {
namespace {

using protocol::ExitCode;

constexpr int kExitCommandNotRunnable = 127; // of a dynamic linker that misses a library

Error errorOfSignal(int signal)
{
    if (signal == SIGKILL)
        return {ErrorCode::Unavailable, "the worker was killed; the system does this when memory runs out", {}};
    return {ErrorCode::Internal, fmt::format("the worker crashed: signal {} ({})", signal, ::strsignal(signal)), {}};
}

Error errorOfCode(int code)
{
    switch (static_cast<ExitCode>(code)) {
    case ExitCode::Usage:
        return {ErrorCode::Internal, "the worker was started with arguments that it does not know", {}};
    case ExitCode::BadModel:
        return {ErrorCode::Corrupt, "the worker could not load the model", {}};
    case ExitCode::Internal:
        return {ErrorCode::Internal, "the worker failed", {}};
    case ExitCode::OutOfMemory:
        return {ErrorCode::OutOfMemory, "the worker ran out of memory", {}};
    case ExitCode::DeviceLost:
        return {ErrorCode::DeviceLost, "the worker lost its device", {}};
    case ExitCode::Protocol:
        return {ErrorCode::Protocol, "the worker did not understand what it was sent", {}};
    case ExitCode::Clean:
        break;
    }
    if (code == kExitCommandNotRunnable)
        return {ErrorCode::Unavailable, "the worker cannot run", {}};
    return {ErrorCode::Internal, fmt::format("the worker exited with code {}", code), {}};
}

} // namespace

std::optional<Error> workerExitError(const WorkerExit& exit)
{
    if (!exit.bySignal && exit.code == 0)
        return {};
    Error error = exit.bySignal ? errorOfSignal(exit.code) : errorOfCode(exit.code);
    if (!exit.lastLines.empty())
        error.message += "; its last words: " + parseWorkerLogLine(exit.lastLines.back()).text;
    error.detail = fmt::format("{}", fmt::join(exit.lastLines, "\n"));
    return error;
}

} // namespace tintype::runtime
