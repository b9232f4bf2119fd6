// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/frame.h"

#include <array>
#include <fmt/format.h>

namespace tintype::protocol {
namespace {

constexpr std::array kKnownTypes{
    FrameType::Hello, FrameType::Load, FrameType::Generate, FrameType::Cancel, FrameType::Ping,
    FrameType::StatsRequest, FrameType::Drain, FrameType::LoadProgress, FrameType::Loaded, FrameType::Progress,
    FrameType::Result, FrameType::Failed, FrameType::Pong, FrameType::Stats};

// Offsets in the prefix.
constexpr std::size_t kLengthAt = 0;
constexpr std::size_t kTypeAt = 4;
constexpr std::size_t kFlagsAt = 5;
constexpr std::size_t kReservedAt = 6;
constexpr std::size_t kHeaderLengthAt = 8;

std::optional<FrameType> knownType(std::uint8_t number)
{
    for (const FrameType type : kKnownTypes) {
        if (static_cast<std::uint8_t>(type) == number)
            return type;
    }
    return {};
}

std::size_t readU32(const std::uint8_t* at)
{
    return std::size_t{at[0]} | std::size_t{at[1]} << 8 | std::size_t{at[2]} << 16 | std::size_t{at[3]} << 24;
}

void writeU32(std::vector<std::uint8_t>& out, std::size_t at, std::size_t value)
{
    for (std::size_t byte = 0; byte < 4; ++byte)
        out[at + byte] = static_cast<std::uint8_t>(value >> (8 * byte));
}

Result<> checkLengths(std::size_t payloadBytes, std::size_t headerBytes)
{
    if (payloadBytes > kMaxPayloadBytes)
        return fail(ErrorCode::Protocol,
            fmt::format("frame: payload of {} bytes, the limit is {}", payloadBytes, kMaxPayloadBytes));
    if (headerBytes > kMaxHeaderBytes)
        return fail(ErrorCode::Protocol,
            fmt::format("frame: header of {} bytes, the limit is {}", headerBytes, kMaxHeaderBytes));
    if (headerBytes > payloadBytes)
        return fail(ErrorCode::Protocol,
            fmt::format("frame: header of {} bytes in a payload of {}", headerBytes, payloadBytes));
    return {};
}

} // namespace

Result<std::vector<std::uint8_t>> encodeFrame(const Frame& frame)
{
    const std::size_t payloadBytes = frame.header.size() + frame.binary.size();
    TINTYPE_TRY(checkLengths(payloadBytes, frame.header.size()));
    std::vector<std::uint8_t> out(kFramePrefixBytes, 0);
    out.reserve(kFramePrefixBytes + payloadBytes);
    writeU32(out, kLengthAt, payloadBytes);
    out[kTypeAt] = static_cast<std::uint8_t>(frame.type);
    writeU32(out, kHeaderLengthAt, frame.header.size());
    out.insert(out.end(), frame.header.begin(), frame.header.end());
    out.insert(out.end(), frame.binary.begin(), frame.binary.end());
    return out;
}

void FrameDecoder::feed(std::span<const std::uint8_t> bytes)
{
    if (m_error)
        return;
    if (m_consumed > 0) {
        m_bytes.erase(m_bytes.begin(), m_bytes.begin() + static_cast<std::ptrdiff_t>(m_consumed));
        m_consumed = 0;
    }
    m_bytes.insert(m_bytes.end(), bytes.begin(), bytes.end());
}

Result<std::optional<Frame>> FrameDecoder::next()
{
    if (m_error)
        return tl::unexpected(*m_error);
    if (!m_prefix) {
        if (pendingBytes() < kFramePrefixBytes)
            return std::optional<Frame>();
        const auto prefix = readPrefix();
        if (!prefix) {
            m_error = prefix.error();
            m_bytes.clear();
            m_consumed = 0;
            return tl::unexpected(*m_error);
        }
        m_prefix = *prefix;
    }
    if (pendingBytes() - kFramePrefixBytes < m_prefix->payloadBytes)
        return std::optional<Frame>();
    return std::optional(takeFrame(*m_prefix));
}

Result<FrameDecoder::Prefix> FrameDecoder::readPrefix() const
{
    const std::uint8_t* at = m_bytes.data() + m_consumed;
    const std::size_t payloadBytes = readU32(at + kLengthAt);
    const std::size_t headerBytes = readU32(at + kHeaderLengthAt);
    const auto type = knownType(at[kTypeAt]);
    if (!type)
        return fail(ErrorCode::Protocol, fmt::format("frame: unknown type {}", at[kTypeAt]));
    if (at[kFlagsAt] != 0 || at[kReservedAt] != 0 || at[kReservedAt + 1] != 0)
        return fail(ErrorCode::Protocol, "frame: flags or reserved bytes are not zero");
    TINTYPE_TRY(checkLengths(payloadBytes, headerBytes));
    return Prefix{.payloadBytes = payloadBytes, .type = *type, .headerBytes = headerBytes};
}

Frame FrameDecoder::takeFrame(const Prefix& prefix)
{
    const auto header = m_bytes.begin() + static_cast<std::ptrdiff_t>(m_consumed + kFramePrefixBytes);
    const auto binary = header + static_cast<std::ptrdiff_t>(prefix.headerBytes);
    const auto end = header + static_cast<std::ptrdiff_t>(prefix.payloadBytes);
    Frame frame{.type = prefix.type, .header = std::string(header, binary), .binary = std::vector(binary, end)};
    m_consumed += kFramePrefixBytes + prefix.payloadBytes;
    m_prefix.reset();
    return frame;
}

Result<> FrameDecoder::finish() const
{
    if (m_error)
        return tl::unexpected(*m_error);
    if (pendingBytes() > 0)
        return fail(ErrorCode::Protocol,
            fmt::format("frame: the stream ended in the middle of a frame, {} bytes into it", pendingBytes()));
    return {};
}

} // namespace tintype::protocol
