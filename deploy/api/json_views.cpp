// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/json_views.h"

#include "deploy/api/call_values.h"
#include "deploy/runtime/result_output.h"


namespace tintype::api {
namespace {

Json timeOrNull(const std::optional<TimePoint>& time)
{
    return time ? Json(isoTime(*time)) : Json();
}

/// JSON that lies as text: itself, or the text if it is none.
Json parsed(const std::string& text)
{
    if (text.empty())
        return nullptr;
    Json json = Json::parse(text, nullptr, /*allow_exceptions=*/false);
    return json.is_discarded() ? Json(text) : json;
}

Json settingJson(int value) { return value; }
Json settingJson(std::chrono::seconds value) { return value.count(); }
Json settingJson(const domain::Names& value) { return value; }

Json commonJson(const domain::Request& request, domain::RequestState state)
{
    return {{"id", request.id}, {"app", request.app}, {"endpoint", request.endpoint},
        {"via", domain::viaName(request.via)}, {"priority", domain::priorityName(request.priority)},
        {"key", request.keyId}, {"state", domain::requestStateName(state)}, {"submitted_at", isoTime(request.submittedAt)}};
}

Json reasonJson(const domain::WaitingReason& reason)
{
    using Kind = domain::WaitingReason::Kind;
    Json json{{"type", domain::waitingReasonName(reason.kind)}, {"message", domain::sentence(reason)}};
    switch (reason.kind) {
    case Kind::QueuedBehind:
        json["count"] = reason.count;
        break;
    case Kind::ReplicaLoading:
        json["stage"] = reason.stage;
        json["bytes_done"] = reason.bytesDone;
        json["bytes_total"] = reason.bytesTotal;
        json["seconds"] = reason.seconds;
        break;
    case Kind::ScalingDelay:
        json["seconds"] = reason.seconds;
        break;
    case Kind::NoMachine:
    case Kind::MachineTaken:
        json["subject"] = reason.subject;
        break;
    case Kind::CrashLoop:
        json["count"] = reason.count;
        json["limit"] = reason.limit;
        json["subject"] = reason.subject;
        json["seconds"] = reason.seconds;
        break;
    case Kind::Paused:
        break;
    case Kind::Retrying:
        json["count"] = reason.count;
        json["seconds"] = reason.seconds;
        break;
    }
    return json;
}

Json timingsJson(const domain::Record& record)
{
    const Timings& timings = record.timings;
    return {{"queue", record.queueSeconds}, {"setup", record.setupSeconds}, {"text", timings.text},
        {"denoise", timings.denoise}, {"steps", timings.steps}, {"decode", timings.decode}, {"encode", timings.encode},
        {"worker", timings.total},
        {"total", std::chrono::duration<double>(record.finishedAt - record.request.submittedAt).count()}};
}

Json liveJson(const runtime::RequestView& view, Payload payload)
{
    const runtime::LiveRequest& live = *view.live;
    Json json = commonJson(live.request, view.state);
    const bool isRunning = view.state == domain::RequestState::Running;
    json["started_at"] = isRunning ? Json(isoTime(live.startedAt)) : Json();
    json["revision"] = live.revision;
    json["replica"] = live.replica;
    json["attempts"] = live.attempts;
    json["cold"] = live.cold;
    if (!isRunning)
        json["position"] = view.position;
    if (view.reason)
        json["reason"] = reasonJson(*view.reason);
    if (view.etaSeconds)
        json["eta"] = *view.etaSeconds;
    if (live.progress)
        json["progress"] = progressJson(*live.progress);
    if (payload == Payload::With)
        json["input"] = parsed(live.request.input);
    return json;
}

} // namespace

std::string_view scalingName(const domain::ScalingField& field)
{
    return field.name == "machine_type" ? "machine_types" : field.name;
}

Json scalingJson(const domain::Scaling& scaling)
{
    Json json = Json::object();
    for (const domain::ScalingField& field : domain::scalingFields())
        json[std::string(scalingName(field))]
            = std::visit([&](auto slot) { return settingJson(scaling.*slot.value); }, field.slot);
    return json;
}

Json appJson(const runtime::AppInfo& app, const std::vector<domain::ReplicaInfo>& replicas, const UrlMap& urls)
{
    Json states = Json::object();
    for (const domain::ReplicaInfo& replica : replicas) {
        if (replica.state != domain::ReplicaState::Terminated) {
            auto& count = states[std::string(domain::replicaStateName(replica.state))];
            count = count.is_null() ? 1 : count.get<int>() + 1;
        }
    }
    return {{"name", app.name}, {"revision", app.revision}, {"auth", domain::authModeName(app.auth)},
        {"scaling", scalingJson(app.scaling)}, {"paused", app.paused}, {"ephemeral", app.ephemeral},
        {"rolling", app.rolling}, {"queued", app.queued}, {"running", app.running}, {"replicas", states},
        {"endpoints", app.endpoints}, {"urls", urls}, {"created_at", isoTime(app.createdAt)},
        {"updated_at", isoTime(app.updatedAt)}};
}

Json replicaJson(const domain::ReplicaInfo& replica)
{
    const domain::SetupProgress& setup = replica.setup;
    return {{"id", replica.id}, {"app", replica.app}, {"revision", replica.revision},
        {"machine_type", replica.machineType}, {"device", replica.device},
        {"state", domain::replicaStateName(replica.state)}, {"reason", replica.reason}, {"in_flight", replica.inFlight},
        {"created_at", isoTime(replica.createdAt)}, {"ready_at", timeOrNull(replica.readyAt)},
        {"ended_at", timeOrNull(replica.endedAt)}, {"expires_at", timeOrNull(replica.expiresAt)},
        {"setup",
            {{"stage", setup.stage}, {"bytes_done", setup.bytesDone}, {"bytes_total", setup.bytesTotal},
                {"seconds", setup.seconds}}},
        {"process_id", replica.processId}, {"memory_used", replica.memoryUsed}, {"memory_peak", replica.memoryPeak},
        {"requests_done", replica.requestsDone}, {"requests_failed", replica.requestsFailed}};
}

Json progressJson(const Progress& progress)
{
    return {{"step", progress.step}, {"steps", progress.steps}, {"step_seconds", progress.stepSeconds},
        {"eta", progress.etaSeconds}};
}

Json recordJson(const domain::Record& record, Payload payload)
{
    Json json = commonJson(record.request, domain::RequestState::Done);
    json["started_at"] = record.replica.empty() ? Json() : Json(isoTime(record.startedAt));
    json["finished_at"] = isoTime(record.finishedAt);
    json["revision"] = record.revision;
    json["replica"] = record.replica;
    json["attempts"] = record.attempts;
    json["cold"] = record.cold;
    json["outcome"] = domain::outcomeName(record.outcome);
    json["status"] = record.status;
    json["error_type"] = record.errorType;
    json["error"] = record.error;
    json["queue_seconds"] = record.queueSeconds;
    json["setup_seconds"] = record.setupSeconds;
    json["total_seconds"] = record.timings.total;
    json["timings"] = timingsJson(record);
    if (payload == Payload::With) {
        json["input"] = parsed(record.request.input);
        json["output"] = parsed(record.output);
    }
    return json;
}

Json requestJson(const runtime::RequestView& view, Payload payload)
{
    return view.record ? recordJson(*view.record, payload) : liveJson(view, payload);
}

Json logJson(const runtime::LogLine& line)
{
    return {{"time", isoTime(line.time)}, {"level", line.level}, {"app", line.app}, {"revision", line.revision},
        {"replica", line.replica}, {"request", line.request}, {"source", line.source}, {"text", line.text}};
}

Json fileJson(const store::StoredFile& file)
{
    return {{"path", file.path}, {"sha256", file.sha256}, {"size", file.size}};
}

Json planJson(const runtime::DeployPlan& plan)
{
    const auto sourceName = [](domain::ValueSource source) {
        return source == domain::ValueSource::File ? "file"
            : source == domain::ValueSource::Inherited ? "inherited"
                                                       : "default";
    };
    Json values = Json::array();
    for (const domain::EffectiveValue& value : plan.values)
        values.push_back({{"name", value.name}, {"value", value.value}, {"current", value.current},
            {"source", sourceName(value.source)}});
    Json missing = Json::array();
    for (const store::StoredFile& file : plan.missing)
        missing.push_back(fileJson(file));
    return {{"app", plan.app}, {"is_new", plan.isNew}, {"current_revision", plan.currentRevision}, {"values", values},
        {"missing", missing}, {"bytes_missing", plan.bytesMissing}, {"weight_bytes", plan.weightBytes},
        {"memory_bytes", plan.memoryBytes}, {"machine_types", plan.machineTypes}, {"warnings", plan.warnings}};
}

Json receiptJson(const runtime::DeployReceipt& receipt, const UrlMap& urls, bool isRolling)
{
    return {{"app", receipt.app}, {"revision", receipt.revision}, {"number", receipt.number},
        {"is_new_revision", receipt.isNewRevision}, {"urls", urls}, {"status", isRolling ? "rolling_out" : "deployed"}};
}

std::string dumped(const Json& json)
{
    return json.dump(-1, ' ', /*ensure_ascii=*/false, Json::error_handler_t::replace);
}

http::Response jsonAnswer(const Json& json, int status)
{
    return http::Response::json(status, dumped(json));
}

http::Response noContent()
{
    return {.status = 204, .headers = {}, .body = {}, .file = {}};
}

Json pageJson(Json items, const std::string& nextCursor)
{
    return {{"items", std::move(items)}, {"next_cursor", nextCursor.empty() ? Json() : Json(nextCursor)},
        {"has_more", !nextCursor.empty()}};
}

Result<Json> pageOf(const Json& items, int limit, const std::string& cursor)
{
    std::size_t first = 0;
    constexpr std::size_t longest = 9;
    if (!cursor.empty()) {
        if (cursor.size() > longest || cursor.find_first_not_of("0123456789") != std::string::npos)
            return fail(ErrorCode::InvalidArgument, "cursor is not the next_cursor of a page of this list");
        first = std::min<std::size_t>(std::stoul(cursor), items.size());
    }
    const std::size_t last = std::min(items.size(), first + static_cast<std::size_t>(limit));
    Json page(items.begin() + static_cast<std::ptrdiff_t>(first), items.begin() + static_cast<std::ptrdiff_t>(last));
    return pageJson(page.is_null() ? Json::array() : std::move(page), last < items.size() ? std::to_string(last) : "");
}

} // namespace tintype::api
