// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/app_output.h"

#include "deploy/cli/text_format.h"
#include "deploy/domain/scaling_fields.h"

#include <fmt/format.h>

namespace tintype::cli {
namespace {

Json settingJson(int value) { return value; }
Json settingJson(std::chrono::seconds value) { return value.count(); }
Json settingJson(const domain::Names& value) { return value; }

/// The names that fal's CLI prints where they differ from the definition's.
std::string jsonName(std::string_view name)
{
    if (name == "machine_type")
        return "machine_types";
    return name == "regions" ? "valid_regions" : std::string(name);
}

std::string concurrencyText(const domain::Scaling& scaling)
{
    return fmt::format("{}/{}", scaling.minConcurrency, scaling.maxConcurrency);
}

std::string bufferText(const domain::Scaling& scaling)
{
    return scaling.concurrencyBufferPerc == 0
        ? std::to_string(scaling.concurrencyBuffer)
        : fmt::format("{}%, min {}", scaling.concurrencyBufferPerc, scaling.concurrencyBuffer);
}

std::string authText(const control::AppInfo& app)
{
    std::string text(domain::authModeName(app.auth));
    if (app.ephemeral)
        text += ", temporary";
    return app.paused ? text + ", paused" : text;
}

double secondsBetween(TimePoint from, TimePoint to)
{
    return std::chrono::duration<double>(to - from).count();
}

std::string stateText(const domain::ReplicaInfo& replica)
{
    std::string text(domain::replicaStateName(replica.state));
    if (domain::isStarting(replica.state) && !replica.setup.stage.empty())
        text += " " + replica.setup.stage;
    return text;
}

TimePoint endOf(const domain::ReplicaInfo& replica, TimePoint now)
{
    return replica.endedAt.value_or(now);
}

} // namespace

Json urlsJson(const std::map<std::string, std::string>& urls)
{
    Json object = Json::object();
    for (const auto& [name, url] : urls)
        object[name] = url;
    return object;
}

Json appJson(const control::AppInfo& app)
{
    Json object{{"alias", app.name}, {"name", app.name}, {"revision", app.revision},
        {"auth_mode", domain::authModeName(app.auth)}};
    for (const domain::ScalingField& field : domain::scalingFields())
        object[jsonName(field.name)] = std::visit([&](auto slot) { return settingJson(app.scaling.*slot.value); }, field.slot);
    object["active_runners"] = app.replicaCount();
    object["is_rolling"] = app.rolling;
    object["paused"] = app.paused;
    object["ephemeral"] = app.ephemeral;
    object["queued"] = app.queued;
    object["running"] = app.running;
    object["endpoints"] = app.endpoints;
    object["urls"] = urlsJson(app.urls);
    object["created_at"] = isoText(app.createdAt);
    object["updated_at"] = isoText(app.updatedAt);
    return object;
}

Table appTable(const std::vector<control::AppInfo>& apps)
{
    Table table({"Name", "Revision", "Auth", ">Min/Max", ">Buffer", ">Delay", ">Multiplex", ">Keep alive", "Machine type",
        ">Runners", ">Queued", ">Running"});
    for (const control::AppInfo& app : apps)
        table.add({app.name, shortRevision(app.revision) + (app.rolling ? " (rolling)" : ""), authText(app), concurrencyText(app.scaling),
            bufferText(app.scaling), domain::shownValue(app.scaling.scalingDelay), std::to_string(app.scaling.maxMultiplexing),
            domain::shownValue(app.scaling.keepAlive), domain::shownValue(app.scaling.machineTypes),
            std::to_string(app.replicaCount()), std::to_string(app.queued), std::to_string(app.running)});
    return table;
}

Json replicaJson(const domain::ReplicaInfo& replica, TimePoint now)
{
    const Json countdown = replica.expiresAt ? Json(std::max(0.0, secondsBetween(now, *replica.expiresAt))) : Json();
    return {{"alias", replica.app}, {"machine_type", replica.machineType}, {"runner_id", replica.id},
        {"in_flight_requests", replica.inFlight}, {"expiration_countdown", countdown},
        {"uptime_seconds", secondsBetween(replica.createdAt, endOf(replica, now))}, {"revision", replica.revision},
        {"state", domain::replicaStateName(replica.state)}, {"replacement", "NO_REPLACE"}, {"reason", replica.reason},
        {"device", replica.device}, {"process_id", replica.processId}, {"memory_used", replica.memoryUsed},
        {"memory_peak", replica.memoryPeak}, {"requests_done", replica.requestsDone},
        {"requests_failed", replica.requestsFailed},
        {"setup", {{"stage", replica.setup.stage}, {"bytes_done", replica.setup.bytesDone}, {"bytes_total", replica.setup.bytesTotal}, {"seconds", replica.setup.seconds}}}};
}

Table replicaTable(const std::vector<domain::ReplicaInfo>& replicas, TimePoint now)
{
    Table table({"Alias", "Machine type", "Runner ID", ">In flight", ">Done", ">Memory", ">Expires in", ">Uptime", "Revision",
        "State", "Reason"});
    for (const domain::ReplicaInfo& replica : replicas)
        table.add({replica.app, replica.machineType, replica.id, std::to_string(replica.inFlight),
            std::to_string(replica.requestsDone), bytesText(replica.memoryUsed),
            replica.expiresAt ? durationText(secondsBetween(now, *replica.expiresAt)) : "",
            durationText(secondsBetween(replica.createdAt, endOf(replica, now))), shortRevision(replica.revision),
            stateText(replica), replica.reason});
    return table;
}

Json revisionJson(const control::RevisionInfo& revision)
{
    Json annotations = Json::object();
    for (const auto& [key, value] : revision.annotations)
        annotations[key] = value;
    return {{"revision", revision.id}, {"number", revision.number}, {"message", revision.message},
        {"annotations", annotations}, {"author", revision.author}, {"created_at", isoText(revision.createdAt)},
        {"current", revision.current}};
}

Table revisionTable(const std::vector<control::RevisionInfo>& revisions)
{
    Table table({">Number", "Revision", "Created", "Author", "", "Message"});
    for (const control::RevisionInfo& revision : revisions)
        table.add({std::to_string(revision.number), shortRevision(revision.id), timeText(revision.createdAt), revision.author,
            revision.current ? "current" : "", revision.message});
    return table;
}

} // namespace tintype::cli
