// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/http_transport.h"

#include <QCryptographicHash>
#include <QPromise>
#include <QSslCertificate>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace tintype::control {
namespace {

using nlohmann::json;

constexpr int kBadRequest = 400;
constexpr const char* kOtherCertificate = "otherCertificate"; ///< property of a reply: not the pinned one
constexpr std::size_t kMaxSentence = 2000;

QByteArray digits(const std::string& fingerprint)
{
    QByteArray hex = QByteArray::fromStdString(fingerprint).toLower();
    hex.replace(":", "").replace(" ", "");
    return hex;
}

ErrorCode codeOfStatus(int status)
{
    switch (status) {
    case 400:
    case 422: return ErrorCode::InvalidArgument;
    case 401:
    case 403: return ErrorCode::Unauthorized;
    case 404:
    case 405:
    case 410: return ErrorCode::NotFound;
    case 409: return ErrorCode::Conflict;
    case 413:
    case 429: return ErrorCode::QuotaExceeded;
    case 499: return ErrorCode::Cancelled;
    case 502: return ErrorCode::Protocol;
    case 503: return ErrorCode::Unavailable;
    case 408:
    case 504: return ErrorCode::Timeout;
    default: return ErrorCode::Internal;
    }
}

/// One entry of pydantic's list: "image_size.width: Input should be …".
std::string fieldSentence(const json& entry)
{
    if (!entry.is_object())
        return entry.dump();
    std::string place;
    for (const json& part : entry.value("loc", json::array())) {
        const std::string text = part.is_string() ? part.get<std::string>() : part.dump();
        if (text != "body")
            place += (place.empty() ? "" : ".") + text;
    }
    const json message = entry.value("msg", json("is not accepted"));
    return (place.empty() ? "" : place + ": ") + (message.is_string() ? message.get<std::string>() : message.dump());
}

std::string detailSentence(const json& detail)
{
    if (detail.is_string())
        return detail.get<std::string>();
    if (!detail.is_array())
        return detail.dump(-1, ' ', false, json::error_handler_t::replace);
    std::string sentences;
    for (const json& entry : detail)
        sentences += (sentences.empty() ? "" : "; ") + fieldSentence(entry);
    return sentences;
}

} // namespace

Error errorOfAnswer(int status, const QByteArray& body)
{
    Error error{codeOfStatus(status), fmt::format("the host answered {}", status), {}};
    const json answer = json::parse(body.begin(), body.end(), nullptr, false);
    if (!answer.is_object())
        return error;
    if (const auto detail = answer.find("detail"); detail != answer.end() && !detail->is_null())
        error.message = detailSentence(*detail).substr(0, kMaxSentence);
    const auto type = answer.find("error_type");
    if (type == answer.end() || !type->is_string())
        return error;
    error.detail = type->get<std::string>();
    const ErrorCode named = errorCodeFromName(error.detail);
    if (named != ErrorCode::Internal || error.detail == errorCodeName(ErrorCode::Internal))
        error.code = named;
    return error;
}

std::string pathSegment(const std::string& text)
{
    return QUrl::toPercentEncoding(QString::fromStdString(text)).toStdString();
}

HttpTransport::HttpTransport(HostAddress address, QObject* parent)
    : QObject(parent)
    , m_address(std::move(address))
    , m_base(QString::fromStdString(m_address.url))
    , m_ssl(QSslConfiguration::defaultConfiguration())
{
    if (!m_address.caFile.empty())
        m_ssl.addCaCertificates(QString::fromStdString(m_address.caFile));
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
    m_network.setAutoDeleteReplies(false);
}

QUrl HttpTransport::url(const std::string& path, const QUrlQuery& query) const
{
    QUrl url = m_base;
    QString base = url.path(QUrl::FullyEncoded);
    while (base.endsWith(QLatin1Char('/')))
        base.chop(1);
    url.setPath(base + QString::fromStdString(path), QUrl::TolerantMode);
    url.setQuery(query);
    return url;
}

QUrl HttpTransport::socketUrl(const std::string& path, const QUrlQuery& query) const
{
    QUrl socket = url(path, query);
    socket.setScheme(socket.scheme() == QLatin1String("https") ? QStringLiteral("wss") : QStringLiteral("ws"));
    return socket;
}

/// A host may tell addresses on another port of itself (its queue listener); nobody else gets the key.
bool HttpTransport::isOurs(const QUrl& url) const
{
    const bool keepsSecrecy = m_base.scheme() != QLatin1String("https") || url.scheme() == QLatin1String("https")
        || url.scheme() == QLatin1String("wss");
    return keepsSecrecy && url.host() == m_base.host();
}

