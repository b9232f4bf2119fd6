// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/status_object.h"

#include "engine/base/json_text.h"

#include <algorithm>
#include <fmt/chrono.h>
#include <fmt/format.h>

namespace tintype::wire {
namespace {

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

void writeLogs(JsonText& json, const std::optional<std::vector<runtime::LogLine>>& logs)
{
    json.key("logs");
    if (!logs) {
        json.value(nullptr);
        return;
    }
    json.beginList();
    for (const runtime::LogLine& line : *logs) {
        json.beginObject().field("message", line.text).field("level", falLevel(line.level)).field("source", "USER");
        json.field("timestamp", isoTime(line.time)).endObject();
    }
    json.endList();
}

void writeUrls(JsonText& json, const std::string& owner, const std::string& base, const std::string& app, const std::string& id)
{
    const std::string url = fmt::format("{}/{}/{}/requests/{}", base, owner, app, id);
    json.field("response_url", url).field("status_url", url + "/status").field("cancel_url", url + "/cancel");
}

void writeReason(JsonText& json, const domain::WaitingReason& reason)
{
    json.key("reason").beginObject();
    json.field("type", domain::waitingReasonName(reason.kind)).field("message", domain::sentence(reason));
    if (reason.count > 0)
        json.field("count", reason.count);
    if (!reason.stage.empty())
        json.field("stage", reason.stage);
    if (reason.bytesTotal > 0)
        json.field("bytes_done", reason.bytesDone).field("bytes_total", reason.bytesTotal);
    if (reason.seconds > 0)
        json.field("seconds", reason.seconds);
    json.endObject();
}

void writeProgress(JsonText& json, const Progress& progress)
{
    json.key("progress").beginObject().field("step", progress.step).field("steps", progress.steps).endObject();
}

void writeOutcome(JsonText& json, const domain::Record& record)
{
    json.key("metrics").beginObject().field("inference_time", record.timings.total).endObject();
    if (record.outcome == domain::Outcome::Success)
        return;
    json.field("error", record.error);
    if (!record.errorType.empty())
        json.field("error_type", record.errorType);
}

} // namespace

std::string statusObject(const std::string& owner, const std::string& base, const std::string& id, const runtime::RequestView& view,
    const std::optional<std::vector<runtime::LogLine>>& logs)
{
    const domain::Request& request = view.live ? view.live->request : view.record->request;
    JsonText json;
    json.beginObject();
    if (view.state == domain::RequestState::Queued) {
        json.field("status", "IN_QUEUE").field("queue_position", view.position);
    } else {
        json.field("status", view.state == domain::RequestState::Running ? "IN_PROGRESS" : "COMPLETED");
        writeLogs(json, logs);
    }
    json.field("request_id", id);
    writeUrls(json, owner, base, request.app, id);
    if (view.reason)
        writeReason(json, *view.reason);
    if (view.etaSeconds)
        json.field("eta", *view.etaSeconds);
    if (view.live && view.live->progress)
        writeProgress(json, *view.live->progress);
    if (view.record)
        writeOutcome(json, *view.record);
    return json.endObject().take();
}

std::string submitObject(const std::string& owner, const std::string& base, const std::string& app, const runtime::Accepted& accepted)
{
    JsonText json;
    json.beginObject().field("status", "IN_QUEUE").field("request_id", accepted.id).field("queue_position", accepted.position);
    writeUrls(json, owner, base, app, accepted.id);
    return json.field("logs", nullptr).endObject().take();
}

} // namespace tintype::wire
