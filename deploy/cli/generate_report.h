// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/generate_options.h"
#include "engine/base/error.h"

#include <string>
#include <vector>

namespace tintype::cli {

/// The outcome of a generation as one JSON object, with a newline: pictures, parameters, timings in seconds.
std::string resultAsJson(const GenerateOptions& options, const ModelCard& card, const GenerateResult& result);

/// `{"error": {"code", "message"}}`
std::string errorAsJson(const Error& error);

/// "1024×1024, seed 7, 20 steps of EulerDiscreteScheduler in 3.21 s (model loaded in 1.50 s)"
std::string summaryOf(const ModelCard& card, const GenerateResult& result);

} // namespace tintype::cli
