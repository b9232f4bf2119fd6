// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/wire/socket_session.h"

namespace tintype::wire {

/// HTTP over a socket (fal.md 2.3): one JSON text frame a call; start, body and end as three frames of the answer.
class PipelineSession final : public SocketSession {
    Q_OBJECT

public:
    using SocketSession::SocketSession;

protected:
    Result<std::string> inputOf(std::string_view message, bool isText) override;
    void sendAnswer(const std::string& request, const http::Response& response, double seconds) override;
    void refuse(const Error& error) override;
};

} // namespace tintype::wire
