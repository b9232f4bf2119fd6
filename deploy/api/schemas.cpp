// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/schemas.h"

#include <algorithm>

namespace tintype::api {
namespace {

bool cutPrefix(std::string& text, std::string_view prefix)
{
    if (!text.starts_with(prefix))
        return false;
    text.erase(0, prefix.size());
    return true;
}

bool isOptional(const std::string& type) { return type.ends_with('?'); }

const std::vector<Schema> kHostSchemas{
    {"Health", {{"status", "string", "ok or draining"}, {"version", "string"}}},
    {"Empty", {}},
    {"Error", {{"detail", "string", "one sentence"}, {"error_type", "string?"}}},
    {"Urls",
        {{"run", "string", "POST waits for the result"}, {"queue", "string?", "POST queues; a listener of its own"},
            {"stream", "string?"}, {"openapi", "string?"}}},
    {"Device", {{"device", "string", "cuda:0, cpu"}, {"name", "string"}, {"memory", "integer"}}},
    {"MachineType",
        {{"name", "string"}, {"is_gpu", "boolean"}, {"memory", "integer"}, {"cpus", "number"},
            {"devices", "list of string"}, {"free", "integer", "replicas that still fit"}}},
    {"Host",
        {{"version", "string"}, {"owner", "string"}, {"started_at", "time"}, {"status", "string", "ok or draining"},
            {"devices", "list of Device"}, {"machine_types", "list of MachineType"}, {"memory", "integer"},
            {"cores", "integer"}, {"urls", "map of string"}}},
    {"Key",
        {{"id", "string"}, {"scope", "string", "admin or api"}, {"description", "string"}, {"created_at", "time"}}},
    {"NewKey", {{"scope", "string", "admin or api"}, {"description", "string?"}}},
    {"CreatedKey",
        {{"key", "string", "id:secret; shown this once"}, {"id", "string"}, {"scope", "string"},
            {"description", "string"}, {"created_at", "time"}}},
    {"Secret", {{"name", "string"}, {"created_at", "time"}}},
    {"SecretValue", {{"value", "string"}}},
};

const std::vector<Schema> kAppSchemas{
    {"Scaling",
        {{"min_concurrency", "integer"}, {"max_concurrency", "integer"}, {"concurrency_buffer", "integer"},
            {"concurrency_buffer_perc", "integer"}, {"scaling_delay", "integer"}, {"keep_alive", "integer"},
            {"request_timeout", "integer"}, {"startup_timeout", "integer"},
            {"termination_grace_period_seconds", "integer"}, {"max_multiplexing", "integer"},
            {"machine_types", "list of string"}, {"regions", "list of string"}}},
    {"ScalingChange",
        {{"min_concurrency", "integer?"}, {"max_concurrency", "integer?"}, {"concurrency_buffer", "integer?"},
            {"concurrency_buffer_perc", "integer?"}, {"scaling_delay", "integer?"}, {"keep_alive", "integer?"},
            {"request_timeout", "integer?"}, {"startup_timeout", "integer?"},
            {"termination_grace_period_seconds", "integer?"}, {"max_multiplexing", "integer?"},
            {"machine_types", "list of string?"}, {"regions", "list of string?"}}},
    {"App",
        {{"name", "string"}, {"revision", "string"}, {"auth", "string", "private, public or shared"},
            {"scaling", "Scaling"}, {"paused", "boolean"}, {"ephemeral", "boolean"}, {"rolling", "boolean"},
            {"queued", "integer"}, {"running", "integer"}, {"replicas", "map of integer", "how many in each state"},
            {"endpoints", "list of string"}, {"urls", "Urls"}, {"created_at", "time"}, {"updated_at", "time"}}},
    {"AppChange", {{"auth", "string?"}, {"paused", "boolean?"}, {"scaling", "ScalingChange?"}}},
    {"Rollout", {{"strategy", "string?", "rolling or recreate"}, {"force", "boolean?", "kill the old replicas at once"}}},
    {"Queue", {{"size", "integer"}, {"running", "integer"}}},
    {"Flushed", {{"cancelled", "integer"}}},
    {"AppEvent",
        {{"time", "time"}, {"category", "string", "runner, deployment or config"}, {"actor", "string"},
            {"text", "string"}, {"before", "string?"}, {"after", "string?"}}},
};

const std::vector<Schema> kRevisionSchemas{
    {"File", {{"path", "string"}, {"sha256", "string"}, {"size", "integer"}}},
    {"Revision",
        {{"number", "integer"}, {"id", "string"}, {"message", "string"}, {"annotations", "map of string"},
            {"author", "string"}, {"created_at", "time"}, {"current", "boolean"}}},
    {"RevisionDetail",
        {{"number", "integer"}, {"id", "string"}, {"message", "string"}, {"annotations", "map of string"},
            {"author", "string"}, {"created_at", "time"}, {"current", "boolean"}, {"definition", "string"},
            {"files", "list of File"}}},
    {"Diff",
        {{"from", "string"}, {"to", "string"}, {"text", "string", "unified, of app.yaml"},
            {"files", "list of string", "added PATH, changed PATH, removed PATH"}}},
    {"RevisionTarget",
        {{"revision", "string", "id, unambiguous start of one, or number"}, {"strategy", "string?"}, {"auth", "string?"}}},
    {"Deployment",
        {{"definition", "string", "text of app.yaml"}, {"files", "list of File?"}, {"name", "string?"},
            {"message", "string?"}, {"annotations", "map of string?"}, {"auth", "string?"}, {"strategy", "string?"},
            {"reset_scale", "boolean?"}, {"ephemeral", "boolean?"}}},
    {"EffectiveValue",
        {{"name", "string"}, {"value", "string"}, {"current", "string"}, {"source", "string", "file, inherited or default"}}},
    {"Plan",
        {{"app", "string"}, {"is_new", "boolean"}, {"current_revision", "string"}, {"values", "list of EffectiveValue"},
            {"missing", "list of File"}, {"bytes_missing", "integer"}, {"weight_bytes", "integer"},
            {"memory_bytes", "integer"}, {"machine_types", "list of string"}, {"warnings", "list of string"}}},
    {"Receipt",
        {{"app", "string"}, {"revision", "string"}, {"number", "integer"}, {"is_new_revision", "boolean"},
            {"urls", "Urls"}, {"status", "string", "deployed or rolling_out"}}},
    {"Blob", {{"sha256", "string"}, {"size", "integer"}}},
    {"BlobList", {{"blobs", "list of Blob"}}},
    {"MissingBlob", {{"sha256", "string"}, {"size", "integer"}, {"offset", "integer"}}},
    {"MissingBlobs", {{"missing", "list of MissingBlob"}}},
    {"Offset", {{"offset", "integer"}}},
    {"BlobTotals",
        {{"count", "integer"}, {"bytes", "integer"}, {"unreferenced_count", "integer"},
            {"unreferenced_bytes", "integer", "what no revision refers to"}}},
    {"Freed", {{"freed_bytes", "integer"}}},
    {"ModelComponent",
        {{"name", "string", "transformer, vae, …"}, {"class", "string"}, {"bytes", "integer", "of its files"},
            {"weight_bytes", "integer", "of the tensors that a worker reads"}, {"parameters", "integer"},
            {"dtype", "string", "of most of them: F32, BF16, …; empty without weights"}}},
    {"ModelNeed",
        {{"app", "string"}, {"revision", "string"}, {"number", "integer"},
            {"in_use", "boolean", "the app's current revision, or a replica of it is there"}}},
    {"Model",
        {{"id", "string"}, {"name", "string", "org/name, or the folder of a push"},
            {"source", "string", "pushed, hub, or cache (the user's own, only read)"}, {"commit", "string", "of a hub model"},
            {"pipeline", "string"}, {"licence", "string", "by its README"}, {"bytes", "integer", "of all files"},
            {"parameters", "integer"}, {"complete", "boolean"},
            {"memory_bytes", "integer", "estimate for one replica; 0 = unknown"},
            {"memory_peak", "integer", "the most that a replica of the last day took; 0 = none was measured"},
            {"components", "list of ModelComponent"}, {"needed_by", "list of ModelNeed"}, {"removable", "boolean"}}},
};

const std::vector<Schema> kRunSchemas{
    {"Setup", {{"stage", "string"}, {"bytes_done", "integer"}, {"bytes_total", "integer"}, {"seconds", "number"}}},
    {"Replica",
        {{"id", "string"}, {"app", "string"}, {"revision", "string"}, {"machine_type", "string"}, {"device", "string"},
            {"state", "string"}, {"reason", "string"}, {"in_flight", "integer"}, {"created_at", "time"},
            {"ready_at", "time?"}, {"ended_at", "time?"}, {"expires_at", "time?"}, {"setup", "Setup"},
            {"process_id", "integer"}, {"memory_used", "integer"}, {"memory_peak", "integer"},
            {"requests_done", "integer"}, {"requests_failed", "integer"}}},
    {"ReplicaStop", {{"replace", "boolean?"}}},
    {"Reason",
        {{"type", "string"}, {"message", "string"}, {"count", "integer?"}, {"limit", "integer?"}, {"subject", "string?"},
            {"stage", "string?"}, {"bytes_done", "integer?"}, {"bytes_total", "integer?"}, {"seconds", "number?"}}},
    {"Progress", {{"step", "integer"}, {"steps", "integer"}, {"step_seconds", "number"}, {"eta", "number"}}},
    {"Timings",
        {{"queue", "number"}, {"setup", "number"}, {"text", "number"}, {"denoise", "number"}, {"steps", "list of number"},
            {"decode", "number"}, {"encode", "number"}, {"worker", "number"}, {"total", "number"}}},
    {"Request",
        {{"id", "string"}, {"app", "string"}, {"endpoint", "string"}, {"via", "string"}, {"priority", "string"},
            {"key", "string"}, {"state", "string", "queued, running or done"}, {"submitted_at", "time"},
            {"started_at", "time?"}, {"finished_at", "time?"}, {"revision", "string"}, {"replica", "string"},
            {"attempts", "integer"}, {"cold", "boolean"}, {"position", "integer?"}, {"reason", "Reason?"},
            {"eta", "number?"}, {"progress", "Progress?"}, {"outcome", "string?"}, {"status", "integer?"},
            {"error_type", "string?"}, {"error", "string?"}, {"queue_seconds", "number?"}, {"setup_seconds", "number?"},
            {"total_seconds", "number?", "inside the worker"}, {"timings", "Timings?"}, {"input", "json?"},
            {"output", "json?"}}},
    {"Cancellation", {{"status", "string", "cancelled, or requested while it runs"}}},
    {"Log",
        {{"time", "time"}, {"level", "string"}, {"app", "string"}, {"revision", "string"}, {"replica", "string"},
            {"request", "string"}, {"source", "string", "worker or host"}, {"text", "string"}}},
    {"Event",
        {{"type", "string", "app, replica, request, progress, log or rollout"}, {"time", "time"}, {"app", "json?"},
            {"removed", "boolean?"}, {"replica", "Replica?"}, {"request", "json?"}, {"log", "Log?"}, {"step", "integer?"},
            {"steps", "integer?"}, {"eta", "number?"}, {"preview", "string?"}, {"revision", "string?"},
            {"status", "string?"}, {"error", "string?"}}},
};

const std::vector<Schema> kAnalyticsSchemas{
    {"Percentiles", {{"p50", "number"}, {"p75", "number"}, {"p90", "number"}, {"p95", "number"}, {"p99", "number"}}},
    {"HeatMap",
        {{"bounds", "list of number", "seconds; the last row is above them"},
            {"counts", "list of list of integer", "a list for each column of the series"},
            {"cold", "list of list of integer", "of those, the requests that waited for a replica to start"},
            {"warm", "list of list of integer", "the others"}}},
    {"QueueDepth",
        {{"max", "list of integer", "requests that waited at once, for each column of the series"},
            {"mean", "list of number", "over time"}}},
    {"ReplicaLoad",
        {{"states", "list of string", "starting, idle, running, failing, draining"},
            {"counts", "list of list of number", "how many in each state, over the time of each column of the series"}}},
    {"DeploymentMark",
        {{"time", "time"}, {"app", "string"}, {"revision", "string"}, {"number", "integer", "0 if the app is deleted"},
            {"message", "string"}}},
    {"AnalyticsColumn",
        {{"time", "time"}, {"requests", "integer"}, {"success", "integer"}, {"user_error", "integer"},
            {"error", "integer"}, {"cancelled", "integer"}, {"latency", "Percentiles"}, {"startup", "Percentiles"},
            {"execution", "Percentiles"}}},
    {"EndpointAnalytics",
        {{"app", "string"}, {"endpoint", "string"}, {"requests", "integer"}, {"success", "integer"},
            {"user_error", "integer"}, {"error", "integer"}, {"cancelled", "integer"}, {"latency", "Percentiles"},
            {"startup", "Percentiles"}, {"execution", "Percentiles"}}},
    {"FailureGroup",
        {{"status", "integer"}, {"error_type", "string"}, {"error", "string"}, {"count", "integer"}, {"last_at", "time"}}},
    {"Analytics",
        {{"since", "time"}, {"until", "time"}, {"bucket", "integer", "seconds"}, {"requests", "integer"},
            {"success", "integer"}, {"user_error", "integer"}, {"error", "integer"}, {"cancelled", "integer"},
            {"latency", "Percentiles", "of successful requests, submitted to finished"},
            {"startup", "Percentiles", "queue and cold start"}, {"execution", "Percentiles", "inside the worker"},
            {"statuses", "map of integer"}, {"series", "list of AnalyticsColumn"}, {"heat_map", "HeatMap"},
            {"queue", "QueueDepth"}, {"replicas", "ReplicaLoad"}, {"deployments", "list of DeploymentMark"},
            {"endpoints", "list of EndpointAnalytics"}, {"errors", "list of FailureGroup"},
            {"slowest", "list of Request"}, {"failed", "list of Request"}}},
};

} // namespace

const std::vector<Schema>& schemas()
{
    static const std::vector<Schema> all = [] {
        std::vector<Schema> joined;
        for (const auto* group : {&kHostSchemas, &kAppSchemas, &kRevisionSchemas, &kRunSchemas, &kAnalyticsSchemas})
            joined.insert(joined.end(), group->begin(), group->end());
        return joined;
    }();
    return all;
}

const Schema& schemaOf(const std::string& name)
{
    return *std::ranges::find(schemas(), name, &Schema::name);
}

Json typeSchema(const std::string& type)
{
    std::string text = type;
    if (isOptional(text))
        text.pop_back();
    if (cutPrefix(text, "list of "))
        return {{"type", "array"}, {"items", typeSchema(text)}};
    if (cutPrefix(text, "map of "))
        return {{"type", "object"}, {"additionalProperties", typeSchema(text)}};
    if (cutPrefix(text, "page of "))
        return {{"type", "object"}, {"required", {"items", "next_cursor", "has_more"}},
            {"properties",
                {{"items", typeSchema("list of " + text)}, {"next_cursor", {{"type", {"string", "null"}}}},
                    {"has_more", {{"type", "boolean"}}}}}};
    if (text == "json")
        return Json::object();
    if (text == "time")
        return {{"type", "string"}, {"format", "date-time"}};
    if (text == "string" || text == "integer" || text == "number" || text == "boolean")
        return {{"type", text}};
    return {{"$ref", "#/components/schemas/" + text}};
}

Json objectSchema(const Schema& schema)
{
    Json properties = Json::object();
    Json required = Json::array();
    for (const Field& field : schema.fields) {
        Json property = typeSchema(field.type);
        if (isOptional(field.type) && property.contains("type"))
            property["type"] = {property["type"], "null"};
        else if (isOptional(field.type) && property.contains("$ref"))
            property = {{"anyOf", {property, {{"type", "null"}}}}};
        if (!isOptional(field.type))
            required.push_back(field.name);
        if (!field.help.empty())
            property["description"] = field.help;
        properties[field.name] = std::move(property);
    }
    return {{"type", "object"}, {"required", required}, {"properties", properties}};
}

} // namespace tintype::api
