// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/host_values.h"
#include "engine/base/result.h"

#include <QByteArray>
#include <QFuture>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>
#include <QSslConfiguration>
#include <QSslError>
#include <QUrl>
#include <QUrlQuery>
#include <chrono>
#include <string>

namespace tintype::control {

struct HttpCall {
    QByteArray method = "GET";
    QUrl url;
    QByteArray body;
    QByteArray contentType = "application/json";
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    std::chrono::milliseconds timeout{30'000}; ///< without any progress; 0 = none
};

struct HttpAnswer {
    int status = 0;
    QByteArray body;
    QByteArray contentType;
    QByteArray requestId; ///< x-fal-request-id
};

/// HTTP and TLS to one host: key, trust, time-outs, and failures as sentences. The key is sent to that host only.
class HttpTransport : public QObject {
    Q_OBJECT

public:
    explicit HttpTransport(HostAddress address, QObject* parent = nullptr);

    const HostAddress& address() const { return m_address; }

    /// `path` is appended to the base URL; it is percent-encoded already.
    QUrl url(const std::string& path, const QUrlQuery& query = {}) const;
    QUrl socketUrl(const std::string& path, const QUrlQuery& query = {}) const; ///< ws:// or wss://

    /// The answer of a call with a status below 400.
    /// @error as the host says (detail, code from error_type or status) · Unavailable · Timeout
    QFuture<Result<HttpAnswer>> send(const HttpCall& call);

    /// For answers that are read while they come; the reply belongs to the caller.
    QNetworkReply* open(const HttpCall& call);

    /// A WebSocket's handshake: its request, and what it is to trust. A QWebSocket does not tell its peer's certificate,
    /// so a pinned one is checked by a call over HTTP first; `pinnedErrors` are what verification said of it.
    QNetworkRequest handshake(const QUrl& url) const;
    QSslConfiguration sslConfiguration() const { return m_ssl; }
    QFuture<Result<>> verifyPin();
    const QList<QSslError>& pinnedErrors() const { return m_pinnedErrors; }

    Error failure(QNetworkReply& reply, const QByteArray& body) const;

private:
    QNetworkRequest request(const HttpCall& call) const;
    bool trusts(const QSslCertificate& certificate) const; ///< by the pinned fingerprint
    bool isOurs(const QUrl& url) const;

    const HostAddress m_address;
    const QUrl m_base;
    QSslConfiguration m_ssl;
    QNetworkAccessManager m_network;
    QList<QSslError> m_pinnedErrors;
    bool m_pinVerified = false;
};

/// What an answer of 400 or more means: its `detail` as one sentence, the code by its `error_type`, else by its status.
Error errorOfAnswer(int status, const QByteArray& body);

/// A segment of a path with everything but letters, digits and "-._~" escaped.
std::string pathSegment(const std::string& text);

} // namespace tintype::control
