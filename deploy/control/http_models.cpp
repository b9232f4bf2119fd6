// SPDX-License-Identifier: Apache-2.0
// The part of HttpControl about what lies on a host's disk.
#include "deploy/control/http_control.h"
#include "deploy/control/json_answers.h"

namespace tintype::control {
namespace {

constexpr std::chrono::minutes kDiskTimeout{5}; ///< many files on a slow disk

std::uint64_t sizeOf(const Json& object, std::string_view name)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(integerOf(object, name), 0));
}

std::uint64_t freedFrom(const Json& object) { return sizeOf(object, "freed_bytes"); }

BlobTotals totalsFrom(const Json& object)
{
    return {sizeOf(object, "count"), sizeOf(object, "bytes"), sizeOf(object, "unreferenced_count"),
        sizeOf(object, "unreferenced_bytes")};
}

} // namespace

ModelInfo modelFrom(const Json& object)
{
    ModelInfo model{.id = textOf(object, "id"), .name = textOf(object, "name"), .source = textOf(object, "source"),
        .commit = textOf(object, "commit"), .pipeline = textOf(object, "pipeline"), .licence = textOf(object, "licence"),
        .bytes = sizeOf(object, "bytes"), .parameters = sizeOf(object, "parameters"),
        .memoryBytes = sizeOf(object, "memory_bytes"), .memoryPeak = sizeOf(object, "memory_peak"),
        .complete = flagOf(object, "complete"), .removable = flagOf(object, "removable"), .components = {}, .neededBy = {}};
    if (const Json& components = fieldOf(object, "components"); components.is_array()) {
        for (const Json& component : components)
            model.components.push_back({textOf(component, "name"), textOf(component, "class"), sizeOf(component, "bytes"),
                sizeOf(component, "parameters"), textOf(component, "dtype")});
    }
    if (const Json& needs = fieldOf(object, "needed_by"); needs.is_array()) {
        for (const Json& need : needs)
            model.neededBy.push_back({textOf(need, "app"), textOf(need, "revision"),
                static_cast<int>(integerOf(need, "number")), flagOf(need, "in_use")});
    }
    return model;
}

Future<std::vector<ModelInfo>> HttpControl::models()
{
    HttpCall call = apiCall("GET", "/v1/models");
    call.timeout = kDiskTimeout;
    return askAll<ModelInfo>(m_transport, call, modelFrom);
}

Future<std::uint64_t> HttpControl::deleteModel(const std::string& id)
{
    HttpCall call = apiCall("DELETE", "/v1/models/" + pathSegment(id));
    call.timeout = kDiskTimeout;
    return ask<std::uint64_t>(m_transport, call, freedFrom);
}

Future<BlobTotals> HttpControl::blobTotals()
{
    return ask<BlobTotals>(m_transport, apiCall("GET", "/v1/blobs"), totalsFrom);
}

Future<std::uint64_t> HttpControl::collectBlobs()
{
    HttpCall call = apiCall("POST", "/v1/blobs/collect", std::string("{}"));
    call.timeout = kDiskTimeout;
    return ask<std::uint64_t>(m_transport, call, freedFrom);
}

} // namespace tintype::control
