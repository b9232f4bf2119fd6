// SPDX-License-Identifier: Apache-2.0
// The descriptor itself instead of QTcpSocket, which closes both directions when the caller ends one of them: the
// answer to a half-closed connection would be lost. It is also faster.

#include "deploy/http/poller.h"
#include "deploy/http/transport.h"

#include <cerrno>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace tintype::http {
namespace {

constexpr std::size_t kKeptCapacity = 64 << 10;

class PlainTransport final : public Transport, private Poller::Client {
public:
    PlainTransport(Poller& poller, qintptr descriptor)
        : m_poller(poller)
        , m_descriptor(static_cast<int>(descriptor))
    {
        watch();
    }

    ~PlainTransport() override
    {
        m_poller.forget(m_descriptor);
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    std::ptrdiff_t read(std::span<char> into) override
    {
        if (m_failed)
            return 0;
        const auto count = ::recv(m_descriptor, into.data(), into.size(), 0);
        if (count > 0)
            return count;
        if (count < 0) {
            if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
                failLater();
            return 0;
        }
        m_inputEnded = true; // from now on only a reset tells that the caller is wholly gone
        watch();
        endIfBothHaveEnded();
        return -1;
    }

    void write(std::string_view bytes) override
    {
        if (m_failed || m_outputEnding)
            return;
        if (m_kept.empty())
            bytes.remove_prefix(sendSome(bytes));
        if (bytes.empty() || m_failed)
            return;
        m_kept.append(bytes);
        watch();
    }

    std::size_t unsentBytes() const override { return m_kept.size() - m_keptSent; }

    void setReading(bool on) override
    {
        if (std::exchange(m_reading, on) != on)
            watch();
    }

    void endOutput(bool) override
    {
        m_outputEnding = true;
        setReading(true);
        if (m_kept.empty())
            shutDown();
    }

    std::unique_ptr<QTcpSocket> takeSocket() override
    {
        m_poller.forget(m_descriptor);
        auto socket = std::make_unique<QTcpSocket>();
        socket->setSocketDescriptor(std::exchange(m_descriptor, -1));
        socket->write(m_kept.data() + m_keptSent, static_cast<qint64>(unsentBytes()));
        m_failed = true;
        return socket;
    }

private:
    std::size_t sendSome(std::string_view bytes)
    {
        const auto count = ::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count >= 0)
            return static_cast<std::size_t>(count);
        if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR)
            failLater();
        return 0;
    }

    void sendKept()
    {
        m_keptSent += sendSome(std::string_view(m_kept).substr(m_keptSent));
        if (m_failed)
            return;
        if (m_keptSent == m_kept.size()) {
            m_keptSent = 0;
            m_kept.clear();
            if (m_kept.capacity() > kKeptCapacity)
                m_kept.shrink_to_fit();
            watch();
            if (m_outputEnding)
                shutDown();
        } else if (m_keptSent > m_kept.size() / 2) {
            m_kept.erase(0, std::exchange(m_keptSent, 0));
        }
        Q_EMIT sent();
    }

    void shutDown()
    {
        if (!std::exchange(m_outputEnded, true))
            ::shutdown(m_descriptor, SHUT_WR);
        endIfBothHaveEnded();
    }

    void endIfBothHaveEnded()
    {
        if (m_inputEnded && m_outputEnded)
            failLater();
    }

    void watch()
    {
        if (m_failed)
            return;
        const unsigned input = m_reading && !m_inputEnded ? Poller::Readable : Poller::Nothing;
        const unsigned output = m_kept.empty() ? Poller::Nothing : Poller::Writable;
        if (input == Poller::Nothing && output == Poller::Nothing && !m_inputEnded)
            m_poller.forget(m_descriptor); // held back: a reset would be told without end
        else
            m_poller.watch(m_descriptor, *this, input | output);
    }

    void becameReady(unsigned readiness) override
    {
        const bool isReset = (readiness & Poller::Reset) != 0;
        if (isReset && m_inputEnded)
            return failLater();
        if ((isReset || (readiness & Poller::Readable) != 0) && m_reading)
            Q_EMIT readable();
        if ((isReset || (readiness & Poller::Writable) != 0) && !m_failed && !m_kept.empty())
            sendKept();
    }

    void failLater()
    {
        if (std::exchange(m_failed, true))
            return;
        m_poller.forget(m_descriptor);
        QMetaObject::invokeMethod(this, &Transport::gone, Qt::QueuedConnection);
    }

    Poller& m_poller;
    int m_descriptor;
    std::string m_kept;
    std::size_t m_keptSent = 0;
    bool m_reading = true;
    bool m_inputEnded = false;
    bool m_outputEnding = false;
    bool m_outputEnded = false;
    bool m_failed = false;
};

} // namespace

std::unique_ptr<Transport> makePlainTransport(Poller& poller, qintptr descriptor)
{
    return std::make_unique<PlainTransport>(poller, descriptor);
}

} // namespace tintype::http

#include "moc_transport.cpp"
