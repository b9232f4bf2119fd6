// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/realtime_session.h"

#include "deploy/wire/message_pack.h"

#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using Json = nlohmann::ordered_json;

Json errorFrame(const char* code, const std::string& reason)
{
    return {{"type", "x-fal-error"}, {"error", code}, {"reason", reason}};
}

std::string textOf(const Json& frame) { return frame.dump(-1, ' ', false, Json::error_handler_t::replace); }

const char* codeOf(int status)
{
    if (status == 422)
        return "VALIDATION_ERROR";
    if (status == 499)
        return "CANCELLED";
    return status < 500 ? "BAD_REQUEST" : "INTERNAL_ERROR";
}

/// One sentence of an error's `detail`, which is text or pydantic's list.
std::string reasonOf(const Json& detail)
{
    if (detail.is_string())
        return detail.get<std::string>();
    if (detail.is_array() && !detail.empty() && detail.front().is_object())
        return detail.front().value("msg", "");
    return {};
}

} // namespace

Result<std::string> RealtimeSession::inputOf(std::string_view message, bool isText)
{
    return isText ? Result<std::string>(message) : jsonOfMessagePack(message);
}

void RealtimeSession::sendAnswer(const std::string& request, const http::Response& response, double seconds)
{
    if (response.status < 300) {
        sendBinary(messagePackOfJson(response.body));
        if (options().tellTimings)
            sendText(textOf({{"type", "x-fal-message"}, {"action", "timings"}, {"timing", seconds}}));
        return;
    }
    const Json body = Json::parse(response.body, nullptr, /*allow_exceptions=*/false);
    const Json detail = body.is_object() ? body.value("detail", Json()) : Json();
    Json frame = errorFrame(codeOf(response.status), reasonOf(detail));
    frame.update({{"request_id", request}, {"status", response.status}, {"detail", detail}});
    sendText(textOf(frame));
}

void RealtimeSession::refuse(const Error& error) { sendText(textOf(errorFrame("BAD_REQUEST", error.message))); }

void RealtimeSession::sayGoodbye() { sendText(textOf(errorFrame("TIMEOUT", "no inputs, reconnect when needed!"))); }

} // namespace tintype::wire
