// SPDX-License-Identifier: Apache-2.0
#include "engine/commands/commands.h"
#include "engine/commands/output.h"
#include "engine/image/png.h"
#include "engine/nn/engine_error.h"
#include "engine/runtime/loader.h"
#include "engine/weights/model_folder.h"

#include <cstdio>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace tintype::engine {
namespace {

struct Arguments {
    std::string what;
    std::string variant;
    std::string dtype = "auto";
    GenerateRequest request; ///< size and batch of the memory estimate
    bool json = false;
};

bool isProvenance(const std::string& key)
{
    return key == "tintype";
}

Result<int> inspectPicture(const Arguments& arguments)
{
    TINTYPE_TRY_ASSIGN(const auto info, image::readPngInfo(arguments.what));
    nlohmann::json json{{"width", info.width}, {"height", info.height}, {"text", nlohmann::json::object()}, {"provenance", nullptr}};
    for (const auto& [key, value] : info.text) {
        if (!isProvenance(key)) {
            json["text"][key] = value;
            continue;
        }
        auto provenance = nlohmann::json::parse(value, nullptr, /*allow_exceptions=*/false);
        if (provenance.is_object())
            json["provenance"] = std::move(provenance);
    }
    if (arguments.json) {
        printJson(json);
        return 0;
    }
    fmt::print("{}: PNG, {}x{}\n", arguments.what, info.width, info.height);
    if (!json["provenance"].is_object()) {
        fmt::print("no provenance: not drawn by Tintype, or it was stripped\n");
        return 0;
    }
    for (const auto& [key, value] : json["provenance"].items())
        fmt::print("  {:<20} {}\n", key, value.is_string() ? value.get<std::string>() : value.dump());
    return 0;
}

/// Base names of the weight files, by component. Components without weights are not in here.
const char* weightBaseName(const std::string& component)
{
    if (component == "transformer" || component == "unet" || component == "vae")
        return "diffusion_pytorch_model";
    return component == "text_encoder" || component == "text_encoder_2" ? "model" : nullptr;
}

Result<nlohmann::json> describeComponent(
    const weights::ModelFolder& folder, const std::string& name, const std::string& className, const std::string& variant)
{
    nlohmann::json json{{"name", name}, {"class", className}};
    if (const char* base = weightBaseName(name)) {
        TINTYPE_TRY_ASSIGN(const auto files, weights::openComponent(folder.path / name, base, variant));
        std::map<std::string, std::uint64_t> dtypes;
        for (const auto& [tensor, place] : files.all())
            ++dtypes[std::string(weights::dtypeName(place.entry->dtype))];
        json["parameters"] = files.parameters();
        json["bytes"] = files.bytes();
        json["tensors"] = files.all().size();
        json["dtypes"] = dtypes;
        json["files"] = nlohmann::json::array();
        for (const auto& file : files.files)
            json["files"].push_back(file.path().filename().string());
    }
    return json;
}

nlohmann::json describeEstimate(const ModelEstimate& estimate)
{
    const MemoryEstimate& memory = estimate.memory;
    return {
        {"width", estimate.settings.width},
        {"height", estimate.settings.height},
        {"num_images", estimate.settings.images},
        {"weights", memory.weights},
        {"denoise", memory.denoise},
        {"decode", memory.decode},
        {"decode_tiled", memory.decodeTiled},
        {"total", memory.total(/*tiled=*/false)},
        {"total_tiled", memory.total(/*tiled=*/true)},
    };
}

void printModel(const nlohmann::json& json)
{
    fmt::print("{}  {}\n", json["pipeline"].get<std::string>(), json["path"].get<std::string>());
    fmt::print("licence: {}\n", json["licence"].get<std::string>().empty() ? "not told" : json["licence"].get<std::string>());
    if (!json["commit"].get<std::string>().empty())
        fmt::print("commit: {}\n", json["commit"].get<std::string>());
    fmt::print("\n{:<16} {:<28} {:>14} {:>10}  {}\n", "component", "class", "parameters", "size", "dtypes");
    for (const auto& component : json["components"]) {
        const bool hasWeights = component.contains("parameters");
        std::vector<std::string> dtypes;
        if (hasWeights) {
            for (const auto& [dtype, count] : component["dtypes"].items())
                dtypes.push_back(dtype);
        }
        fmt::print("{:<16} {:<28} {:>14} {:>10}  {}\n", component["name"].get<std::string>(), component["class"].get<std::string>(),
            hasWeights ? std::to_string(component["parameters"].get<std::uint64_t>()) : "",
            hasWeights ? bytesText(component["bytes"].get<std::uint64_t>()) : "", fmt::join(dtypes, ", "));
    }
    const auto& memory = json["memory"];
    const auto bytes = [&memory](const char* key) { return bytesText(memory[key].get<std::uint64_t>()); };
    fmt::print("\nmemory in {} at {}x{}, {} image(s): {} (weights {}, denoise {}, decode {}); {} with a tiled decode\n",
        json["dtype"].get<std::string>(), memory["width"].get<int>(), memory["height"].get<int>(), memory["num_images"].get<int>(),
        bytes("total"), bytes("weights"), bytes("denoise"), bytes("decode"), bytes("total_tiled"));
}

Result<int> inspectModel(const Arguments& arguments)
{
    TINTYPE_TRY_ASSIGN(const auto folder, weights::findModel(arguments.what));
    nlohmann::json json{{"path", folder.path.string()}, {"pipeline", folder.pipelineClass}, {"licence", folder.licence},
        {"commit", folder.commit}, {"components", nlohmann::json::array()}};
    for (const auto& [name, className] : folder.components) {
        TINTYPE_TRY_ASSIGN(auto component, describeComponent(folder, name, className, arguments.variant));
        json["components"].push_back(std::move(component));
    }
    const FolderSource source(folder, arguments.variant);
    const at::ScalarType dtype = chooseDtype(arguments.dtype, c10::kCPU, folder, arguments.variant);
    const ModelEstimate estimate = estimateModel(folder.pipelineClass, source, dtype, arguments.request);
    json["parameters"] = estimate.parameters;
    json["dtype"] = dtypeName(dtype);
    json["memory"] = describeEstimate(estimate);
    if (arguments.json)
        printJson(json);
    else
        printModel(json);
    return 0;
}

} // namespace

int runInspect(int argc, char** argv)
{
    Arguments arguments;
    CLI::App parser("What a model folder holds and needs, or how a picture was made");
    parser.name("tintype inspect");
    parser.add_option("what", arguments.what, "Model folder, org/name[@revision] in the Hugging Face cache, or a PNG")->required();
    parser.add_option("--variant", arguments.variant, "Weight files' variant, e.g. fp16");
    parser.add_option("--dtype", arguments.dtype, "dtype of the memory estimate: auto, float32, bfloat16, float16");
    parser.add_option("--width", arguments.request.width, "Width of the memory estimate");
    parser.add_option("--height", arguments.request.height, "Height of the memory estimate");
    parser.add_option("--num-images", arguments.request.numImages, "Batch of the memory estimate");
    parser.add_flag("--json", arguments.json, "Print JSON");
    return runCommand(parser, argc, argv, arguments.json, [&]() -> Result<int> {
        return arguments.what.ends_with(".png") ? inspectPicture(arguments) : inspectModel(arguments);
    });
}

} // namespace tintype::engine
