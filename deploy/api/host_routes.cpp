// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/api/metrics.h"
#include "deploy/runtime/machines.h"

#include <algorithm>


namespace tintype::api {
namespace {

constexpr std::string_view kVersion = TINTYPE_VERSION;

std::string_view statusOf(const runtime::Host& host) { return host.isDraining() ? "draining" : "ok"; }

bool isTaken(const runtime::Machines& machines, const std::string& device)
{
    return std::ranges::any_of(machines.placements(),
        [&device](const domain::Placement& placement) { return std::ranges::find(placement.devices, device) != placement.devices.end(); });
}

/// Replicas of this type that still fit.
std::uint64_t freeOf(const runtime::Machines& machines, const domain::MachineType& type)
{
    if (type.isGpu)
        return static_cast<std::uint64_t>(
            std::ranges::count_if(type.devices, [&](const std::string& device) { return !isTaken(machines, device); }));
    std::uint64_t taken = 0;
    for (const domain::Placement& placement : machines.placements()) {
        if (placement.devices == std::vector<std::string>{"cpu"})
            taken += placement.memoryBytes;
    }
    const std::uint64_t memory = machines.hardware().memoryBytes;
    return type.memoryBytes == 0 || taken > memory ? 0 : (memory - taken) / type.memoryBytes;
}

Json devicesJson(const runtime::Hardware& hardware)
{
    Json devices = Json::array({Json{{"device", "cpu"}, {"name", "CPU"}, {"memory", hardware.memoryBytes}}});
    for (const runtime::Gpu& gpu : hardware.gpus)
        devices.push_back({{"device", "cuda:" + std::to_string(gpu.index)}, {"name", gpu.name}, {"memory", gpu.memoryBytes}});
    return devices;
}

Json hostJson(runtime::Host& host, const UrlMap& urls)
{
    const runtime::Machines& machines = host.machines();
    Json types = Json::array();
    for (const domain::MachineType& type : machines.types())
        types.push_back({{"name", type.name}, {"is_gpu", type.isGpu}, {"memory", type.memoryBytes}, {"cpus", type.cpus},
            {"devices", type.devices}, {"free", freeOf(machines, type)}});
    return {{"version", kVersion}, {"owner", host.options().owner}, {"started_at", isoTime(host.startedAt())},
        {"status", statusOf(host)}, {"devices", devicesJson(machines.hardware())}, {"machine_types", types},
        {"memory", machines.hardware().memoryBytes}, {"cores", machines.hardware().cores}, {"urls", urls}};
}

http::Response metricsAnswer(const Metrics& metrics)
{
    http::Response response = http::Response::text(200, metrics.text());
    response.headers.set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    return response;
}

} // namespace

ApiRoutes hostRoutes(Context& context)
{
    return {
        {.method = "GET",
            .pattern = "/health",
            .summary = "Whether the host takes requests",
            .scope = Scope::Anyone,
            .answer = "Health",
            .handle = answer([&context](const Call&) {
                return jsonAnswer({{"status", statusOf(context.host)}, {"version", kVersion}});
            })},
        {.method = "GET",
            .pattern = "/metrics",
            .summary = "Counters and gauges in Prometheus' text format",
            .handle = answer([&context](const Call&) { return metricsAnswer(context.metrics); })},
        {.method = "GET",
            .pattern = "/v1/host",
            .summary = "What this host is and has",
            .answer = "Host",
            .handle = answer([&context](const Call& call) {
                return jsonAnswer(hostJson(context.host, context.urls.ofHost(context.urls.base(call.request))));
            })},
    };
}

} // namespace tintype::api
