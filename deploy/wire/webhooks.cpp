// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/webhooks.h"

#include "deploy/store/stores.h"
#include "deploy/wire/webhook_message.h"

#include <QHostInfo>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QTimer>
#include <algorithm>
#include <fmt/format.h>

namespace tintype::wire {
namespace {

constexpr qint64 kAnswerRead = 4096; ///< bytes; nobody looks at what a receiver answers: of a longer one only the status counts

QByteArray bytesOf(const std::string& text) { return QByteArray::fromStdString(text); }

} // namespace

std::vector<std::chrono::milliseconds> WebhookPolicy::defaultWaits()
{
    using std::chrono::seconds;
    return {seconds(5), seconds(10), seconds(30), seconds(60), seconds(120), seconds(300), seconds(600), seconds(1200),
        seconds(1800), seconds(3000)};
}

Webhooks::Webhooks(WireContext& context, WebhookPolicy policy, QObject* parent)
    : QObject(parent)
    , m_context(context)
    , m_policy(std::move(policy))
{
    m_network.setProxy(QNetworkProxy::NoProxy);
    connect(&m_context.host.requests(), &runtime::Requests::accepted, this, &Webhooks::expect);
    connect(&m_context.host.requests(), &runtime::Requests::finished, this, &Webhooks::onFinished);
    takeUp();
}

Webhooks::~Webhooks() = default;

void Webhooks::addTo(http::RouteTable& table)
{
    table.add({.method = "GET", .pattern = "/.well-known/jwks.json", .handle = [this](const http::Request&, http::Responder responder) {
                   auto response = http::Response::json(200, jwks(m_context.host.stores().vault()));
                   response.headers.set("Cache-Control", "public, max-age=3600");
                   responder.send(std::move(response));
               }});
}

void Webhooks::takeUp()
{
    auto left = store::pendingWebhooks(m_context.host.stores().reader());
    if (!left)
        return log({}, "error", fmt::format("the webhooks of the last run cannot be read: {}", left.error().message));
    for (Pending& webhook : *left) {
        if (!webhook.body.empty()) {
            schedule(std::move(webhook));
            continue;
        }
        const auto view = m_context.host.requests().view(webhook.request);
        if (!view)
            forget(webhook.request);
        else if (view->record)
            onFinished(*view->record); // the host ended between the two
    }
}

void Webhooks::expect(const domain::Request& request)
{
    if (request.webhook.empty() || request.via != domain::Via::Queue)
        return;
    save({.request = request.id, .url = request.webhook, .keyId = request.keyId, .body = {}, .attempts = 0, .due = request.submittedAt});
}

void Webhooks::onFinished(const domain::Record& record)
{
    const domain::Request& request = record.request;
    if (request.webhook.empty() || request.via != domain::Via::Queue)
        return;
    Pending webhook{.request = request.id, .url = request.webhook, .keyId = request.keyId, .body = webhookBody(record),
        .attempts = 0, .due = wallClockNow()};
    save(webhook);
    schedule(std::move(webhook));
}

void Webhooks::schedule(Pending webhook)
{
    const auto wait = std::max(webhook.due - wallClockNow(), std::chrono::milliseconds(0));
    const std::string request = webhook.request;
    m_pending.insert_or_assign(request, std::move(webhook));
    QTimer::singleShot(wait, this, [this, request] { attempt(request); });
}

void Webhooks::attempt(const std::string& request)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    const Pending& webhook = found->second;
    const QUrl url(QString::fromStdString(webhook.url));
    if (m_context.host.options().allowPrivateWebhooks)
        return send(webhook, url, {});
    QHostInfo::lookupHost(url.host(), this, [this, request](const QHostInfo& hosts) {
        if (const auto pending = m_pending.find(request); pending != m_pending.end())
            attemptAt(pending->second, hosts);
    });
}

void Webhooks::attemptAt(const Pending& webhook, const QHostInfo& found)
{
    const auto addresses = found.addresses();
    if (addresses.isEmpty())
        return failed(webhook.request, "its host has no address");
    if (std::ranges::any_of(addresses, isPrivate)) {
        log(webhook.request, "warning", "the webhook is not sent: its address is of a private network, which this host does not allow");
        return forget(webhook.request);
    }
    QUrl url(QString::fromStdString(webhook.url));
    const QString name = url.host();
    url.setHost(addresses.front().toString()); // what was looked at, lest the name's address changes in between
    send(webhook, url, name);
}

void Webhooks::send(const Pending& webhook, const QUrl& url, const QString& verifiedName)
{
    QNetworkRequest call(url);
    call.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
    call.setHeader(QNetworkRequest::UserAgentHeader, QStringLiteral("tintype"));
    call.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    call.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    call.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    call.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    if (!verifiedName.isEmpty()) {
        const QString port = url.port() == -1 ? QString() : QStringLiteral(":%1").arg(url.port());
        call.setRawHeader("Host", (verifiedName + port).toUtf8());
        call.setPeerVerifyName(verifiedName);
    }
    const http::Headers proof = webhookHeaders(m_context.host.stores().vault(), m_context.host.options().owner, webhook.request,
        wallClockNow(), webhook.body);
    for (const auto& [name, value] : proof.fields())
        call.setRawHeader(bytesOf(name), bytesOf(value));
    QNetworkReply* reply = m_network.post(call, bytesOf(webhook.body));
    reply->setReadBufferSize(kAnswerRead);
    QTimer::singleShot(m_policy.timeout, reply, &QNetworkReply::abort);
    connect(reply, &QNetworkReply::finished, this, [this, reply, request = webhook.request] {
        reply->deleteLater();
        onReply(request, *reply);
    });
}

void Webhooks::onReply(const std::string& request, QNetworkReply& reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status / 100 == 2) {
        log(request, "info", "the webhook was taken");
        return forget(request);
    }
    if (status > 0)
        return failed(request, fmt::format("it answered {}", status));
    failed(request, reply.error() == QNetworkReply::OperationCanceledError
            ? fmt::format("it did not answer within {} s", m_policy.timeout.count() / 1000)
            : "it cannot be reached");
}

void Webhooks::failed(const std::string& request, const std::string& why)
{
    const auto found = m_pending.find(request);
    if (found == m_pending.end())
        return;
    Pending webhook = found->second;
    const auto attempts = static_cast<std::size_t>(++webhook.attempts);
    if (attempts > m_policy.waits.size()) {
        log(request, "error", fmt::format("the webhook is given up after {} attempts: {}", attempts, why));
        return forget(request);
    }
    const auto wait = m_policy.waits[attempts - 1];
    log(request, "warning", fmt::format("the webhook was not taken: {}; attempt {} follows in {} s", why, attempts + 1, wait.count() / 1000));
    webhook.due = wallClockNow() + wait;
    save(webhook);
    schedule(std::move(webhook));
}

void Webhooks::forget(const std::string& request)
{
    m_pending.erase(request);
    m_context.host.stores().writer().write([request](store::Database& database) { return store::deleteWebhook(database, request); });
}

void Webhooks::save(const Pending& webhook)
{
    m_context.host.stores().writer().write([webhook](store::Database& database) { return store::saveWebhook(database, webhook); });
}

void Webhooks::log(const std::string& request, const char* level, const std::string& text)
{
    m_context.host.logs().add({.time = wallClockNow(), .level = level, .app = {}, .revision = {}, .replica = {}, .request = request,
        .source = "host", .text = text});
}

} // namespace tintype::wire