QNetworkRequest HttpTransport::request(const HttpCall& call) const
{
    QNetworkRequest request(call.url);
    request.setSslConfiguration(m_ssl);
    request.setTransferTimeout(static_cast<int>(call.timeout.count()));
    if (!m_address.key.empty() && isOurs(call.url))
        request.setRawHeader("Authorization", "Key " + QByteArray::fromStdString(m_address.key));
    if (!call.body.isEmpty() || call.method == "POST" || call.method == "PUT" || call.method == "PATCH")
        request.setRawHeader("Content-Type", call.contentType);
    for (const auto& [name, value] : call.headers)
        request.setRawHeader(name, value);
    return request;
}

QNetworkRequest HttpTransport::handshake(const QUrl& url) const
{
    QNetworkRequest request(url);
    if (!m_address.key.empty() && isOurs(url))
        request.setRawHeader("Authorization", "Key " + QByteArray::fromStdString(m_address.key));
    return request;
}

bool HttpTransport::trusts(const QSslCertificate& certificate) const
{
    return !m_address.fingerprint.empty()
        && certificate.digest(QCryptographicHash::Sha256).toHex() == digits(m_address.fingerprint);
}

QFuture<Result<>> HttpTransport::verifyPin()
{
    if (m_address.fingerprint.empty() || m_base.scheme() != QLatin1String("https") || m_pinVerified)
        return QtFuture::makeReadyFuture(Result<>());
    HttpCall call;
    call.url = url("/health");
    return send(call).then([](const Result<HttpAnswer>& answer) -> Result<> {
        if (!answer)
            return tl::unexpected(answer.error());
        return {};
    });
}

QNetworkReply* HttpTransport::open(const HttpCall& call)
{
    QNetworkReply* const reply = m_network.sendCustomRequest(request(call), call.method, call.body);
    connect(reply, &QNetworkReply::sslErrors, this, [this, reply](const QList<QSslError>& errors) {
        if (trusts(reply->sslConfiguration().peerCertificate())) {
            m_pinnedErrors = errors;
            reply->ignoreSslErrors(errors);
        } else if (!m_address.fingerprint.empty()) {
            reply->setProperty(kOtherCertificate, true);
        }
    });
    connect(reply, &QNetworkReply::encrypted, this, [this, reply] {
        m_pinVerified = trusts(reply->sslConfiguration().peerCertificate());
        if (m_address.fingerprint.empty() || m_pinVerified)
            return;
        reply->setProperty(kOtherCertificate, true);
        reply->abort();
    });
    return reply;
}

QFuture<Result<HttpAnswer>> HttpTransport::send(const HttpCall& call)
{
    auto promise = std::make_shared<QPromise<Result<HttpAnswer>>>();
    promise->start();
    QNetworkReply* const reply = open(call);
    connect(reply, &QNetworkReply::finished, this, [this, promise, reply] {
        reply->deleteLater();
        const int status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
        const QByteArray body = reply->readAll();
        const bool arrived = reply->error() == QNetworkReply::NoError && status != 0 && status < kBadRequest;
        if (arrived)
            promise->addResult(HttpAnswer{status, body, reply->rawHeader("Content-Type"), reply->rawHeader("x-fal-request-id")});
        else
            promise->addResult(tl::unexpected(failure(*reply, body)));
        promise->finish();
    });
    return promise->future();
}

Error HttpTransport::failure(QNetworkReply& reply, const QByteArray& body) const
{
    const std::string host = reply.url().toString(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveUserInfo).toStdString();
    if (const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(); status >= kBadRequest)
        return errorOfAnswer(status, body);
    if (reply.property(kOtherCertificate).toBool())
        return {ErrorCode::Unauthorized, host + ": its certificate is not the one with the pinned fingerprint", {}};
    switch (reply.error()) {
    case QNetworkReply::ConnectionRefusedError:
        return {ErrorCode::Unavailable, "no host answers at " + host, {}};
    case QNetworkReply::OperationCanceledError:
    case QNetworkReply::TimeoutError:
        return {ErrorCode::Timeout, fmt::format("{}: no answer within {} s", host, reply.request().transferTimeout() / 1000), {}};
    case QNetworkReply::SslHandshakeFailedError:
        return {ErrorCode::Unavailable,
            host + ": its certificate is not trusted; give its authority (--ca FILE) or its fingerprint (--fingerprint)",
            reply.errorString().toStdString()};
    default:
        return {ErrorCode::Unavailable, host + ": " + reply.errorString().toStdString(), {}};
    }
}

} // namespace tintype::control
