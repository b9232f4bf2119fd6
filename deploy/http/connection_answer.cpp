// SPDX-License-Identifier: Apache-2.0
// The half of Connection that writes.

#include "deploy/http/connection.h"

#include <ctime>
#include <utility>

namespace tintype::http {
namespace {

constexpr std::size_t kFilePiece = 64 << 10;
constexpr int kFilePiecesPerTurn = 16;
constexpr std::size_t kKeptCapacity = 64 << 10;

} // namespace

void Connection::send(Response response)
{
    if (m_phase != Phase::Answer || m_answer.begun)
        return;
    m_context.resolver.finish(m_request, response);
    std::uint64_t length = 0;
    if (!response.file.empty()) {
        m_file.emplace(FileBody::answer(m_request, response));
        length = m_file->remaining();
    }
    length += response.body.size();
    writeHead(response, mayHaveBody(response.status) ? std::optional(length) : std::nullopt);
    if (m_answer.isHead || !mayHaveBody(response.status))
        m_file.reset();
    else
        m_out.append(response.body);
    if (!m_file || m_file->remaining() == 0)
        return answered();
    flush();
    pumpFile();
}

void Connection::beginStream(Response head)
{
    if (m_phase != Phase::Answer || m_answer.begun)
        return;
    m_context.resolver.finish(m_request, head);
    m_answer.streams = mayHaveBody(head.status);
    if (!m_answer.http11)
        m_answer.keepAlive = false; // its end is the end of the connection
    writeHead(head, std::nullopt);
    flush();
}

void Connection::writeStream(std::string_view bytes)
{
    if (m_phase != Phase::Answer || !m_answer.streams || m_answer.isHead || bytes.empty())
        return;
    if (m_transport->unsentBytes() > m_context.limits.maxUnsentBytes)
        return endLater();
    if (m_answer.http11)
        appendChunk(m_out, bytes);
    else
        m_out.append(bytes);
    flush();
}

void Connection::endStream()
{
    if (m_phase != Phase::Answer || !m_answer.begun || m_file)
        return;
    if (m_answer.streams && m_answer.http11 && !m_answer.isHead)
        appendLastChunk(m_out);
    answered();
}

void Connection::abandon()
{
    m_exchange = nullptr;
    if (!m_file) // a file goes on without its handler
        endLater();
}

void Connection::writeHead(const Response& response, std::optional<std::uint64_t> contentLength)
{
    m_answer.begun = true;
    appendHead(m_out, response,
        {.contentLength = contentLength,
            .chunked = m_answer.streams && m_answer.http11,
            .http11 = m_answer.http11,
            .keepAlive = m_answer.keepAlive},
        m_context.date.at(std::time(nullptr)));
}

void Connection::pumpFile()
{
    for (int piece = 0; m_file && m_transport->unsentBytes() < kFilePiece; ++piece) {
        if (piece == kFilePiecesPerTurn) { // let others have their turn
            QMetaObject::invokeMethod(this, &Connection::pumpFile, Qt::QueuedConnection);
            return;
        }
        const auto bytes = m_file->read(m_context.buffer);
        if (!bytes)
            return endLater();
        m_transport->write(*bytes);
        if (m_file->remaining() == 0) {
            m_file.reset();
            answered();
        }
    }
}

void Connection::answered()
{
    if (auto* const exchange = std::exchange(m_exchange, nullptr))
        exchange->detach();
    if (!m_answer.keepAlive)
        linger();
    else if (m_reader.state() == RequestReader::State::Done)
        nextRequest();
    else
        m_phase = Phase::Discard;
    advance();
}

void Connection::linger()
{
    flush();
    m_phase = Phase::Linger;
    m_phaseStart = m_lastInput = Clock::now();
    m_transport->endOutput(m_reader.state() != RequestReader::State::Done);
}

void Connection::flush()
{
    if (m_out.empty())
        return;
    if (m_transport->unsentBytes() == 0)
        m_lastOutput = Clock::now();
    m_transport->write(m_out);
    m_out.clear();
    if (m_out.capacity() > kKeptCapacity)
        m_out.shrink_to_fit();
}

} // namespace tintype::http
