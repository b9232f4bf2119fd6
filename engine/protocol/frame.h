// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace tintype::protocol {

/// What a frame carries. The numbers are on the wire: never reuse one.
enum class FrameType : std::uint8_t {
    Hello = 1, ///< both ways, first
    // host to worker
    Load = 16,
    Generate = 17,
    Cancel = 18,
    Ping = 19,
    StatsRequest = 20,
    Drain = 21,
    // worker to host
    LoadProgress = 32,
    Loaded = 33,
    Progress = 34,
    Result = 35,
    Failed = 36,
    Pong = 37,
    Stats = 38,
};

struct Frame {
    FrameType type = FrameType::Hello;
    std::string header; ///< JSON, UTF-8
    std::vector<std::uint8_t> binary;

    bool operator==(const Frame&) const = default;
};

constexpr std::size_t kFramePrefixBytes = 12;
constexpr std::size_t kMaxPayloadBytes = std::size_t{256} << 20; ///< header + binary of one frame
constexpr std::size_t kMaxHeaderBytes = std::size_t{16} << 20;

/// The frame's bytes (README.md).
/// @error Protocol: header or payload over the limit
Result<std::vector<std::uint8_t>> encodeFrame(const Frame& frame);

/// Turns bytes that arrive in pieces of any size into frames. A pure state machine: no file, no thread, and it holds no
/// more than the bytes that were fed. The first malformed byte is final: from then on next() repeats the error.
class FrameDecoder {
public:
    void feed(std::span<const std::uint8_t> bytes);

    /// The next whole frame, or nothing until more is fed.
    /// @error Protocol: what was fed is not a frame
    Result<std::optional<Frame>> next();

    /// Call at the end of the stream.
    /// @error Protocol: it ended in the middle of a frame, or was malformed
    Result<> finish() const;

private:
    struct Prefix {
        std::size_t payloadBytes = 0;
        FrameType type = FrameType::Hello;
        std::size_t headerBytes = 0;
    };

    std::size_t pendingBytes() const { return m_bytes.size() - m_consumed; }
    Result<Prefix> readPrefix() const;
    Frame takeFrame(const Prefix& prefix);

    std::vector<std::uint8_t> m_bytes;
    std::size_t m_consumed = 0; ///< bytes at the front of m_bytes that were given out as frames
    std::optional<Prefix> m_prefix; ///< of the frame that is arriving
    std::optional<Error> m_error;
};

} // namespace tintype::protocol
