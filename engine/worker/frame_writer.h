// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"
#include "engine/protocol/messages.h"

#include <cstdint>
#include <mutex>
#include <span>

namespace tintype::worker {

/// Writes whole messages to a descriptor that it borrows. Any thread may send.
class FrameWriter {
public:
    explicit FrameWriter(int descriptor)
        : m_descriptor(descriptor)
    {
    }

    /// @error Io: the reader is gone · InvalidArgument, Protocol: the message cannot be written, the stream is intact
    Result<> send(const protocol::Message& message);

    /// The same for a message that is encoded already.
    Result<> write(std::span<const std::uint8_t> frame);

private:
    const int m_descriptor;
    std::mutex m_mutex; ///< keeps frames whole
};

} // namespace tintype::worker
