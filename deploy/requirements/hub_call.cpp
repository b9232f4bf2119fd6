// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_call.h"

#include <fmt/format.h>
#include <utility>

namespace tintype::requirements {
namespace {

constexpr int kMaxHops = 10;
constexpr qint64 kReadBufferBytes = 1 << 20;

std::string headerOf(const QNetworkReply& reply, const char* name)
{
    return reply.rawHeader(name).trimmed().toStdString();
}

/// W/"abc" and "abc" are abc.
std::string bareTag(std::string tag)
{
    if (tag.starts_with("W/"))
        tag.erase(0, 2);
    std::erase(tag, '"');
    return tag;
}

} // namespace

HubCall::HubCall(QNetworkAccessManager& network, HubSubject subject, Request request, QObject* parent)
    : QObject(parent)
    , m_network(network)
    , m_subject(std::move(subject))
    , m_request(std::move(request))
{
    send(m_request.url);
}

HubCall::~HubCall()
{
    if (!m_reply)
        return;
    m_reply->disconnect(this);
    m_reply->abort();
    m_reply->deleteLater();
}

QByteArray HubCall::take()
{
    return m_reply && m_hasStarted ? m_reply->readAll() : QByteArray();
}

void HubCall::send(const QUrl& url)
{
    QNetworkRequest request(url);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false); // files in parallel: a connection for each
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setTransferTimeout(static_cast<int>(m_request.timeout.count()));
    request.setRawHeader("Accept-Encoding", "identity");
    request.setRawHeader("User-Agent", "tintype");
    if (m_request.offset > 0)
        request.setRawHeader("Range", QByteArray::fromStdString(fmt::format("bytes={}-", m_request.offset)));
    if (!m_request.token.empty() && isAtHub(url))
        request.setRawHeader("Authorization", QByteArray::fromStdString("Bearer " + m_request.token));
    m_reply = m_network.get(request);
    m_reply->setReadBufferSize(kReadBufferBytes);
    connect(m_reply, &QNetworkReply::metaDataChanged, this, &HubCall::readHeaders);
    connect(m_reply, &QNetworkReply::readyRead, this, [this] {
        if (m_hasStarted)
            Q_EMIT arrived();
    });
    connect(m_reply, &QNetworkReply::finished, this, &HubCall::conclude);
}

bool HubCall::isAtHub(const QUrl& url) const
{
    const QUrl hub(QString::fromStdString(m_subject.endpoint));
    const auto portOf
        = [](const QUrl& address) { return address.port(address.scheme() == QStringLiteral("https") ? 443 : 80); };
    return url.scheme() == hub.scheme() && url.host() == hub.host() && portOf(url) == portOf(hub);
}

std::int64_t HubCall::firstByte() const
{
    const QByteArray range = m_reply ? m_reply->rawHeader("Content-Range") : QByteArray(); // bytes 5-9/10
    const qsizetype begin = range.indexOf(' ') + 1;
    return range.mid(begin, range.indexOf('-') - begin).toLongLong();
}

void HubCall::readHeaders()
{
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (isAtHub(m_reply->url()))
        readHubHeaders();
    if (m_hasStarted || (m_status != 200 && m_status != 206))
        return;
    const QVariant length = m_reply->header(QNetworkRequest::ContentLengthHeader);
    m_announcedBytes = length.isValid() && !m_reply->hasRawHeader("Content-Encoding") ? length.toLongLong() : -1;
    m_hasStarted = true;
    Q_EMIT started();
}

void HubCall::readHubHeaders()
{
    if (m_commit.empty())
        m_commit = headerOf(*m_reply, "X-Repo-Commit");
    const std::string linked = headerOf(*m_reply, "X-Linked-Etag");
    if (!linked.empty())
        m_hash = bareTag(linked);
    else if (m_hash.empty() && m_status >= 200 && m_status < 300)
        m_hash = bareTag(headerOf(*m_reply, "ETag"));
}

void HubCall::conclude()
{
    m_status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    const QByteArray location = m_reply->rawHeader("Location");
    if (m_status >= 300 && m_status < 400 && !location.isEmpty())
        return follow(m_reply->url().resolved(QUrl::fromEncoded(location)));
    const bool isFile = m_status == 200 || m_status == 206;
    if (isFile && m_reply->error() == QNetworkReply::NoError) {
        readHeaders(); // an empty body may come without a signal of its own for the headers
        Q_EMIT finished(std::nullopt);
    } else if (isFile || m_status == 0) {
        Q_EMIT finished(networkFailure());
    } else {
        Q_EMIT finished(failureOf(
            {.status = m_status,
                .errorCode = headerOf(*m_reply, "X-Error-Code"),
                .errorMessage = headerOf(*m_reply, "X-Error-Message"),
                .retryAfter = parseRetryAfter(headerOf(*m_reply, "Retry-After"), QDateTime::currentDateTimeUtc()),
                .fromHub = isAtHub(m_reply->url())},
            m_subject));
    }
}

void HubCall::follow(const QUrl& target)
{
    const bool losesTls
        = m_reply->url().scheme() == QStringLiteral("https") && target.scheme() != QStringLiteral("https");
    const bool isWeb = target.scheme() == QStringLiteral("http") || target.scheme() == QStringLiteral("https");
    if (!isWeb || losesTls || ++m_hops > kMaxHops) {
        Q_EMIT finished(HubFailure{
            {ErrorCode::Protocol, m_subject.name() + ": the hub redirects to an address that is not followed", {}},
            false, {}, m_status});
        return;
    }
    m_reply->disconnect(this);
    m_reply->deleteLater();
    send(target);
}

HubFailure HubCall::networkFailure() const
{
    const bool timedOut = m_reply->error() == QNetworkReply::OperationCanceledError;
    const bool badTls = m_reply->error() == QNetworkReply::SslHandshakeFailedError;
    const std::string why = timedOut ? "it stopped sending"
        : badTls                     ? "its certificate is not trusted"
                                     : "the connection failed";
    return {{ErrorCode::Unavailable,
                fmt::format("{}: {} cannot be reached: {}", m_subject.name(), m_reply->url().host().toStdString(), why),
                m_reply->errorString().toStdString()},
        !badTls, {}, 0};
}

} // namespace tintype::requirements
