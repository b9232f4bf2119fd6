// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/json_values.h"

#include "deploy/domain/scaling_fields.h"

#include <QDateTime>
#include <cmath>

namespace tintype::control {
namespace {

const Json kNull;
constexpr double kLargestExact = 9007199254740992.0; // 2^53

std::vector<std::string> textsFrom(const Json& array)
{
    std::vector<std::string> texts;
    if (!array.is_array())
        return texts;
    for (const Json& entry : array)
        texts.push_back(entry.is_string() ? entry.get<std::string>() : asText(entry));
    return texts;
}

std::map<std::string, std::string> textMapFrom(const Json& object)
{
    std::map<std::string, std::string> texts;
    if (!object.is_object())
        return texts;
    for (const auto& [name, value] : object.items()) {
        if (value.is_string())
            texts[name] = value.get<std::string>();
    }
    return texts;
}

std::uint64_t sizeOf(const Json& object, std::string_view name)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(integerOf(object, name), 0));
}

int smallOf(const Json& object, std::string_view name)
{
    return static_cast<int>(integerOf(object, name));
}

domain::AuthMode authFrom(const Json& object)
{
    return domain::authModeFromName(textOf(object, "auth")).value_or(domain::AuthMode::Private);
}

void readSetting(const Json& value, int& setting)
{
    if (value.is_number())
        setting = static_cast<int>(value.get<double>());
}

void readSetting(const Json& value, std::chrono::seconds& setting)
{
    if (value.is_number())
        setting = std::chrono::seconds(static_cast<std::int64_t>(value.get<double>()));
}

void readSetting(const Json& value, domain::Names& setting)
{
    if (value.is_array())
        setting = textsFrom(value);
}

Json settingJson(int value) { return value; }
Json settingJson(std::chrono::seconds value) { return value.count(); }
Json settingJson(const domain::Names& value) { return value; }

/// The API says machine_types, the file machine_type.
std::string_view apiName(const domain::ScalingField& field)
{
    return field.name == "machine_type" ? "machine_types" : field.name;
}

domain::Scaling scalingFrom(const Json& object)
{
    domain::Scaling scaling;
    for (const domain::ScalingField& field : domain::scalingFields())
        std::visit([&](auto slot) { readSetting(fieldOf(object, apiName(field)), scaling.*slot.value); }, field.slot);
    return scaling;
}

Json scalingJson(const domain::ScalingSettings& settings)
{
    Json object = Json::object();
    const auto put = [&](const domain::ScalingField& field, auto slot) {
        if (const auto& value = settings.*slot.setting)
            object[std::string(apiName(field))] = settingJson(*value);
    };
    for (const domain::ScalingField& field : domain::scalingFields())
        std::visit([&](auto slot) { put(field, slot); }, field.slot);
    return object;
}

domain::ReplicaState replicaStateFrom(const std::string& name)
{
    using enum domain::ReplicaState;
    for (const domain::ReplicaState state :
        {Pending, Fetching, Setup, CrashBackoff, Idle, Running, Draining, Terminating, Terminated}) {
        if (domain::replicaStateName(state) == name)
            return state;
    }
    return Pending;
}

domain::ValueSource sourceFrom(const std::string& name)
{
    if (name == "file")
        return domain::ValueSource::File;
    return name == "inherited" ? domain::ValueSource::Inherited : domain::ValueSource::Default;
}

/// A URL, or a list of which the first counts.
std::map<std::string, std::string> urlsFrom(const Json& object)
{
    std::map<std::string, std::string> urls = textMapFrom(object);
    if (!object.is_object())
        return urls;
    for (const auto& [name, value] : object.items()) {
        if (value.is_array() && !value.empty() && value.front().is_string())
            urls[name] = value.front().get<std::string>();
    }
    return urls;
}

} // namespace

const Json& fieldOf(const Json& object, std::string_view name)
{
    if (!object.is_object())
        return kNull;
    const auto found = object.find(std::string(name));
    return found == object.end() ? kNull : *found;
}

std::string textOf(const Json& object, std::string_view name)
{
    const Json& field = fieldOf(object, name);
    return field.is_string() ? field.get<std::string>() : std::string();
}

double numberOf(const Json& object, std::string_view name)
{
    const Json& field = fieldOf(object, name);
    return field.is_number() ? field.get<double>() : 0;
}

std::int64_t integerOf(const Json& object, std::string_view name)
{
    const Json& field = fieldOf(object, name);
    if (field.is_number_integer())
        return field.get<std::int64_t>();
    const double number = numberOf(object, name);
    return std::abs(number) < kLargestExact ? std::llround(number) : 0;
}

