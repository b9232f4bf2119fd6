// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QSslConfiguration>
#include <QTcpSocket>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace tintype::http {

class Poller;

/// The two streams of bytes below a connection, plain or encrypted. Nothing blocks, nothing fails at once: trouble is
/// told by gone(), from the event loop.
class Transport : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// @return bytes read; 0: none there now; -1: the other side sends no more
    virtual std::ptrdiff_t read(std::span<char> into) = 0;

    virtual void write(std::string_view bytes) = 0; ///< what cannot be sent now is kept
    virtual std::size_t unsentBytes() const = 0;
    virtual void setReading(bool on) = 0; ///< off: readable() pauses, and the caller is held back

    /// Ends this side's stream once everything is sent. gone() follows when the other side has ended too.
    /// @param moreInput the caller may still be sending: closing now would destroy the answer on its way
    virtual void endOutput(bool moreInput) = 0;

    /// The socket, for a WebSocket. Nothing else can be called afterwards.
    virtual std::unique_ptr<QTcpSocket> takeSocket() = 0;

Q_SIGNALS:
    void readable();
    void sent(); ///< some of what was kept has gone; from the event loop, never from inside write()
    void gone(); ///< nothing comes or goes any more
};

/// Both own the descriptor, which does not block. The second has its handshake before it.
std::unique_ptr<Transport> makePlainTransport(Poller& poller, qintptr descriptor);
std::unique_ptr<Transport> makeTlsTransport(qintptr descriptor, const QSslConfiguration& configuration);

} // namespace tintype::http
