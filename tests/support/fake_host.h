// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QHostAddress>
#include <QTcpServer>
#include <QTcpSocket>
#include <functional>
#include <map>
#include <vector>

namespace tintype::test {

/// An HTTP server on loopback that answers as a function says and remembers what it was asked.
class FakeHost : public QObject {
public:
    struct Request {
        QByteArray method;
        QByteArray target; ///< path and query
        std::map<QByteArray, QByteArray> headers; ///< names in lower case
        QByteArray body;
    };
    struct Answer {
        int status = 200;
        QByteArray body = "{}";
        QByteArray contentType = "application/json";
        bool hangUp = false; ///< close without an answer
    };

    std::function<Answer(const Request&)> answer = [](const Request&) { return Answer{}; };
    std::vector<Request> requests;

    FakeHost()
    {
        m_server.listen(QHostAddress::LocalHost);
        connect(&m_server, &QTcpServer::newConnection, this, [this] {
            QTcpSocket* const socket = m_server.nextPendingConnection();
            m_buffers[socket];
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { read(*socket); });
            connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
                m_buffers.erase(socket);
                socket->deleteLater();
            });
        });
    }

    ~FakeHost() override
    {
        for (const auto& [socket, buffer] : m_buffers)
            socket->disconnect(this);
    }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_server.serverPort()); }

private:
    void read(QTcpSocket& socket)
    {
        QByteArray& buffer = m_buffers[&socket];
        buffer += socket.readAll();
        const qsizetype end = buffer.indexOf("\r\n\r\n");
        if (end < 0)
            return;
        Request request = head(buffer.left(end));
        const qsizetype size = request.headers["content-length"].toLongLong();
        if (buffer.size() < end + 4 + size)
            return;
        request.body = buffer.mid(end + 4, size);
        buffer.remove(0, end + 4 + size);
        requests.push_back(request);
        send(socket, answer(request));
    }

    static Request head(const QByteArray& text)
    {
        const QList<QByteArray> lines = text.split('\n');
        const QList<QByteArray> first = lines.front().split(' ');
        Request request{first[0], first[1], {}, {}};
        for (const QByteArray& line : lines.mid(1))
            request.headers[line.left(line.indexOf(':')).trimmed().toLower()] = line.mid(line.indexOf(':') + 1).trimmed();
        return request;
    }

    static void send(QTcpSocket& socket, const Answer& answer)
    {
        if (answer.hangUp) {
            socket.abort();
            return;
        }
        QByteArray head = "HTTP/1.1 " + QByteArray::number(answer.status) + " x\r\nContent-Type: ";
        head += answer.contentType + "\r\nContent-Length: " + QByteArray::number(answer.body.size()) + "\r\n\r\n";
        socket.write(head + answer.body);
    }

    QTcpServer m_server;
    std::map<QTcpSocket*, QByteArray> m_buffers;
};

} // namespace tintype::test
