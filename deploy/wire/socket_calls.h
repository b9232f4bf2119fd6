// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/wire/caller.h"

#include <QObject>
#include <functional>
#include <string>
#include <unordered_map>

namespace tintype::wire {

/// Calls that come as messages of sockets, and the way of each answer back to its socket.
class SocketCalls : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(const http::Response&)>;

    explicit SocketCalls(WireContext& context, QObject* parent = nullptr);

    /// @param done gets what the same call would have got by HTTP, perhaps at once
    void submit(domain::Request request, Done done);

    void cancel(const std::string& id); ///< its `done` is not called any more

private:
    void answer(const std::string& id, const http::Response& response);

    WireContext& m_context;
    std::unordered_map<std::string, Done> m_waiting; ///< by request
};

} // namespace tintype::wire
