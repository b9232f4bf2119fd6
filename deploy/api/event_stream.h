// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/message.h"
#include "deploy/runtime/host.h"

#include <QObject>
#include <QWebSocket>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>
#include <vector>

namespace tintype::api {

class Urls;

/// What a subscriber of /v1/events wants.
struct EventFilter {
    std::string app; ///< empty = all
    std::set<std::string> types;
    bool previews = false;

    bool wants(const std::string& type, const std::string& ofApp) const
    {
        return types.contains(type) && (app.empty() || app == ofApp);
    }
};

/// Tells everyone who listens what happens on the host, one JSON object a message. Who does not read is dropped, with
/// close code 1008.
class EventStream : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 kMaxUnsentBytes = qint64{8} << 20;
    static const std::vector<std::string>& types();

    EventStream(runtime::Host& host, const Urls& urls);
    ~EventStream() override;

    /// @error InvalidArgument: the query names an unknown type
    static Result<EventFilter> filterOf(const http::Request& request);

    void subscribe(const http::Request& request, std::unique_ptr<QWebSocket> socket);
    int subscriberCount() const { return static_cast<int>(m_subscribers.size()); }

private:
    /// What makes one subscriber's text differ from another's.
    struct Variant {
        std::string base; ///< under which it reaches the host
        bool previews = false;
        auto operator<=>(const Variant&) const = default;
    };
    struct Subscriber;
    using Fill = std::function<void(nlohmann::ordered_json& event, const Variant& variant)>;

    void connectApps();
    void connectRequests();

    /// Sends {"type", "time"} and what `fill` adds; made once for all subscribers of a variant.
    void tell(const std::string& type, const std::string& app, const Fill& fill);
    void tellApp(const std::string& app);
    void tellRequest(const std::string& id, const std::string& app);
    void send(Subscriber& subscriber, const QString& text);
    void drop(Subscriber& subscriber);
    void forget(const QWebSocket* socket);

    runtime::Host& m_host;
    const Urls& m_urls;
    std::vector<std::unique_ptr<Subscriber>> m_subscribers;
};

} // namespace tintype::api
