// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/hub_failure.h"

#include <QByteArray>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QObject>
#include <QPointer>
#include <QUrl>
#include <optional>
#include <string>

namespace tintype::requirements {

/// One GET, redirects followed by hand: the token goes to the hub's own origin and nowhere else.
class HubCall : public QObject {
    Q_OBJECT

public:
    struct Request {
        QUrl url;
        std::string token; ///< empty = none
        std::int64_t offset = 0; ///< first byte that is asked for
        std::chrono::milliseconds timeout{30'000};
    };

    HubCall(QNetworkAccessManager& network, HubSubject subject, Request request, QObject* parent);
    ~HubCall() override;

    QByteArray take(); ///< what has arrived; the rest waits in the socket until this is taken

    // Known once started() was given:
    int status() const { return m_status; }
    std::int64_t firstByte() const; ///< of Content-Range; 0 without one
    std::int64_t announcedBytes() const { return m_announcedBytes; } ///< Content-Length; -1 = not told
    const std::string& hash() const { return m_hash; } ///< the hub's ETag of the file; empty = not told
    const std::string& commit() const { return m_commit; } ///< X-Repo-Commit; empty = not told

Q_SIGNALS:
    void started(); ///< status 200 or 206
    void arrived();
    void finished(const std::optional<tintype::requirements::HubFailure>& failure); ///< last; bytes may be left to take

private:
    void send(const QUrl& url);
    bool isAtHub(const QUrl& url) const;
    void readHeaders();
    void readHubHeaders();
    void conclude();
    void follow(const QUrl& target);
    HubFailure networkFailure() const;

    QNetworkAccessManager& m_network;
    const HubSubject m_subject;
    const Request m_request;
    QPointer<QNetworkReply> m_reply; ///< owned by m_network, which may go first
    int m_hops = 0;
    int m_status = 0;
    bool m_hasStarted = false;
    std::int64_t m_announcedBytes = -1;
    std::string m_hash;
    std::string m_commit;
};

} // namespace tintype::requirements
