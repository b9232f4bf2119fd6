// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/connection.h"

#include "deploy/http/web_socket.h"

#include <QLoggingCategory>
#include <exception>
#include <fmt/format.h>
#include <utility>

namespace tintype::http {
namespace {

Q_LOGGING_CATEGORY(httpLog, "tintype.http", QtWarningMsg)

constexpr std::size_t kMaxWaitingInput = 128 << 10; ///< pipelined requests behind one that is being answered
constexpr std::size_t kMaxDiscarded = 64 << 10; ///< a longer rest of a body is not worth the connection
constexpr std::size_t kKeptCapacity = 64 << 10; ///< of the buffer between requests
constexpr int kReadsPerTurn = 16;
constexpr std::chrono::seconds kLingerSilence{2};
constexpr std::chrono::seconds kLingerInAll{30};
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

/// No exception may reach the event loop. Its text is not logged: it may quote the request.
template <class Call>
void guarded(const Route& route, Call call)
{
    try {
        call();
    } catch (const std::exception&) {
        qCWarning(httpLog, "the handler of %s threw an exception", route.pattern.c_str());
    }
}

} // namespace

Connection::Connection(ServerContext& context, std::unique_ptr<Transport> transport, Caller caller, bool surplus)
    : QObject(&context.scope)
    , m_context(context)
    , m_transport(std::move(transport))
    , m_caller(std::move(caller))
    , m_surplus(surplus)
    , m_reader(context.limits.maxHeaderBytes)
    , m_phaseStart(Clock::now())
    , m_lastInput(m_phaseStart)
    , m_lastOutput(m_phaseStart)
{
    connect(m_transport.get(), &Transport::readable, this, &Connection::readInput);
    connect(m_transport.get(), &Transport::gone, this, &Connection::end);
    connect(m_transport.get(), &Transport::sent, this, [this] {
        m_lastOutput = Clock::now();
        pumpFile();
    });
}

Connection::~Connection()
{
    if (m_exchange)
        m_exchange->detach();
}

void Connection::readInput()
{
    // More than one turn's worth waits in the system for the next; what TLS has in its own buffer is less.
    for (int turn = 0; turn < kReadsPerTurn && m_phase != Phase::Ended && !m_inputEnded
         && m_in.size() < kMaxWaitingInput;
         ++turn) {
        const auto count = m_transport->read(m_context.buffer);
        if (count < 0)
            return inputHasEnded();
        if (count == 0)
            return;
        m_lastInput = Clock::now();
        if (m_in.empty() && m_phase == Phase::Head)
            m_phaseStart = m_lastInput;
        m_in.append(m_context.buffer.data(), static_cast<std::size_t>(count));
        advance();
        if (static_cast<std::size_t>(count) < m_context.buffer.size() && !m_caller.secure)
            return; // the event loop tells when there is more
    }
}

void Connection::inputHasEnded()
{
    m_inputEnded = true;
    // The caller may have closed one direction, and wait for the answer, or both. An interim answer, which every client
    // skips, finds out: to a closed socket it brings a reset.
    if (m_phase == Phase::Answer && m_answer.http11 && !m_answer.begun)
        m_transport->write(kContinue);
    advance();
}

void Connection::advance()
{
    if (std::exchange(m_advancing, true))
        return; // a handler has answered at once: the loop below goes on
    while (step()) { }
    m_advancing = false;
    if (m_phase == Phase::Ended)
        return;
    m_in.erase(0, std::exchange(m_inUsed, 0));
    if (m_in.empty() && m_in.capacity() > kKeptCapacity)
        m_in.shrink_to_fit();
    flush();
    if (m_inputEnded && isReading())
        linger(); // what was begun will never be whole
    if (m_phase != Phase::Ended)
        m_transport->setReading(m_in.size() < kMaxWaitingInput);
}

bool Connection::step()
{
    if (m_phase == Phase::Linger)
        m_inUsed = m_in.size();
    if (!isReading())
        return false;
    m_inUsed += m_reader.feed(std::string_view(m_in).substr(m_inUsed));
    switch (m_reader.state()) {
    case RequestReader::State::Head:
    case RequestReader::State::Body:
        return false;
    case RequestReader::State::HeadRead:
        takeHead();
        return true;
    case RequestReader::State::Done:
        if (m_phase == Phase::Discard)
            nextRequest();
        else
            handle();
        return true;
    case RequestReader::State::Broken:
        if (m_phase == Phase::Head)
            m_request = m_reader.takeHead();
        refuse(m_reader.violation());
        return true;
    }
    return false;
}

void Connection::takeHead()
{
    m_request = m_reader.takeHead();
    m_request.peer = m_caller.address;
    m_request.listener = m_caller.listener;
    m_request.secure = m_caller.secure;
    m_answer = {.isHead = m_request.method == "HEAD",
        .http11 = m_reader.isHttp11(),
        .keepAlive = m_reader.keepsAlive() && !m_context.stopping && !m_surplus};
    m_firstRequest = false;
    if (m_surplus)
        return answerEarly(Response::error(
            503, fmt::format("this host has {} connections, which is all it takes", m_context.limits.maxConnections)));
    auto resolved = m_context.resolver.resolve(m_request);
    if (auto* const response = std::get_if<Response>(&resolved))
        return answerEarly(std::move(*response));
    m_route = std::get<const Route*>(resolved);
    if (!m_route)
        return answerEarly(Response::error(404, fmt::format("Path {} not found", m_request.path)));
    if (m_route->method == "WS")
        return takeHandshake();
    takeBody();
}

void Connection::takeBody()
{
    if (m_route->bodyToFile) {
        auto file = SpoolFile::create(m_context.spoolFolder);
        if (!file)
            return answerEarly(Response::error(
                507, "the body cannot be stored: the disk is full or cannot be written", "internal_error"));
        m_spool.emplace(*std::move(file));
    }
    m_phase = Phase::Body;
    m_reader.readBody(m_route->maxBody, [this](std::string_view bytes) {
        if (m_spool)
            return m_spool->append(bytes);
        m_request.body.append(bytes);
        return true;
    });
    const bool waits = m_reader.state() == RequestReader::State::Body && m_inUsed == m_in.size();
    if (waits && m_reader.expectsContinue())
        m_out.append(kContinue);
}

void Connection::takeHandshake()
{
    if (auto refusal = refuseHandshake(m_request, m_reader.hasBody()))
        return answerEarly(*std::move(refusal));
    if (m_route->admit) {
        if (auto refusal = m_route->admit(m_request))
            return answerEarly(*std::move(refusal));
    }
    flush();
    const auto early = std::string_view(m_in).substr(m_inUsed);
    guarded(*m_route,
        [&] { openWebSocket(m_context, m_transport->takeSocket(), m_request, early, m_route->handleSocket); });
    end();
}

void Connection::handle()
{
    m_phase = Phase::Answer;
    m_phaseStart = m_lastOutput = Clock::now();
    std::string body = std::exchange(m_request.body, {});
    Request request = m_request;
    request.body = std::move(body);
    request.bodyBytes = m_reader.bodyBytes();
    if (m_spool) {
        m_spool->close();
        request.bodyFile = m_spool->path();
    }
    auto exchange = std::make_shared<ConnectionExchange>(*this, std::exchange(m_spool, std::nullopt));
    m_exchange = exchange.get();
    guarded(*m_route, [&] { m_route->handle(std::move(request), Responder(std::move(exchange))); });
}

void Connection::answerEarly(Response response)
{
    const auto length = m_reader.contentLength();
    const bool shortRest = length && *length <= kMaxDiscarded && !m_reader.expectsContinue();
    m_answer.keepAlive = m_answer.keepAlive && (!m_reader.hasBody() || shortRest);
    if (m_reader.state() == RequestReader::State::HeadRead)
        m_reader.readBody(kMaxDiscarded, [](std::string_view) { return true; });
    m_phase = Phase::Answer;
    send(std::move(response));
}

void Connection::refuse(Violation violation)
{
    if (m_phase == Phase::Discard)
        return linger(); // it has its answer
    if (m_phase == Phase::Head)
        m_answer = {.isHead = m_request.method == "HEAD", .http11 = m_reader.isHttp11()};
    m_answer.keepAlive = false;
    m_spool.reset();
    m_request.body.clear();
    m_phase = Phase::Answer;
    const bool ours = violation.status == 507;
    send(Response::error(violation.status, violation.detail, ours ? "internal_error" : "bad_request"));
}

void Connection::nextRequest()
{
    m_phase = Phase::Head;
    m_phaseStart = Clock::now();
    m_reader.restart();
    m_request = {};
    m_answer = {};
    m_route = nullptr;
}

void Connection::end()
{
    if (std::exchange(m_phase, Phase::Ended) == Phase::Ended)
        return;
    m_transport->disconnect(this);
    m_file.reset();
    Q_EMIT ended();
    if (auto* const exchange = std::exchange(m_exchange, nullptr))
        exchange->lose();
}

void Connection::endLater()
{
    QMetaObject::invokeMethod(this, &Connection::end, Qt::QueuedConnection);
}

void Connection::checkDeadline(Clock::time_point now)
{
    const Limits& limits = m_context.limits;
    const bool stalled = m_transport->unsentBytes() > 0 && now - m_lastOutput > limits.bodyTimeout;
    switch (m_phase) {
    case Phase::Head:
        if (stalled)
            return end();
        if (!m_in.empty() && now - m_phaseStart > limits.headTimeout) {
            return refuse({408, fmt::format("the head did not come within {} s", limits.headTimeout.count())});
        }
        if (m_in.empty() && now - m_phaseStart > (m_firstRequest ? limits.headTimeout : limits.idleTimeout))
            end();
        return;
    case Phase::Body:
        if (now - m_lastInput > limits.bodyTimeout)
            refuse({408, fmt::format("no byte of the body came within {} s", limits.bodyTimeout.count())});
        return;
    case Phase::Discard:
        if (now - m_lastInput > limits.bodyTimeout)
            end();
        return;
    case Phase::Answer:
        if (stalled)
            end();
        return;
    case Phase::Linger:
        if (m_transport->unsentBytes() > 0 ? stalled
                                           : now - std::max(m_lastInput, m_lastOutput) > kLingerSilence
                    || now - std::max(m_phaseStart, m_lastOutput) > kLingerInAll)
            end();
        return;
    case Phase::Ended:
        return;
    }
}

} // namespace tintype::http
