// SPDX-License-Identifier: Apache-2.0
// The part of HttpControl that calls apps, as any client of fal's wire does, and the stream of events.
#include "deploy/control/http_control.h"
#include "deploy/control/json_answers.h"
#include "deploy/control/sse_parser.h"

#include <QPointer>
#include <QPromise>

namespace tintype::control {
namespace {

constexpr int kBadRequest = 400;
constexpr std::chrono::milliseconds kNoTimeout{0};

/// "owner/app/path" with each segment escaped.
std::string endpointPath(const std::string& endpoint)
{
    std::string path;
    for (const QString& segment : QString::fromStdString(endpoint).split(QLatin1Char('/'), Qt::SkipEmptyParts))
        path += "/" + pathSegment(segment.toStdString());
    return path;
}

QUrl urlOf(const std::string& text)
{
    return QUrl(QString::fromStdString(text));
}

CallStatus statusFrom(const Json& object)
{
    const std::string state = textOf(object, "status");
    CallStatus status;
    status.state = state == "COMPLETED" ? CallStatus::State::Done
        : state == "IN_PROGRESS"        ? CallStatus::State::Running
                                        : CallStatus::State::Queued;
    status.position = static_cast<int>(integerOf(object, "queue_position"));
    const Json& reason = fieldOf(object, "reason");
    status.reason = reason.is_string() ? reason.get<std::string>() : textOf(reason, "message");
    if (fieldOf(object, "eta").is_number())
        status.eta = numberOf(object, "eta");
    status.error = textOf(object, "error");
    status.errorType = textOf(object, "error_type");
    status.json = asText(object);
    return status;
}

Result<CallResult> resultOf(const Result<HttpAnswer>& answer)
{
    if (!answer)
        return tl::unexpected(answer.error());
    return CallResult{answer->body.toStdString(), answer->requestId.toStdString()};
}

/// A call whose events are being read.
struct Stream {
    SseParser parser;
    QByteArray last; ///< data of the newest event that is no progress
    QByteArray body; ///< of an answer that is an error
    QPromise<Result<CallResult>> promise;
};

bool isFailure(QNetworkReply& reply)
{
    return reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() >= kBadRequest;
}

/// What the last event of a stream says: the output, or why there is none.
Result<CallResult> streamOutcome(const Stream& stream, const QByteArray& requestId)
{
    const Json last = Json::parse(stream.last.begin(), stream.last.end(), nullptr, false);
    if (last.is_discarded())
        return fail(ErrorCode::Unavailable, "the stream broke before its result");
    const bool isError = last.is_object()
        && (textOf(last, "type") == "error" || (last.contains("detail") && !last.contains("images")));
    if (isError) {
        const auto status = static_cast<int>(integerOf(last, "status"));
        return tl::unexpected(errorOfAnswer(status == 0 ? 500 : status, stream.last));
    }
    return CallResult{stream.last.toStdString(), requestId.toStdString()};
}

} // namespace

/// On a host's one port the class "queue" has no address of its own: the header names it (fal.md 10.4).
HttpCall HttpControl::queueCall(const char* method, const QUrl& url) const
{
    HttpCall call;
    call.method = method;
    call.url = url;
    QUrl target(QStringLiteral("https://queue.fal.run"));
    target.setPath(url.path(QUrl::FullyEncoded), QUrl::TolerantMode);
    target.setQuery(url.query(QUrl::FullyEncoded));
    call.headers.emplace_back("x-fal-target-url", target.toEncoded());
    return call;
}

Future<CallResult> HttpControl::call(const Call& call)
{
    HttpCall http = apiCall("POST", endpointPath(call.endpoint), call.input);
    http.timeout = kNoTimeout;
    return m_transport.send(http).then(resultOf);
}

Future<Submission> HttpControl::submit(const Call& call)
{
    HttpCall http = queueCall("POST", m_transport.url(endpointPath(call.endpoint)));
    http.body = QByteArray::fromStdString(call.input);
    return ask<Submission>(m_transport, http, [](const Json& object) {
        return Submission{textOf(object, "request_id"), textOf(object, "status_url"), textOf(object, "response_url"),
            textOf(object, "cancel_url"), static_cast<int>(integerOf(object, "queue_position"))};
    });
}

Future<CallStatus> HttpControl::callStatus(const Submission& submission)
{
    QUrl url = urlOf(submission.statusUrl);
    url.setQuery(QStringLiteral("logs=1"));
    return ask<CallStatus>(m_transport, queueCall("GET", url), statusFrom);
}

Future<CallResult> HttpControl::callResult(const Submission& submission)
{
    return m_transport.send(queueCall("GET", urlOf(submission.responseUrl)))
        .then([id = submission.requestId](const Result<HttpAnswer>& answer) {
            Result<CallResult> result = resultOf(answer);
            if (result && result->requestId.empty())
                result->requestId = id;
            return result;
        });
}

Future<> HttpControl::cancelCall(const Submission& submission)
{
    return tell(m_transport, queueCall("PUT", urlOf(submission.cancelUrl)));
}

Future<CallResult> HttpControl::streamCall(const Call& call)
{
    HttpCall http = apiCall("POST", endpointPath(call.endpoint) + "/stream", call.input);
    http.timeout = kNoTimeout;
    http.headers.emplace_back("Accept", "text/event-stream");
    auto stream = std::make_shared<Stream>();
    stream->promise.start();
    QNetworkReply* const reply = m_transport.open(http);
    m_streams[call.tag] = reply;

    const auto read = [this, stream, reply, tag = call.tag] {
        if (!reply->isOpen())
            return; // stopped
        if (isFailure(*reply)) {
            stream->body += reply->readAll();
            return;
        }
        for (const QByteArray& data : stream->parser.feed(reply->readAll())) {
            const Json event = Json::parse(data.begin(), data.end(), nullptr, false);
            if (textOf(event, "type") == "progress")
                Q_EMIT callProgressed(tag, progressFrom(event));
            else
                stream->last = data;
        }
        if (stream->parser.pending() > SseParser::kMaxEvent)
            reply->abort();
    };
    connect(reply, &QNetworkReply::readyRead, this, read);
    connect(reply, &QNetworkReply::finished, this, [this, stream, reply, read, tag = call.tag] {
        read();
        reply->deleteLater();
        const bool stopped = m_streams.erase(tag) == 0;
        if (stopped)
            stream->promise.addResult(fail(ErrorCode::Cancelled, "cancelled"));
        else if (isFailure(*reply) || (reply->error() != QNetworkReply::NoError && stream->last.isEmpty()))
            stream->promise.addResult(tl::unexpected(m_transport.failure(*reply, stream->body)));
        else
            stream->promise.addResult(streamOutcome(*stream, reply->rawHeader("x-fal-request-id")));
        stream->promise.finish();
    });
    return stream->promise.future();
}

void HttpControl::stopCall(const std::string& tag)
{
    const auto found = m_streams.find(tag);
    if (found == m_streams.end())
        return;
    QNetworkReply* const reply = found->second;
    m_streams.erase(found);
    reply->abort();
}

Future<FetchedFile> HttpControl::fetchFile(const std::string& url)
{
    if (url.starts_with("data:")) {
        const QByteArray text = QByteArray::fromStdString(url);
        const qsizetype comma = text.indexOf(',');
        const QByteArray type = text.left(comma).mid(sizeof("data:") - 1);
        const auto bytes = QByteArray::fromBase64Encoding(text.mid(comma + 1), QByteArray::AbortOnBase64DecodingErrors);
        if (comma < 0 || !type.endsWith(";base64") || bytes.decodingStatus != QByteArray::Base64DecodingStatus::Ok)
            return QtFuture::makeReadyFuture(Result<FetchedFile>(fail(ErrorCode::Protocol, "the data URI of a file is damaged")));
        return QtFuture::makeReadyFuture(
            Result<FetchedFile>(FetchedFile{bytes.decoded.toStdString(), type.left(type.indexOf(';')).toStdString()}));
    }
    HttpCall call;
    call.url = urlOf(url);
    return m_transport.send(call).then([](const Result<HttpAnswer>& answer) -> Result<FetchedFile> {
        if (!answer)
            return tl::unexpected(answer.error());
        return FetchedFile{answer->body.toStdString(), answer->contentType.toStdString()};
    });
}

void HttpControl::watch(const EventFilter& filter)
{
    QUrlQuery query;
    if (!filter.app.empty())
        query.addQueryItem(QStringLiteral("app"), QString::fromStdString(filter.app));
    QStringList types;
    for (const std::string& type : filter.types)
        types += QString::fromStdString(type);
    if (!types.isEmpty())
        query.addQueryItem(QStringLiteral("types"), types.join(QLatin1Char(',')));
    m_events = std::make_unique<LiveSocket>(m_transport, m_transport.socketUrl("/v1/events", query));
    connect(m_events.get(), &LiveSocket::received, this, &HttpControl::onEvent);
    connect(m_events.get(), &LiveSocket::stateChanged, this, &HttpControl::connectionChanged);
    m_events->open();
}

void HttpControl::unwatch()
{
    if (!m_events)
        return;
    m_events->disconnect(this);
    m_events.release()->deleteLater(); // perhaps inside one of its signals
    Q_EMIT connectionChanged({});
}

void HttpControl::onEvent(const QByteArray& text)
{
    const Json object = Json::parse(text.begin(), text.end(), nullptr, false);
    if (const auto event = eventFrom(object))
        Q_EMIT happened(*event);
}

} // namespace tintype::control
