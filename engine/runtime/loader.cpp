// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/loader.h"

#include "engine/nn/engine_error.h"
#include "engine/pipelines/flux_pipeline.h"
#include "engine/pipelines/sdxl_pipeline.h"

#include <ATen/ATen.h>
#include <array>
#include <fstream>

namespace tintype::engine {
namespace {

struct DtypeRow {
    const char* name;
    at::ScalarType type;
    weights::DType stored;
};
constexpr std::array kDtypes{
    DtypeRow{"float32", at::kFloat, weights::DType::F32},
    DtypeRow{"bfloat16", at::kBFloat16, weights::DType::BF16},
    DtypeRow{"float16", at::kHalf, weights::DType::F16},
};

} // namespace

std::unique_ptr<Pipeline> makePipeline(const std::string& pipelineClass, ComponentSource& source, Placement placement)
{
    if (pipelineClass == "FluxPipeline")
        return std::make_unique<FluxPipeline>(source, placement);
    if (pipelineClass == "StableDiffusionXLPipeline")
        return std::make_unique<SdxlPipeline>(source, placement);
    raise(ErrorCode::Unsupported, "model_index.json: pipeline class '{}' is not supported (FluxPipeline and StableDiffusionXLPipeline are)", pipelineClass);
}

nlohmann::json readSchedulerConfig(const weights::ModelFolder& folder)
{
    const std::filesystem::path path = folder.path / "scheduler" / "scheduler_config.json";
    std::ifstream stream(path, std::ios::binary);
    if (!stream)
        raise(ErrorCode::NotFound, "{}: cannot be read", path.string());
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    return valueOrRaise(parseSchedulerConfig(text, path.string()));
}

std::string denoiserComponent(const weights::ModelFolder& folder)
{
    return folder.components.contains("unet") ? "unet" : "transformer";
}

at::ScalarType dtypeByName(const std::string& name)
{
    for (const DtypeRow& row : kDtypes) {
        if (name == row.name)
            return row.type;
    }
    raise(ErrorCode::InvalidArgument, "dtype '{}' is not auto, float32, bfloat16 or float16", name);
}

std::string dtypeName(at::ScalarType dtype)
{
    for (const DtypeRow& row : kDtypes) {
        if (row.type == dtype)
            return row.name;
    }
    return c10::toString(dtype);
}

at::ScalarType chooseDtype(const std::string& name, c10::Device device, const weights::ModelFolder& folder, const std::string& variant)
{
    if (name != "auto")
        return dtypeByName(name);
    if (device.is_cpu())
        return at::kFloat;
    const auto files = valueOrRaise(weights::openComponent(folder.path / denoiserComponent(folder), "diffusion_pytorch_model", variant));
    const auto all = files.all();
    for (const DtypeRow& row : kDtypes) {
        if (!all.empty() && all.begin()->second.entry->dtype == row.stored)
            return row.type;
    }
    return at::kBFloat16;
}

ModelEstimate estimateModel(
    const std::string& pipelineClass, const ComponentSource& configs, at::ScalarType dtype, const GenerateRequest& request)
{
    RandomSource counting(configs);
    const auto pipeline = makePipeline(pipelineClass, counting, {c10::Device(c10::kMeta), dtype});
    std::vector<std::string> ignored;
    ModelEstimate estimate;
    estimate.settings = pipeline->resolve(request, ignored);
    estimate.memory = pipeline->estimate(estimate.settings);
    estimate.parameters = counting.parameters();
    return estimate;
}

std::string bytesText(std::uint64_t bytes)
{
    constexpr std::array units{"B", "kB", "MB", "GB", "TB"};
    double value = static_cast<double>(bytes);
    std::size_t unit = 0;
    while (value >= 1000 && unit + 1 < units.size()) {
        value /= 1000;
        ++unit;
    }
    return fmt::format("{:.{}f} {}", value, unit == 0 ? 0 : 1, units[unit]);
}

} // namespace tintype::engine
