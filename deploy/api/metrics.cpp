// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/metrics.h"

#include "deploy/api/exposition.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace tintype::api {
namespace {

/// The method under which the request came: a socket's handshake is a GET.
std::string methodOf(domain::Via via)
{
    return via == domain::Via::Realtime || via == domain::Via::Websocket ? "GET" : "POST";
}

double residentBytes()
{
    std::ifstream file("/proc/self/statm");
    double total = 0;
    double resident = 0;
    file >> total >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE));
}

double secondsBetween(TimePoint from, TimePoint to)
{
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

} // namespace

Metrics::Metrics(runtime::Host& host, std::function<int()> connectionCount)
    : m_host(host)
    , m_connectionCount(std::move(connectionCount))
{
    connect(&host.requests(), &runtime::Requests::accepted, this,
        [this](const domain::Request& request) { ++m_apps[request.app].received; });
    connect(&host.requests(), &runtime::Requests::finished, this, &Metrics::count);
    connect(&host.apps(), &runtime::Apps::removed, this, [this](const std::string& app) { m_apps.erase(app); });
}

void Metrics::count(const domain::Record& record)
{
    if (!m_host.apps().runtime(record.request.app))
        return; // removed: its last requests end after it
    Counters& counters = m_apps[record.request.app];
    ++counters.completed[{methodOf(record.request.via), record.status}];
    const double seconds = secondsBetween(record.request.submittedAt, record.finishedAt);
    const auto bucket = std::lower_bound(kLatencyBounds.begin(), kLatencyBounds.end(), seconds);
    ++counters.latency[static_cast<std::size_t>(bucket - kLatencyBounds.begin())];
    counters.latencySum += seconds;
}

std::string Metrics::text() const
{
    return appText() + latencyText() + hostText();
}

std::string Metrics::appText() const
{
    MetricFamily runners("fal_app_runners", "gauge", "Replicas of an app by state and machine type.");
    MetricFamily queue("fal_app_queue_size", "gauge", "Requests that wait.");
    MetricFamily running("fal_app_concurrent_requests", "gauge", "Requests on a replica.");
    MetricFamily received("fal_app_requests_received", "counter", "Requests accepted since the host started.");
    MetricFamily completed("fal_app_requests_completed", "counter", "Requests that have their result, by its status.");
    MetricFamily memory("fal_app_runner_memory_usage_bytes", "gauge", "Memory that a replica says it uses.");
    for (const runtime::AppInfo& app : m_host.apps().list()) {
        queue.add({{"application", app.name}}, app.queued);
        running.add({{"application", app.name}}, app.running);
        const runtime::AppRuntime* runtime = m_host.apps().runtime(app.name);
        std::map<std::pair<std::string, std::string>, int> counts;
        for (const domain::ReplicaInfo& replica : runtime ? runtime->replicas() : std::vector<domain::ReplicaInfo>()) {
            if (replica.state == domain::ReplicaState::Terminated)
                continue;
            ++counts[{std::string(domain::replicaStateName(replica.state)), replica.machineType}];
            memory.add({{"application", app.name}, {"runner", replica.id}}, static_cast<double>(replica.memoryUsed));
        }
        for (const auto& [key, number] : counts)
            runners.add({{"application", app.name}, {"state", key.first}, {"machine_type", key.second}}, number);
    }
    for (const auto& [app, counters] : m_apps) {
        received.add({{"application", app}}, static_cast<double>(counters.received));
        for (const auto& [key, number] : counters.completed)
            completed.add({{"application", app}, {"method", key.first}, {"status", std::to_string(key.second)}},
                static_cast<double>(number));
    }
    return runners.text() + queue.text() + running.text() + received.text() + completed.text() + memory.text();
}

std::string Metrics::latencyText() const
{
    MetricFamily latency("fal_app_request_latency", "histogram", "Seconds from a request's arrival to its result.");
    for (const auto& [app, counters] : m_apps) {
        std::uint64_t upTo = 0;
        for (std::size_t index = 0; index < counters.latency.size(); ++index) {
            upTo += counters.latency[index];
            const std::string bound = index < kLatencyBounds.size() ? fmt::format("{}", kLatencyBounds[index]) : "+Inf";
            latency.add({{"application", app}, {"le", bound}}, static_cast<double>(upTo), "_bucket");
        }
        latency.add({{"application", app}}, counters.latencySum, "_sum");
        latency.add({{"application", app}}, static_cast<double>(upTo), "_count");
    }
    return latency.text();
}

std::string Metrics::hostText() const
{
    std::string text = MetricFamily("tintype_uptime_seconds", "gauge", "Seconds since the host started.")
                           .add({}, secondsBetween(m_host.startedAt(), wallClockNow()))
                           .text()
        + MetricFamily("tintype_process_resident_memory_bytes", "gauge", "Memory of the host's own process.")
              .add({}, residentBytes())
              .text()
        + MetricFamily("tintype_live_requests", "gauge", "Requests accepted that have no record yet.")
              .add({}, m_host.requests().liveCount())
              .text()
        + MetricFamily("tintype_draining", "gauge", "1 while the host takes nothing new.")
              .add({}, m_host.isDraining() ? 1 : 0)
              .text();
    if (m_connectionCount)
        text += MetricFamily("tintype_http_connections", "gauge", "Open connections, WebSockets too.")
                    .add({}, m_connectionCount())
                    .text();
    return text;
}

} // namespace tintype::api
