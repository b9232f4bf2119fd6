// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/model_inventory.h"

#include "deploy/requirements/wanted_files.h"
#include "deploy/requirements/weights_summary.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <numeric>
#include <sstream>

namespace tintype::requirements {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxTextBytes = 1u << 20; ///< of a model_index.json, and of a README
constexpr int kMaxFrontMatterLines = 500;
constexpr int kDeepestModel = 4; ///< folders below that of a push

std::vector<fs::path> foldersIn(const fs::path& parent)
{
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator entry(parent, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        if (entry->is_directory(gone))
            folders.push_back(entry->path());
    }
    std::ranges::sort(folders);
    return folders;
}

std::string textOf(const fs::path& file)
{
    std::error_code error;
    const auto size = fs::file_size(file, error);
    if (error || size > kMaxTextBytes)
        return {};
    std::ifstream stream(file, std::ios::binary);
    std::string text(size, '\0');
    stream.read(text.data(), static_cast<std::streamsize>(size));
    return stream ? text : std::string();
}

/// `license: apache-2.0` between the lines `---` at the top; a name of its own (`license_name`) says more than "other".
std::string licenceOf(const fs::path& folder)
{
    std::istringstream stream(textOf(folder / "README.md"));
    std::string line;
    std::map<std::string, std::string> fields;
    if (!std::getline(stream, line) || !line.starts_with("---"))
        return {};
    for (int count = 0; count < kMaxFrontMatterLines && std::getline(stream, line) && !line.starts_with("---"); ++count) {
        const auto colon = line.find(':');
        if (colon == std::string::npos)
            continue;
        std::string value = line.substr(colon + 1);
        std::erase_if(value, [](char byte) { return byte == '"' || byte == '\'' || byte == ' ' || byte == '\r'; });
        fields.emplace(line.substr(0, colon), value);
    }
    const std::string& own = fields["license_name"];
    return own.empty() ? fields["license"] : own;
}

std::vector<HubFile> filesBelow(const fs::path& top)
{
    std::vector<HubFile> files;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(top, error), end; !error && entry != end; entry.increment(error)) {
        std::error_code gone;
        const std::string path = entry->path().lexically_relative(top).generic_string();
        if (!entry->is_regular_file(gone) || gone || !isSafePath(path))
            continue;
        const auto bytes = static_cast<std::int64_t>(entry->file_size(gone));
        files.push_back({.path = path, .bytes = gone ? 0 : bytes, .hashKind = HubFile::Hash::GitBlob, .hash = {}});
    }
    return files;
}

std::uint64_t bytesOf(const std::vector<HubFile>& files, std::string_view beginning = {})
{
    return std::accumulate(files.begin(), files.end(), std::uint64_t{0}, [beginning](std::uint64_t sum, const HubFile& file) {
        return file.path.starts_with(beginning) ? sum + static_cast<std::uint64_t>(file.bytes) : sum;
    });
}

/// What model_index.json and the folders beside it say.
void describe(ModelOnDisk& model, const fs::path& folder)
{
    const std::string text = textOf(folder / kModelIndex);
    const auto index = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    if (!index.is_object())
        return;
    const auto files = filesBelow(folder);
    const auto wanted = wantedFiles(files, text, {});
    if (const auto name = index.find("_class_name"); name != index.end() && name->is_string())
        model.pipeline = name->get<std::string>();
    model.licence = licenceOf(folder);
    model.isComplete = model.place == ModelPlace::Pushed || (wanted && looksComplete(*wanted, text));
    for (const auto& [name, value] : index.items()) {
        if (!value.is_array() || value.size() != 2 || !value[1].is_string() || !isSafePath(name))
            continue;
        ModelComponent component{.name = name, .className = value[1].get<std::string>(), .bytes = bytesOf(files, name + "/"),
            .weightBytes = 0, .parameters = 0, .dtype = {}};
        WeightsSummary weights;
        for (const HubFile& file : wanted ? *wanted : files) {
            if (file.path.starts_with(name + "/") && file.path.ends_with(".safetensors"))
                weights.add(folder / file.path);
        }
        component.weightBytes = weights.totalBytes();
        component.parameters = weights.parameters;
        component.dtype = weights.dtype();
        model.components.push_back(std::move(component));
    }
}

/// The folders of a push that are models; those below a model are its components.
std::vector<fs::path> modelsBelow(const fs::path& folder, int depth = 0)
{
    std::error_code error;
    if (fs::is_regular_file(folder / kModelIndex, error))
        return {folder};
    std::vector<fs::path> models;
    if (depth == kDeepestModel)
        return models;
    for (const fs::path& below : foldersIn(folder)) {
        const auto found = modelsBelow(below, depth + 1);
        models.insert(models.end(), found.begin(), found.end());
    }
    return models;
}

std::string firstFolderOf(const fs::path& folder)
{
    const auto folders = foldersIn(folder);
    return folders.empty() ? folder.filename().string() : folders.front().filename().string();
}

/// "models--org--name" → "org/name"
std::string repositoryOf(const fs::path& folder)
{
    constexpr std::string_view kPrefix = "models--";
    std::string name = folder.filename().string();
    if (!name.starts_with(kPrefix))
        return {};
    name.erase(0, kPrefix.size());
    const auto border = name.find("--");
    return border == std::string::npos ? std::string() : name.replace(border, 2, "/");
}

} // namespace

std::string_view modelPlaceName(ModelPlace place)
{
    switch (place) {
    case ModelPlace::Pushed: return "pushed";
    case ModelPlace::Hub: return "hub";
    case ModelPlace::UserCache: return "cache";
    }
    return "";
}

std::uint64_t ModelOnDisk::weightBytes() const
{
    return std::accumulate(components.begin(), components.end(), std::uint64_t{0},
        [](std::uint64_t sum, const ModelComponent& component) { return sum + component.weightBytes; });
}

std::vector<ModelOnDisk> pushedModels(const fs::path& folder)
{
    std::vector<ModelOnDisk> models;
    for (const fs::path& push : foldersIn(folder)) {
        ModelOnDisk model{.id = "pushed-" + push.filename().string(), .name = {}, .place = ModelPlace::Pushed, .commit = {},
            .pipeline = {}, .licence = {}, .bytes = bytesOf(filesBelow(push)), .isComplete = true, .components = {},
            .folder = push};
        for (const fs::path& found : modelsBelow(push)) {
            model.name += (model.name.empty() ? "" : ", ") + found.lexically_relative(push).generic_string();
            describe(model, found);
        }
        if (model.name.empty())
            model.name = firstFolderOf(push);
        models.push_back(std::move(model));
    }
    return models;
}

std::vector<ModelOnDisk> hubModels(const HubCache& cache, ModelPlace place)
{
    std::vector<ModelOnDisk> models;
    for (const fs::path& folder : foldersIn(cache.root())) {
        const std::string repository = repositoryOf(folder);
        if (repository.empty())
            continue;
        for (const fs::path& snapshot : foldersIn(folder / "snapshots")) {
            const std::string commit = snapshot.filename().string();
            std::error_code error;
            if (!isCommit(commit) || !fs::exists(snapshot / kModelIndex, error))
                continue; // a cache holds other things too
            ModelOnDisk model{.id = fmt::format("{}-{}-{}", modelPlaceName(place), folder.filename().string().substr(8), commit),
                .name = repository, .place = place, .commit = commit, .pipeline = {}, .licence = {},
                .bytes = bytesOf(filesBelow(snapshot)), .isComplete = true, .components = {}, .folder = snapshot};
            describe(model, snapshot);
            models.push_back(std::move(model));
        }
    }
    return models;
}

} // namespace tintype::requirements
