// SPDX-License-Identifier: Apache-2.0
#include "engine/worker/frame_writer.h"

#include <cerrno>
#include <cstring>
#include <unistd.h>

namespace tintype::worker {

Result<> FrameWriter::send(const protocol::Message& message)
{
    TINTYPE_TRY_ASSIGN(const auto frame, protocol::encode(message));
    return write(frame);
}

Result<> FrameWriter::write(std::span<const std::uint8_t> frame)
{
    const std::lock_guard lock(m_mutex);
    std::size_t written = 0;
    while (written < frame.size()) {
        const ssize_t count = ::write(m_descriptor, frame.data() + written, frame.size() - written);
        if (count >= 0)
            written += static_cast<std::size_t>(count);
        else if (errno != EINTR)
            return fail(ErrorCode::Io, std::string("frames cannot be written: ") + std::strerror(errno));
    }
    return {};
}

} // namespace tintype::worker
