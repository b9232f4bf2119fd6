// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/request.h"

#include <cmath>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

std::string loadingSentence(const WaitingReason& reason)
{
    if (reason.bytesTotal == 0)
        return fmt::format("its replica is starting ({})", reason.stage);
    constexpr double kMegabyte = 1e6;
    return fmt::format("its replica is starting ({}: {:.0f} of {:.0f} MB)", reason.stage,
        static_cast<double>(reason.bytesDone) / kMegabyte, static_cast<double>(reason.bytesTotal) / kMegabyte);
}

std::string queuedSentence(int ahead)
{
    if (ahead == 0)
        return "it is the next one";
    return ahead == 1 ? "1 request is ahead of it" : fmt::format("{} requests are ahead of it", ahead);
}

} // namespace

std::string_view waitingReasonName(WaitingReason::Kind kind)
{
    switch (kind) {
    case WaitingReason::Kind::QueuedBehind: return "queued_behind";
    case WaitingReason::Kind::ReplicaLoading: return "replica_loading";
    case WaitingReason::Kind::ScalingDelay: return "scaling_delay";
    case WaitingReason::Kind::NoMachine: return "no_machine";
    case WaitingReason::Kind::MachineTaken: return "machine_taken";
    case WaitingReason::Kind::CrashLoop: return "crash_loop";
    case WaitingReason::Kind::Paused: return "paused";
    case WaitingReason::Kind::Retrying: return "retrying";
    }
    return "";
}

std::string sentence(const WaitingReason& reason)
{
    const int seconds = static_cast<int>(std::ceil(reason.seconds));
    switch (reason.kind) {
    case WaitingReason::Kind::QueuedBehind: return queuedSentence(reason.count);
    case WaitingReason::Kind::ReplicaLoading: return loadingSentence(reason);
    case WaitingReason::Kind::ScalingDelay: return fmt::format("a replica is added in {} s (scaling_delay)", seconds);
    case WaitingReason::Kind::NoMachine: return fmt::format("this host has no machine of type {}", reason.subject);
    case WaitingReason::Kind::MachineTaken: return fmt::format("the machine's memory is taken by {}", reason.subject);
    case WaitingReason::Kind::CrashLoop:
        return fmt::format("start {} of {} failed ({}); next try in {} s", reason.count, reason.limit, reason.subject, seconds);
    case WaitingReason::Kind::Paused: return "the app is paused";
    case WaitingReason::Kind::Retrying: return fmt::format("attempt {} starts in {} s", reason.count, seconds);
    }
    return {};
}

std::string_view viaName(Via via)
{
    switch (via) {
    case Via::Run: return "run";
    case Via::Queue: return "queue";
    case Via::Stream: return "stream";
    case Via::Realtime: return "realtime";
    case Via::Websocket: return "websocket";
    }
    return "";
}

std::string_view priorityName(Priority priority) { return priority == Priority::Low ? "low" : "normal"; }

std::string_view requestStateName(RequestState state)
{
    switch (state) {
    case RequestState::Queued: return "queued";
    case RequestState::Running: return "running";
    case RequestState::Done: return "done";
    }
    return "";
}

} // namespace tintype::domain
