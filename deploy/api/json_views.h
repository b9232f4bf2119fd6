// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/schemas.h"
#include "deploy/api/urls.h"
#include "deploy/domain/scaling_fields.h"
#include "deploy/http/message.h"
#include "deploy/runtime/apps.h"
#include "deploy/runtime/host.h"
#include "deploy/runtime/logs.h"
#include "deploy/runtime/requests.h"

#include <string>
#include <vector>

// How each value looks in JSON, in answers and in events alike; the shapes are those of schemas.cpp. Never a secret.
// Included by .cpp files only.

namespace tintype::api {

/// Input and output hold prompts: they are told only to whoever asks for one request.
enum class Payload { Without, With };

Json appJson(const runtime::AppInfo& app, const std::vector<domain::ReplicaInfo>& replicas, const UrlMap& urls);
Json scalingJson(const domain::Scaling& scaling);
std::string_view scalingName(const domain::ScalingField& field); ///< as in app.yaml, but "machine_types"
Json replicaJson(const domain::ReplicaInfo& replica);
Json requestJson(const runtime::RequestView& view, Payload payload); ///< live or done
Json recordJson(const domain::Record& record, Payload payload);
Json progressJson(const Progress& progress); ///< without the preview
Json logJson(const runtime::LogLine& line);
Json planJson(const runtime::DeployPlan& plan);
Json receiptJson(const runtime::DeployReceipt& receipt, const UrlMap& urls, bool isRolling);
Json fileJson(const store::StoredFile& file);

std::string dumped(const Json& json); ///< what is not UTF-8 becomes U+FFFD
http::Response jsonAnswer(const Json& json, int status = 200);
http::Response noContent();

Json pageJson(Json items, const std::string& nextCursor);

/// The page of a list that lies in memory; its cursor is the number of items before it.
/// @error InvalidArgument: the cursor is not one of this list
Result<Json> pageOf(const Json& items, int limit, const std::string& cursor);

} // namespace tintype::api
