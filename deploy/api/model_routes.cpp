// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/call_body.h"
#include "deploy/api/call_values.h"
#include "deploy/api/context.h"
#include "deploy/api/json_views.h"
#include "deploy/runtime/models.h"

namespace tintype::api {
namespace {

using requirements::ModelPlace;

constexpr std::chrono::hours kAskedGrace{1}; ///< what arrived within it may belong to a deploy on its way

Json componentJson(const requirements::ModelComponent& component)
{
    return {{"name", component.name}, {"class", component.className}, {"bytes", component.bytes},
        {"weight_bytes", component.weightBytes}, {"parameters", component.parameters}, {"dtype", component.dtype}};
}

Json modelJson(const runtime::HostModel& model)
{
    const requirements::ModelOnDisk& files = model.files;
    Json components = Json::array();
    std::uint64_t parameters = 0;
    for (const requirements::ModelComponent& component : files.components) {
        components.push_back(componentJson(component));
        parameters += component.parameters;
    }
    Json needs = Json::array();
    bool isInUse = false;
    for (const runtime::ModelNeed& need : model.neededBy) {
        needs.push_back({{"app", need.app}, {"revision", need.revision}, {"number", need.number}, {"in_use", need.inUse}});
        isInUse = isInUse || need.inUse;
    }
    return {{"id", files.id}, {"name", files.name}, {"source", requirements::modelPlaceName(files.place)},
        {"commit", files.commit}, {"pipeline", files.pipeline}, {"licence", files.licence}, {"bytes", files.bytes},
        {"parameters", parameters}, {"complete", files.isComplete}, {"memory_bytes", model.memoryBytes},
        {"memory_peak", model.memoryPeak}, {"components", components}, {"needed_by", needs},
        {"removable", !isInUse && files.place != ModelPlace::UserCache}};
}

void listModels(const Context& context, const CallPointer& call)
{
    const auto paging = pagingOf(call->request);
    if (!paging)
        return call->reply(tl::unexpected(paging.error()));
    context.host.models().list([call, paging = *paging](const Result<std::vector<runtime::HostModel>>& models) {
        if (!models)
            return call->reply(tl::unexpected(models.error()));
        Json items = Json::array();
        for (const runtime::HostModel& model : *models)
            items.push_back(modelJson(model));
        call->reply(pageOf(items, paging.limit, paging.cursor).map([](const Json& page) { return jsonAnswer(page); }));
    });
}

void removeModel(const Context& context, const CallPointer& call)
{
    context.host.models().remove(call->parameter("model"), [call](const Result<std::uint64_t>& freed) {
        call->reply(freed.map([](std::uint64_t bytes) { return jsonAnswer({{"freed_bytes", bytes}}); }));
    });
}

void showBlobs(const Context& context, const CallPointer& call)
{
    context.host.housekeeping().totals([call](const Result<store::BlobTotals>& totals) {
        call->reply(totals.map([](const store::BlobTotals& found) {
            return jsonAnswer({{"count", found.count}, {"bytes", found.bytes},
                {"unreferenced_count", found.unreferencedCount}, {"unreferenced_bytes", found.unreferencedBytes}});
        }));
    });
}

void collectBlobs(const Context& context, const CallPointer& call)
{
    if (const auto body = readBody(call->request, "Empty"); !body)
        return call->reply(tl::unexpected(body.error()));
    context.host.housekeeping().collect(kAskedGrace, [call](const Result<runtime::Collected>& collected) {
        call->reply(collected.map(
            [](const runtime::Collected& freed) { return jsonAnswer({{"freed_bytes", freed.bytes}}); }));
    });
}

} // namespace

ApiRoutes modelRoutes(Context& context)
{
    const auto by = [&context](void (*handler)(const Context&, const CallPointer&)) {
        return [&context, handler](const CallPointer& call) { handler(context, call); };
    };
    return {
        {.method = "GET",
            .pattern = "/v1/models",
            .summary = "Models on this host's disk, by name, and who needs them",
            .answer = "page of Model",
            .handle = by(listModels)},
        {.method = "DELETE",
            .pattern = "/v1/models/{model}",
            .summary = "Delete one that no revision in use needs; 409 names the revision",
            .answer = "Freed",
            .handle = by(removeModel)},
        {.method = "GET",
            .pattern = "/v1/blobs",
            .summary = "What the pushed files take, and how much of it no revision refers to",
            .answer = "BlobTotals",
            .handle = by(showBlobs)},
        {.method = "POST",
            .pattern = "/v1/blobs/collect",
            .summary = "Delete pushed files that no revision has referred to for an hour",
            .body = "Empty",
            .answer = "Freed",
            .handle = by(collectBlobs)},
    };
}

} // namespace tintype::api
