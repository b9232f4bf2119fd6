// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/pipeline_session.h"

#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using Json = nlohmann::ordered_json;

} // namespace

Result<std::string> PipelineSession::inputOf(std::string_view message, bool)
{
    return std::string(message);
}

void PipelineSession::sendAnswer(const std::string& request, const http::Response& response, double seconds)
{
    Json headers = Json::object();
    for (const auto& [name, value] : response.headers.fields())
        headers[name] = value;
    const Json start{{"type", "start"}, {"request_id", request}, {"status", response.status}, {"headers", headers}};
    const Json end{{"type", "end"}, {"request_id", request}, {"status", response.status}, {"time_to_first_byte_seconds", seconds}};
    sendText(start.dump(-1, ' ', false, Json::error_handler_t::replace));
    sendText(response.body);
    sendText(end.dump());
}

void PipelineSession::refuse(const Error& error)
{
    sendAnswer(runtime::Requests::newId(), wireError(error), 0);
}

} // namespace tintype::wire
