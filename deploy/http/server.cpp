// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/server.h"

#include "deploy/http/connection.h"
#include "deploy/http/server_context.h"

#include <QHostAddress>
#include <QTcpServer>
#include <QTimer>
#include <arpa/inet.h>
#include <charconv>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <functional>
#include <netinet/tcp.h>
#include <set>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace tintype::http {
namespace {

constexpr std::chrono::seconds kTick{1};
constexpr int kBacklog = 1024;
constexpr int kMaxSurplus = 64; ///< connections beyond the limit that are told so; further ones are closed

QHostAddress addressOf(const std::string& host)
{
    return QHostAddress(host == "localhost" ? QStringLiteral("127.0.0.1") : QString::fromStdString(host));
}

std::string peerOf(int descriptor)
{
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&storage), &size) != 0)
        return {};
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET)
        ::inet_ntop(AF_INET, &reinterpret_cast<sockaddr_in*>(&storage)->sin_addr, text.data(), text.size());
    else
        ::inet_ntop(AF_INET6, &reinterpret_cast<sockaddr_in6*>(&storage)->sin6_addr, text.data(), text.size());
    constexpr std::string_view mapped = "::ffff:";
    const std::string_view peer = text.data();
    return std::string(peer.starts_with(mapped) && peer.find('.') != peer.npos ? peer.substr(mapped.size()) : peer);
}

void prepare(int descriptor)
{
    const int on = 1;
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) | O_NONBLOCK);
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on); // a machine that vanished while it waits
}

class Listener final : public QTcpServer {
public:
    using Accept = std::function<void(qintptr)>;

    explicit Listener(Accept accept)
        : m_accept(std::move(accept))
    {
        setListenBacklogSize(kBacklog);
    }

private:
    void incomingConnection(qintptr descriptor) override { m_accept(descriptor); }

    Accept m_accept;
};

} // namespace

Result<ListenAddress> ListenAddress::parse(std::string_view text)
{
    const auto wrong = [&] {
        return fail(ErrorCode::InvalidArgument,
            fmt::format("{}: not an address such as 127.0.0.1:7870, [::1]:7870 or :7870", text));
    };
    const auto colon = text.rfind(':');
    if (colon == text.npos)
        return wrong();
    ListenAddress address;
    const auto port = text.substr(colon + 1);
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), address.port);
    if (port.empty() || error != std::errc() || end != port.data() + port.size())
        return wrong();
    auto host = text.substr(0, colon);
    const bool bracketed = host.starts_with('[') && host.ends_with(']');
    if (bracketed)
        host = host.substr(1, host.size() - 2);
    address.host = host.empty() && !bracketed ? "0.0.0.0" : std::string(host);
    if (addressOf(address.host).isNull() || bracketed != (host.find(':') != host.npos))
        return wrong();
    return address;
}

bool ListenAddress::isLoopback() const
{
    return addressOf(host).isLoopback();
}

class Server::Private {
public:
    Private(RequestResolver& resolver, Limits limits, std::string spoolFolder)
        : m_context{.resolver = resolver, .limits = limits, .spoolFolder = std::move(spoolFolder)}
    {
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { tick(); });
        m_timer.setTimerType(Qt::CoarseTimer);
        m_timer.start(kTick);
    }

    Result<quint16> listen(std::string name, const ListenAddress& address, std::optional<QSslConfiguration> tls)
    {
        auto listener = std::make_unique<Listener>(
            [this, name, tls = std::move(tls)](qintptr descriptor) { accept(descriptor, name, tls); });
        if (!listener->listen(addressOf(address.host), address.port))
            return fail(ErrorCode::Unavailable,
                fmt::format("cannot listen on {} port {}: {}", address.host, address.port,
                    listener->errorString().toStdString()));
        m_listeners.push_back(std::move(listener));
        return m_listeners.back()->serverPort();
    }

    void stopListening()
    {
        m_context.stopping = true;
        m_listeners.clear();
    }

    int connectionCount() const { return static_cast<int>(m_connections.size()) + m_context.sockets; }

private:
    void accept(qintptr descriptor, const std::string& name, const std::optional<QSslConfiguration>& tls)
    {
        const int surplus = connectionCount() - m_context.limits.maxConnections;
        if (surplus >= kMaxSurplus) {
            ::close(static_cast<int>(descriptor));
            return;
        }
        prepare(static_cast<int>(descriptor));
        Caller caller{.address = peerOf(static_cast<int>(descriptor)), .listener = name, .secure = tls.has_value()};
        auto transport = tls ? makeTlsTransport(descriptor, *tls) : makePlainTransport(m_context.poller, descriptor);
        auto* const connection = new Connection(m_context, std::move(transport), std::move(caller), surplus >= 0);
        m_connections.insert(connection);
        QObject::connect(connection, &Connection::ended, connection, [this, connection] {
            m_connections.erase(connection);
            connection->deleteLater();
        });
    }

    void tick()
    {
        const auto now = Clock::now();
        const std::vector<Connection*> connections(m_connections.begin(), m_connections.end());
        for (auto* const connection : connections)
            connection->checkDeadline(now);
        for (const auto& listener : m_listeners)
            listener->resumeAccepting(); // Qt stops for good when it runs out of descriptors
    }

    ServerContext m_context;
    std::set<Connection*> m_connections;
    std::vector<std::unique_ptr<Listener>> m_listeners;
    QTimer m_timer;
};

Server::Server(RequestResolver& resolver, Limits limits, std::string spoolFolder, QObject* parent)
    : QObject(parent)
{
    std::error_code ignored; // a folder that cannot be made shows when the first body is written
    std::filesystem::create_directories(spoolFolder, ignored);
    d = std::make_unique<Private>(resolver, limits, std::move(spoolFolder));
}

Server::~Server() = default;

Result<quint16> Server::listen(
    std::string name, const ListenAddress& address, const std::optional<QSslConfiguration>& tls)
{
    return d->listen(std::move(name), address, tls);
}

void Server::stopListening()
{
    d->stopListening();
}

int Server::connectionCount() const
{
    return d->connectionCount();
}

} // namespace tintype::http
