// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/connection_exchange.h"
#include "deploy/http/file_body.h"
#include "deploy/http/request_reader.h"
#include "deploy/http/server_context.h"
#include "deploy/http/transport.h"

#include <QObject>
#include <memory>
#include <optional>
#include <string>

namespace tintype::http {

/// Who calls, through which door.
struct Caller {
    std::string address;
    std::string listener;
    bool secure = false;
};

/// One connection: requests in, one after the other, answers out in the same order.
class Connection final : public QObject {
    Q_OBJECT

public:
    /// A child of the context's scope.
    /// @param surplus there are too many already: its first request is answered with 503
    Connection(ServerContext& context, std::unique_ptr<Transport> transport, Caller caller, bool surplus);
    ~Connection() override;

    /// Called about once a second.
    void checkDeadline(Clock::time_point now);

    // For ConnectionExchange; they belong to the request that is being answered.
    void send(Response response);
    void beginStream(Response head);
    void writeStream(std::string_view bytes);
    void endStream();
    void abandon(); ///< no answer, or no end of it, will come
    std::size_t unsentBytes() const { return m_transport->unsentBytes(); }

Q_SIGNALS:
    void ended(); ///< the owner deletes it later

private:
    enum class Phase {
        Head,
        Body,
        Answer, ///< the handler has the request
        Discard, ///< the answer was given before the body: its rest is thrown away
        Linger, ///< this side has ended; the other is heard out, lest a reset destroys the answer
        Ended,
    };

    struct Answer {
        bool isHead = false;
        bool http11 = true;
        bool keepAlive = false;
        bool begun = false;
        bool streams = false;
    };

    void readInput();
    void inputHasEnded();
    void advance();
    bool step();
    bool isReading() const { return m_phase == Phase::Head || m_phase == Phase::Body || m_phase == Phase::Discard; }

    void takeHead();
    void takeBody();
    void takeHandshake();
    void handle();
    void answerEarly(Response response);
    void refuse(Violation violation);

    void writeHead(const Response& response, std::optional<std::uint64_t> contentLength);
    void pumpFile();
    void answered();
    void nextRequest();
    void linger();
    void flush();
    void end();
    void endLater();

    ServerContext& m_context;
    const std::unique_ptr<Transport> m_transport;
    const Caller m_caller;
    const bool m_surplus;

    Phase m_phase = Phase::Head;
    bool m_advancing = false;
    bool m_inputEnded = false;
    std::string m_in;
    std::size_t m_inUsed = 0;
    std::string m_out; ///< answers of one turn of the event loop go out together
    RequestReader m_reader;

    Request m_request; ///< its head only, once the handler has it
    const Route* m_route = nullptr;
    std::optional<SpoolFile> m_spool;
    ConnectionExchange* m_exchange = nullptr;
    Answer m_answer;
    std::optional<FileBody> m_file;

    Clock::time_point m_phaseStart;
    Clock::time_point m_lastInput;
    Clock::time_point m_lastOutput; ///< when something was taken, or nothing waited
    bool m_firstRequest = true;
};

} // namespace tintype::http
