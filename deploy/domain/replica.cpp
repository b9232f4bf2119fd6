// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/replica.h"

#include <array>

namespace tintype::domain {
namespace {

using State = ReplicaState;

constexpr std::size_t kStates = 9;

constexpr std::array<std::string_view, kStates> kNames{
    "PENDING", "FETCHING", "SETUP", "CRASH_BACKOFF", "IDLE", "RUNNING", "DRAINING", "TERMINATING", "TERMINATED"};

constexpr unsigned bit(State state) { return 1U << static_cast<unsigned>(state); }

constexpr unsigned kEnd = bit(State::Terminating) | bit(State::Terminated);

/// Row: from; bits: where it may go.
constexpr std::array<unsigned, kStates> kLegalMoves{
    /* Pending      */ bit(State::Fetching) | bit(State::Setup) | bit(State::CrashBackoff) | kEnd,
    /* Fetching     */ bit(State::Setup) | bit(State::Pending) | bit(State::CrashBackoff) | kEnd,
    /* Setup        */ bit(State::Idle) | bit(State::CrashBackoff) | kEnd,
    /* CrashBackoff */ bit(State::Pending) | bit(State::Terminated),
    /* Idle         */ bit(State::Running) | bit(State::Draining) | kEnd,
    /* Running      */ bit(State::Idle) | bit(State::Draining) | kEnd,
    /* Draining     */ kEnd,
    /* Terminating  */ bit(State::Terminated),
    /* Terminated   */ 0,
};

} // namespace

std::string_view replicaStateName(ReplicaState state) { return kNames[static_cast<std::size_t>(state)]; }

bool isLegalMove(ReplicaState from, ReplicaState to)
{
    return (kLegalMoves[static_cast<std::size_t>(from)] & bit(to)) != 0;
}

} // namespace tintype::domain
