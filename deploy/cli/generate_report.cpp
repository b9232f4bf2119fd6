// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/generate_report.h"

#include <filesystem>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::cli {
namespace {

using nlohmann::ordered_json;

ordered_json imagesOf(const GenerateOptions& options, const GenerateResult& result)
{
    ordered_json images = ordered_json::array();
    const std::vector<std::string> files = pictureFiles(options);
    for (std::size_t index = 0; index < std::min(files.size(), result.images.size()); ++index) {
        const EncodedImage& image = result.images[index];
        const std::string name = std::filesystem::path(files[index]).filename().string();
        images.push_back({{"path", files[index]}, {"file_name", name}, {"width", image.width},
            {"height", image.height}, {"content_type", image.contentType}, {"file_size", image.bytes.size()}});
    }
    return images;
}

ordered_json modelOf(const ModelCard& card)
{
    return {{"family", card.family}, {"pipeline_class", card.pipelineClass}, {"device", card.device},
        {"dtype", card.dtype}, {"parameters", card.parameters}, {"weight_bytes", card.weightBytes},
        {"licence", card.licence}, {"commit", card.commit}};
}

std::string asLine(const ordered_json& object)
{
    return object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace

std::string resultAsJson(const GenerateOptions& options, const ModelCard& card, const GenerateResult& result)
{
    const Timings& timings = result.timings;
    ordered_json object{
        {"images", imagesOf(options, result)},
        {"seed", result.seed},
        {"prompt", options.input.prompt},
        {"width", result.width},
        {"height", result.height},
        {"num_inference_steps", result.steps},
        {"guidance_scale", result.guidanceScale},
        {"scheduler", result.scheduler},
        {"warnings", result.warnings},
        {"timings",
            {{"setup", card.loadSeconds}, {"text", timings.text}, {"denoise", timings.denoise},
                {"steps", timings.steps}, {"decode", timings.decode}, {"encode", timings.encode},
                {"total", timings.total}}},
        {"model", modelOf(card)},
    };
    if (!options.latentsFile.empty())
        object["latents"] = options.latentsFile;
    return asLine(object);
}

std::string errorAsJson(const Error& error)
{
    return asLine({{"error", {{"code", errorCodeName(error.code)}, {"message", error.message}}}});
}

std::string summaryOf(const ModelCard& card, const GenerateResult& result)
{
    return fmt::format("{}×{}, seed {}, {} steps of {} in {:.2f} s (model loaded in {:.2f} s)", result.width,
        result.height, result.seed, result.steps, result.scheduler, result.timings.total, card.loadSeconds);
}

} // namespace tintype::cli
