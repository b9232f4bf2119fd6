// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/log.h"
#include "engine/pipelines/component_source.h"
#include "engine/pipelines/pipeline.h"

#include <memory>

namespace tintype::engine {

/// Makes the pipeline that `pipelineClass` names. @error (EngineError) Unsupported: another class; of the components
std::unique_ptr<Pipeline> makePipeline(const std::string& pipelineClass, ComponentSource& source, Placement placement);

/// The dtype for "auto": on a GPU the one the denoiser is stored in (fp32 stays fp32), on a CPU float32.
at::ScalarType chooseDtype(const std::string& name, c10::Device device, const weights::ModelFolder& folder, const std::string& variant);

/// The model's scheduler/scheduler_config.json. @error (EngineError) NotFound, Corrupt
nlohmann::json readSchedulerConfig(const weights::ModelFolder& folder);

/// Folder name of the denoiser: "transformer" or "unet".
std::string denoiserComponent(const weights::ModelFolder& folder);

/// "float32", "bfloat16" or "float16". @error (EngineError) InvalidArgument: another name
at::ScalarType dtypeByName(const std::string& name);
std::string dtypeName(at::ScalarType dtype); ///< "float32", "bfloat16", "float16"

/// What a generation at `request` would need, from the configs alone: the pipeline is built on the meta device.
struct ModelEstimate {
    MemoryEstimate memory;
    std::uint64_t parameters = 0;
    Settings settings;
};
ModelEstimate estimateModel(
    const std::string& pipelineClass, const ComponentSource& configs, at::ScalarType dtype, const GenerateRequest& request);

/// "12.3 MB".
std::string bytesText(std::uint64_t bytes);

} // namespace tintype::engine
