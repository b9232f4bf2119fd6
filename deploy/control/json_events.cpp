// SPDX-License-Identifier: Apache-2.0
// Requests, log lines and live events out of the API's JSON.
#include "deploy/control/json_values.h"

namespace tintype::control {
namespace {

/// The object that an event is about: under the name of its type, or the event itself.
const Json& subjectOf(const Json& event, std::string_view name)
{
    const Json& subject = fieldOf(event, name);
    return subject.is_object() ? subject : event;
}

Event appEvent(const Json& event)
{
    const Json& app = subjectOf(event, "app");
    if (flagOf(event, "removed") || flagOf(app, "removed"))
        return AppRemoved{app == event ? textOf(event, "app") : textOf(app, "name")};
    return AppChanged{appFrom(app)};
}

Event rolloutEvent(const Json& event)
{
    RolloutEnded ended{textOf(event, "app"), textOf(event, "revision"), {}};
    if (const std::string error = textOf(event, "error"); !error.empty() || textOf(event, "status") == "failed")
        ended.error = Error{ErrorCode::Unavailable, error.empty() ? "the rollout failed" : error, {}};
    return ended;
}

/// The reason of a waiting request: a sentence, or an object that has one.
std::string reasonFrom(const Json& reason)
{
    if (reason.is_string())
        return reason.get<std::string>();
    const std::string sentence = textOf(reason, "sentence");
    return sentence.empty() ? textOf(reason, "message") : sentence;
}

} // namespace

RequestInfo requestFrom(const Json& object)
{
    const Json& timings = fieldOf(object, "timings");
    const auto seconds = [&](std::string_view flat, std::string_view inTimings) {
        return fieldOf(object, flat).is_number() ? numberOf(object, flat) : numberOf(timings, inTimings);
    };
    RequestInfo request;
    request.id = textOf(object, "id");
    request.app = textOf(object, "app");
    request.endpoint = textOf(object, "endpoint");
    request.outcome = textOf(object, "outcome");
    request.state = textOf(object, "state");
    if (request.state.empty())
        request.state = request.outcome.empty() ? "queued" : "done";
    request.status = static_cast<int>(integerOf(object, "status"));
    request.via = textOf(object, "via");
    request.replica = textOf(object, "replica");
    request.revision = textOf(object, "revision");
    request.error = textOf(object, "error");
    request.reason = reasonFrom(fieldOf(object, "reason"));
    request.position = static_cast<int>(integerOf(object, "position"));
    request.submittedAt = timeOf(object, "submitted_at");
    request.startedAt = optionalTimeOf(object, "started_at");
    request.finishedAt = optionalTimeOf(object, "finished_at");
    request.queueSeconds = seconds("queue_seconds", "queue");
    request.setupSeconds = seconds("setup_seconds", "setup");
    request.totalSeconds = seconds("total_seconds", "total");
    return request;
}

LogLine logLineFrom(const Json& object)
{
    return {timeOf(object, "time"), textOf(object, "level"), textOf(object, "app"), textOf(object, "revision"),
        textOf(object, "replica"), textOf(object, "request"), textOf(object, "source"), textOf(object, "text")};
}

CallProgress progressFrom(const Json& object)
{
    return {static_cast<int>(integerOf(object, "step")), static_cast<int>(integerOf(object, "steps")),
        numberOf(object, "eta"), textOf(object, "preview")};
}

std::optional<Event> eventFrom(const Json& event)
{
    const std::string type = textOf(event, "type");
    if (type == "app")
        return appEvent(event);
    if (type == "replica")
        return ReplicaChanged{replicaFrom(subjectOf(event, "replica"))};
    if (type == "request")
        return RequestChanged{requestFrom(subjectOf(event, "request"))};
    if (type == "progress")
        return RequestProgressed{textOf(event, "app"), textOf(event, "request"), progressFrom(event)};
    if (type == "log")
        return LogAdded{logLineFrom(subjectOf(event, "log"))};
    if (type == "rollout")
        return rolloutEvent(event);
    return {};
}

} // namespace tintype::control
