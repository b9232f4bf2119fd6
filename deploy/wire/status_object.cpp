// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/status_object.h"

#include <algorithm>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::wire {
namespace {

using Json = nlohmann::ordered_json;

std::string isoTime(TimePoint time)
{
    const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
    return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)), (time - seconds).count());
}

std::string falLevel(const std::string& level)
{
    if (level == "debug")
        return "DEBUG";
    if (level == "warning")
        return "WARN";
    return level == "error" ? "ERROR" : "INFO";
}

Json logsJson(const std::optional<std::vector<runtime::LogLine>>& logs)
{
    if (!logs)
        return nullptr;
    Json lines = Json::array();
    for (const runtime::LogLine& line : *logs)
        lines.push_back({{"message", line.text}, {"level", falLevel(line.level)}, {"source", "USER"}, {"timestamp", isoTime(line.time)}});
    return lines;
}

void addUrls(Json& object, const std::string& owner, const std::string& base, const std::string& app, const std::string& id)
{
    const std::string url = fmt::format("{}/{}/{}/requests/{}", base, owner, app, id);
    object["response_url"] = url;
    object["status_url"] = url + "/status";
    object["cancel_url"] = url + "/cancel";
}

Json reasonJson(const domain::WaitingReason& reason)
{
    Json object{{"type", domain::waitingReasonName(reason.kind)}, {"message", domain::sentence(reason)}};
    if (reason.count > 0)
        object["count"] = reason.count;
    if (!reason.stage.empty())
        object["stage"] = reason.stage;
    if (reason.bytesTotal > 0) {
        object["bytes_done"] = reason.bytesDone;
        object["bytes_total"] = reason.bytesTotal;
    }
    if (reason.seconds > 0)
        object["seconds"] = reason.seconds;
    return object;
}

void addOutcome(Json& object, const domain::Record& record)
{
    object["metrics"] = {{"inference_time", record.timings.total}};
    if (record.outcome == domain::Outcome::Success)
        return;
    object["error"] = record.error;
    if (!record.errorType.empty())
        object["error_type"] = record.errorType;
}

} // namespace

std::string statusObject(const std::string& owner, const std::string& base, const std::string& id, const runtime::RequestView& view,
    const std::optional<std::vector<runtime::LogLine>>& logs)
{
    const domain::Request& request = view.live ? view.live->request : view.record->request;
    Json object;
    if (view.state == domain::RequestState::Queued) {
        object["status"] = "IN_QUEUE";
        object["queue_position"] = view.position;
    } else {
        object["status"] = view.state == domain::RequestState::Running ? "IN_PROGRESS" : "COMPLETED";
        object["logs"] = logsJson(logs);
    }
    object["request_id"] = id;
    addUrls(object, owner, base, request.app, id);
    if (view.reason)
        object["reason"] = reasonJson(*view.reason);
    if (view.etaSeconds)
        object["eta"] = *view.etaSeconds;
    if (view.live && view.live->progress)
        object["progress"] = {{"step", view.live->progress->step}, {"steps", view.live->progress->steps}};
    if (view.record)
        addOutcome(object, *view.record);
    return object.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string submitObject(const std::string& owner, const std::string& base, const std::string& app, const runtime::Accepted& accepted)
{
    Json object{{"status", "IN_QUEUE"}, {"request_id", accepted.id}, {"queue_position", accepted.position}};
    addUrls(object, owner, base, app, accepted.id);
    object["logs"] = nullptr;
    return object.dump();
}

} // namespace tintype::wire
