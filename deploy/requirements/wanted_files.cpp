// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/wanted_files.h"

#include "engine/base/json_fields.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <regex>
#include <set>

namespace tintype::requirements {
namespace {

/// A file of weights, or the index of its shards. @source diffusers 0.42: `model.fp16.safetensors`,
/// `model-00001-of-00002.fp16.safetensors` (before 0.28 `model.fp16-00001-of-00002.safetensors`),
/// `model.safetensors.index.fp16.json`
struct WeightName {
    std::string base;
    std::string variant;
    bool isSingle = false; ///< neither a shard nor an index
};

std::optional<WeightName> weightName(const std::string& name)
{
    static const std::regex index(R"(^(.+?)\.safetensors\.index(?:\.(\w+))?\.json$)");
    static const std::regex shard(R"(^(.+?)(?:\.(\w+))?-\d{5}-of-\d{5}(?:\.(\w+))?\.safetensors$)");
    static const std::regex single(R"(^(.+?)(?:\.(\w+))?\.safetensors$)");
    std::smatch match;
    if (std::regex_match(name, match, index))
        return WeightName{match[1], match[2], false};
    if (std::regex_match(name, match, shard))
        return WeightName{match[1], match[2].matched ? match[2] : match[3], false};
    if (std::regex_match(name, match, single))
        return WeightName{match[1], match[2], true};
    return std::nullopt;
}

bool isRead(const WeightName& name)
{
    return name.base == "model" || name.base == "diffusion_pytorch_model";
}

bool isSetting(const std::string& name)
{
    constexpr std::array<std::string_view, 3> kEndings{".json", ".txt", ".model"};
    return std::ranges::any_of(kEndings, [&name](std::string_view ending) { return name.ends_with(ending); });
}

Result<std::set<std::string>> componentsOf(std::string_view modelIndex)
{
    TINTYPE_TRY_ASSIGN(const auto json, JsonFields::parseObject(modelIndex, std::string(kModelIndex)));
    std::set<std::string> components;
    for (const auto& [name, value] : json.items()) {
        if (!value.is_array() || value.size() != 2 || !value[1].is_string())
            continue;
        if (!isSafePath(name) || name.find('/') != std::string::npos)
            return fail(ErrorCode::Corrupt, fmt::format("{}: a component's name is a path", kModelIndex));
        components.insert(name);
    }
    return components;
}

/// The files of one component's folder by name, without those of folders below it.
using Folder = std::map<std::string, const HubFile*>;

std::map<std::string, Folder> foldersOf(const std::vector<HubFile>& files, const std::set<std::string>& components)
{
    std::map<std::string, Folder> folders;
    for (const HubFile& file : files) {
        const std::size_t slash = file.path.find('/');
        if (slash == std::string::npos || file.path.find('/', slash + 1) != std::string::npos)
            continue;
        const std::string component = file.path.substr(0, slash);
        if (components.contains(component))
            folders[component][file.path.substr(slash + 1)] = &file;
    }
    return folders;
}

/// The engine's own rule, with the plain files as what a component without the variant falls back to.
Result<std::string> chooseVariant(const std::string& component, const Folder& folder, const std::string& wanted)
{
    std::set<std::string> present;
    for (const auto& [name, file] : folder) {
        const auto weights = weightName(name);
        if (weights && isRead(*weights))
            present.insert(weights->variant);
    }
    if (present.contains(wanted))
        return wanted;
    if (present.empty() || present.contains(""))
        return "";
    if (wanted.empty() && present.size() == 1)
        return *present.begin();
    return fail(ErrorCode::NotFound,
        fmt::format("{} has weights only as the variants {}: name one of them", component, fmt::join(present, ", ")));
}

/// A single file where there is one, else shards and their index.
std::vector<HubFile> weightsOf(const Folder& folder, const std::string& variant)
{
    std::vector<HubFile> singles;
    std::vector<HubFile> shards;
    for (const auto& [name, file] : folder) {
        const auto weights = weightName(name);
        if (weights && isRead(*weights) && weights->variant == variant)
            (weights->isSingle ? singles : shards).push_back(*file);
    }
    return singles.empty() ? shards : singles;
}

} // namespace

bool isNotice(const HubFile& file)
{
    return file.path == "README.md";
}

Result<std::vector<HubFile>> wantedFiles(
    const std::vector<HubFile>& files, std::string_view modelIndex, const std::string& variant)
{
    TINTYPE_TRY_ASSIGN(const auto components, componentsOf(modelIndex));
    std::vector<HubFile> wanted;
    for (const HubFile& file : files) {
        if (file.path == kModelIndex || isNotice(file))
            wanted.push_back(file);
    }
    bool hasWeights = false;
    for (const auto& [component, folder] : foldersOf(files, components)) {
        TINTYPE_TRY_ASSIGN(const auto chosen, chooseVariant(component, folder, variant));
        const auto weights = weightsOf(folder, chosen);
        hasWeights |= !weights.empty();
        for (const auto& [name, file] : folder) {
            const bool isWanted = weights.empty() ? isSetting(name) && !weightName(name) : name == "config.json";
            if (isWanted)
                wanted.push_back(*file);
        }
        wanted.insert(wanted.end(), weights.begin(), weights.end());
    }
    if (!hasWeights)
        return fail(ErrorCode::Unsupported, "none of its components has weights as safetensors");
    return wanted;
}

bool looksComplete(const std::vector<HubFile>& wanted, std::string_view modelIndex)
{
    const auto components = componentsOf(modelIndex);
    if (!components)
        return false;
    const auto folders = foldersOf(wanted, *components);
    if (folders.size() != components->size())
        return false;
    static const std::regex shard(R"(^.*-\d{5}-of-(\d{5})\b.*\.safetensors$)");
    return std::ranges::all_of(folders, [](const auto& entry) {
        int shards = 0;
        int ofShards = 0;
        bool hasWeights = false;
        for (const auto& [name, file] : entry.second) {
            std::smatch match;
            hasWeights |= name.ends_with(".safetensors");
            if (std::regex_match(name, match, shard)) {
                ++shards;
                ofShards = std::stoi(match[1]);
            }
        }
        return shards == ofShards && (hasWeights || !entry.second.contains("config.json"));
    });
}

} // namespace tintype::requirements
