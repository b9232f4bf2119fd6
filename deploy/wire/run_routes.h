// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/caller.h"

#include <QObject>
#include <string>
#include <unordered_map>

namespace tintype::wire {

/// fal.run: calls that are answered when they are done, and `/stream`, which tells each step until then.
class RunRoutes : public QObject {
    Q_OBJECT

public:
    explicit RunRoutes(WireContext& context, QObject* parent = nullptr);

    void addTo(http::RouteTable& table);

private:
    struct Waiter {
        http::Responder responder;
        bool streams = false;
        bool hasBegun = false; ///< the head of the stream is sent
    };

    void call(http::Request call, http::Responder responder);
    void onProgressed(const runtime::LiveRequest& live, const Progress& progress);
    void onFinished(const domain::Record& record);
    void begin(Waiter& waiter, const std::string& id);

    WireContext& m_context;
    std::unordered_map<std::string, Waiter> m_waiters; ///< by request
};

} // namespace tintype::wire
