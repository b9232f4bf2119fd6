// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/wire/caller.h"

#include <QObject>
#include <string>
#include <unordered_map>
#include <vector>

namespace tintype::wire {

/// queue.fal.run: submit, status, its stream, result, cancel.
class QueueRoutes : public QObject {
    Q_OBJECT

public:
    explicit QueueRoutes(WireContext& context, QObject* parent = nullptr);

    void addSubmitTo(http::RouteTable& table);
    void addRequestsTo(http::RouteTable& table); ///< everything at /{owner}/{app}/requests/{id}

private:
    struct Watcher {
        http::Responder responder;
        std::string base;
        bool wantsLogs = false;
        std::size_t linesSent = 0;
        std::string last; ///< the last event, so that none is told twice
    };

    void submit(http::Request call, http::Responder responder);
    void status(http::Request call, http::Responder responder);
    void watch(http::Request call, http::Responder responder);
    void result(http::Request call, http::Responder responder);
    void cancel(http::Request call, http::Responder responder);
    void tell(const std::string& id);
    bool tellOne(const std::string& id, Watcher& watcher); ///< true while there is more to come
    Result<std::string> admitted(const http::Request& call) const; ///< the request's id
    std::optional<runtime::RequestView> viewOf(const http::Request& call) const;

    WireContext& m_context;
    std::unordered_map<std::string, std::vector<Watcher>> m_watchers; ///< by request
};

} // namespace tintype::wire
