// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/wire/socket_session.h"

namespace tintype::wire {

/// fal's realtime protocol (fal.md 2.4): inputs and results as msgpack; errors and the rest as JSON text.
class RealtimeSession final : public SocketSession {
    Q_OBJECT

public:
    using SocketSession::SocketSession;

protected:
    Result<std::string> inputOf(std::string_view message, bool isText) override;
    void sendAnswer(const std::string& request, const http::Response& response, double seconds) override;
    void refuse(const Error& error) override;
    void sayGoodbye() override;
};

} // namespace tintype::wire