bool flagOf(const Json& object, std::string_view name)
{
    const Json& field = fieldOf(object, name);
    return field.is_boolean() && field.get<bool>();
}

std::optional<TimePoint> optionalTimeOf(const Json& object, std::string_view name)
{
    const std::string text = textOf(object, name);
    const QDateTime time = QDateTime::fromString(QString::fromStdString(text), Qt::ISODateWithMs);
    if (!time.isValid())
        return {};
    return fromMilliseconds(time.toMSecsSinceEpoch());
}

TimePoint timeOf(const Json& object, std::string_view name)
{
    return optionalTimeOf(object, name).value_or(TimePoint{});
}

std::string isoTime(TimePoint time)
{
    return QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
}

std::string asText(const Json& value, int indent)
{
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

int AppInfo::replicaCount() const
{
    int count = 0;
    for (const auto& [state, number] : replicas)
        count += state == "TERMINATED" ? 0 : number;
    return count;
}

std::string_view strategyName(Strategy strategy)
{
    return strategy == Strategy::Rolling ? "rolling" : "recreate";
}

std::string_view keyScopeName(KeyScope scope)
{
    return scope == KeyScope::Admin ? "admin" : "api";
}

std::optional<KeyScope> keyScopeFromName(std::string_view name)
{
    if (name == "admin" || name == "ADMIN")
        return KeyScope::Admin;
    return name == "api" || name == "API" ? std::optional(KeyScope::Api) : std::nullopt;
}

HostInfo hostFrom(const Json& object)
{
    HostInfo host;
    host.version = textOf(object, "version");
    host.owner = textOf(object, "owner");
    host.startedAt = timeOf(object, "started_at");
    host.urls = urlsFrom(fieldOf(object, "urls"));
    host.json = asText(object);
    if (const Json& machines = fieldOf(object, "machine_types"); machines.is_array()) {
        for (const Json& machine : machines) {
            domain::MachineType type{.name = textOf(machine, "name"), .isGpu = flagOf(machine, "is_gpu"),
                .memoryBytes = sizeOf(machine, "memory"), .cpus = numberOf(machine, "cpus"),
                .devices = textsFrom(fieldOf(machine, "devices"))};
            host.machines.push_back({std::move(type), smallOf(machine, "free")});
        }
    }
    return host;
}

AppInfo appFrom(const Json& object)
{
    AppInfo app{.name = textOf(object, "name"), .revision = textOf(object, "revision"), .auth = authFrom(object),
        .scaling = scalingFrom(fieldOf(object, "scaling")), .paused = flagOf(object, "paused"),
        .ephemeral = flagOf(object, "ephemeral"), .rolling = flagOf(object, "rolling"),
        .queued = smallOf(object, "queued"), .running = smallOf(object, "running"), .replicas = {},
        .endpoints = textsFrom(fieldOf(object, "endpoints")), .urls = urlsFrom(fieldOf(object, "urls")),
        .createdAt = timeOf(object, "created_at"), .updatedAt = timeOf(object, "updated_at")};
    if (const Json& replicas = fieldOf(object, "replicas"); replicas.is_object()) {
        for (const auto& [state, count] : replicas.items())
            app.replicas[state] = count.is_number() ? count.get<int>() : 0;
    }
    return app;
}

RevisionInfo revisionFrom(const Json& object)
{
    return {.id = textOf(object, "id"), .number = smallOf(object, "number"), .message = textOf(object, "message"),
        .annotations = textMapFrom(fieldOf(object, "annotations")), .author = textOf(object, "author"),
        .createdAt = timeOf(object, "created_at"), .current = flagOf(object, "current")};
}

RevisionDetail revisionDetailFrom(const Json& object)
{
    RevisionDetail detail{revisionFrom(object), textOf(object, "definition"), {}};
    if (const Json& files = fieldOf(object, "files"); files.is_array()) {
        for (const Json& file : files)
            detail.files.push_back({textOf(file, "path"), textOf(file, "sha256"), sizeOf(file, "size")});
    }
    return detail;
}

RevisionDiff diffFrom(const Json& object)
{
    RevisionDiff diff{textOf(object, "text"), {}};
    if (const Json& files = fieldOf(object, "files"); files.is_array()) {
        for (const Json& file : files)
            diff.files.push_back(
                file.is_string() ? file.get<std::string>() : textOf(file, "change") + " " + textOf(file, "path"));
    }
    return diff;
}

HistoryEntry historyFrom(const Json& object)
{
    return {timeOf(object, "time"), textOf(object, "category"), textOf(object, "actor"), textOf(object, "text")};
}

DeployPlan planFrom(const Json& object)
{
    DeployPlan plan{.app = textOf(object, "app"), .isNew = flagOf(object, "is_new"),
        .currentRevision = textOf(object, "current_revision"), .values = {}, .bytesMissing = sizeOf(object, "bytes_missing"),
        .weightBytes = sizeOf(object, "weight_bytes"), .memoryBytes = sizeOf(object, "memory_bytes"),
        .machineTypes = textsFrom(fieldOf(object, "machine_types")), .warnings = textsFrom(fieldOf(object, "warnings")),
        .json = asText(object)};
    if (const Json& values = fieldOf(object, "values"); values.is_array()) {
        for (const Json& value : values)
            plan.values.push_back({textOf(value, "name"), textOf(value, "value"), textOf(value, "current"),
                sourceFrom(textOf(value, "source"))});
    }
    return plan;
}

DeployReceipt receiptFrom(const Json& object)
{
    return {.app = textOf(object, "app"), .revision = textOf(object, "revision"), .number = smallOf(object, "number"),
        .isNewRevision = flagOf(object, "is_new_revision"), .urls = urlsFrom(fieldOf(object, "urls")),
        .status = textOf(object, "status")};
}

std::vector<MissingBlob> missingFrom(const Json& object)
{
    std::vector<MissingBlob> blobs;
    if (const Json& missing = fieldOf(object, "missing"); missing.is_array()) {
        for (const Json& blob : missing)
            blobs.push_back({textOf(blob, "sha256"), sizeOf(blob, "size"), sizeOf(blob, "offset")});
    }
    return blobs;
}

KeyInfo keyFrom(const Json& object)
{
    return {textOf(object, "id"), keyScopeFromName(textOf(object, "scope")).value_or(KeyScope::Api),
        textOf(object, "description"), timeOf(object, "created_at")};
}

SecretInfo secretFrom(const Json& object)
{
    return {textOf(object, "name"), timeOf(object, "created_at")};
}

domain::ReplicaInfo replicaFrom(const Json& object)
{
    const Json& setup = fieldOf(object, "setup");
    domain::ReplicaInfo replica;
    replica.id = textOf(object, "id");
    replica.app = textOf(object, "app");
    replica.revision = textOf(object, "revision");
    replica.machineType = textOf(object, "machine_type");
    replica.device = textOf(object, "device");
    replica.state = replicaStateFrom(textOf(object, "state"));
    replica.reason = textOf(object, "reason");
    replica.inFlight = smallOf(object, "in_flight");
    replica.createdAt = timeOf(object, "created_at");
    replica.readyAt = optionalTimeOf(object, "ready_at");
    replica.endedAt = optionalTimeOf(object, "ended_at");
    replica.expiresAt = optionalTimeOf(object, "expires_at");
    replica.setup = {textOf(setup, "stage"), sizeOf(setup, "bytes_done"), sizeOf(setup, "bytes_total"), numberOf(setup, "seconds")};
    replica.processId = integerOf(object, "process_id");
    replica.memoryUsed = sizeOf(object, "memory_used");
    replica.memoryPeak = sizeOf(object, "memory_peak");
    replica.requestsDone = sizeOf(object, "requests_done");
    replica.requestsFailed = sizeOf(object, "requests_failed");
    return replica;
}

Json toJson(const AppChange& change)
{
    Json object = Json::object();
    if (change.auth)
        object["auth"] = domain::authModeName(*change.auth);
    if (change.paused)
        object["paused"] = *change.paused;
    if (Json scaling = scalingJson(change.scaling); !scaling.empty())
        object["scaling"] = std::move(scaling);
    return object;
}

Json toJson(const RevisionTarget& target)
{
    Json object{{"revision", target.revision}, {"strategy", strategyName(target.strategy)}};
    if (target.auth)
        object["auth"] = domain::authModeName(*target.auth);
    return object;
}

Json toJson(const Deployment& deployment)
{
    Json files = Json::array();
    for (const FileReference& file : deployment.files)
        files.push_back({{"path", file.path}, {"sha256", file.sha256}, {"size", file.size}});
    Json object{{"definition", deployment.definition}, {"files", std::move(files)},
        {"strategy", strategyName(deployment.strategy)}, {"reset_scale", deployment.resetScale},
        {"ephemeral", deployment.ephemeral}};
    if (!deployment.name.empty())
        object["name"] = deployment.name;
    if (!deployment.message.empty())
        object["message"] = deployment.message;
    if (!deployment.annotations.empty())
        object["annotations"] = deployment.annotations;
    if (deployment.auth)
        object["auth"] = domain::authModeName(*deployment.auth);
    return object;
}

} // namespace tintype::control
