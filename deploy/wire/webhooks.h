// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/store/webhook_store.h"
#include "deploy/wire/caller.h"

#include <QNetworkAccessManager>
#include <QObject>
#include <chrono>
#include <string>
#include <unordered_map>
#include <vector>

class QHostInfo;
class QNetworkReply;

namespace tintype::wire {

struct WebhookPolicy {
    std::chrono::milliseconds timeout{15'000}; ///< of one attempt

    /// Waits between attempts; after the last one it is given up. fal's: 10 within two hours.
    std::vector<std::chrono::milliseconds> waits = defaultWaits();

    static std::vector<std::chrono::milliseconds> defaultWaits();
};

/// Tells the callers of queued requests, at the URL that they gave, what became of them. A delivery is kept from the
/// acceptance of its request until it was taken or given up, so it survives the host; it may come twice.
class Webhooks : public QObject {
    Q_OBJECT

public:
    /// Takes up what the last run left.
    explicit Webhooks(WireContext& context, WebhookPolicy policy = {}, QObject* parent = nullptr);
    ~Webhooks() override;

    void addTo(http::RouteTable& table); ///< the public key of its signatures

private:
    using Pending = store::PendingWebhook;

    void takeUp();
    void expect(const domain::Request& request);
    void onFinished(const domain::Record& record);
    void schedule(Pending webhook);
    void attempt(const std::string& request);
    void attemptAt(const Pending& webhook, const QHostInfo& found);
    void send(const Pending& webhook, const QUrl& url, const QString& verifiedName);
    void onReply(const std::string& request, QNetworkReply& reply);
    void failed(const std::string& request, const std::string& why);
    void forget(const std::string& request);
    void save(const Pending& webhook);
    void log(const std::string& request, const char* level, const std::string& text);

    WireContext& m_context;
    const WebhookPolicy m_policy;
    QNetworkAccessManager m_network;
    std::unordered_map<std::string, Pending> m_pending; ///< those whose request is done, by request
};

} // namespace tintype::wire
