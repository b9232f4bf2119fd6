// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/model_folder.h"

#include "engine/base/json_fields.h"

#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <regex>
#include <set>

namespace tintype::weights {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t kMaxJsonBytes = 16u << 20;
constexpr std::size_t kMaxReadmeBytes = 1u << 20;

bool isFile(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_regular_file(path, ignored);
}

bool isFolder(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

std::string environment(const char* name)
{
    const char* value = std::getenv(name);
    return value ? value : "";
}

std::string firstLine(const fs::path& path)
{
    std::ifstream stream(path);
    std::string line;
    std::getline(stream, line);
    return line;
}

/// The `license:` (and `license_name:`) of the README's YAML front matter.
std::string licenceOf(const fs::path& folder)
{
    std::ifstream stream(folder / "README.md");
    std::string line;
    std::string licence;
    std::size_t read = 0;
    if (!std::getline(stream, line) || line.substr(0, 3) != "---")
        return {};
    while (std::getline(stream, line) && line.substr(0, 3) != "---" && (read += line.size()) < kMaxReadmeBytes) {
        static const std::regex field(R"(^(license|license_name):\s*["']?([^"'\s]+).*$)");
        std::smatch match;
        if (std::regex_match(line, match, field) && (licence.empty() || match[1] == "license_name"))
            licence = match[2];
    }
    return licence;
}

struct Snapshot {
    fs::path path;
    std::string commit;
};

/// Finds the snapshot of `org/name[@revision]` in the cache.
Result<Snapshot> findSnapshot(const std::string& model)
{
    static const std::regex form(R"(^([A-Za-z0-9][\w.-]*)/([A-Za-z0-9][\w.-]*)(?:@([\w./-]+))?$)");
    std::smatch match;
    if (!std::regex_match(model, match, form))
        return fail(ErrorCode::NotFound, fmt::format("'{}' is neither a folder nor a model's name (org/name or org/name@revision)", model));
    const std::string revision = match[3].matched ? match[3].str() : "main";
    if (revision.find("..") != std::string::npos)
        return fail(ErrorCode::InvalidArgument, fmt::format("'{}': the revision must not contain '..'", model));
    const fs::path root = huggingFaceCacheRoot();
    const fs::path repository = root / fmt::format("models--{}--{}", match[1].str(), match[2].str());
    if (!isFolder(repository)) {
        return fail(ErrorCode::NotFound,
            fmt::format("'{}' is no folder here, and the Hugging Face cache {} has no such model (nothing is downloaded)", model, root.string()));
    }
    static const std::regex commitForm("^[0-9a-f]{40}$");
    std::string commit = revision;
    if (!std::regex_match(revision, commitForm))
        commit = firstLine(repository / "refs" / revision);
    while (!commit.empty() && std::isspace(static_cast<unsigned char>(commit.back())))
        commit.pop_back();
    const fs::path snapshot = repository / "snapshots" / commit;
    if (!std::regex_match(commit, commitForm) || !isFolder(snapshot)) {
        return fail(ErrorCode::NotFound,
            fmt::format("'{}': revision '{}' is not in the cache {}", model, revision, repository.string()));
    }
    return Snapshot{snapshot, commit};
}

/// Every file of a snapshot must lie inside the cache, wherever its links lead.
Result<> checkLinksStayInside(const fs::path& snapshot, const fs::path& root)
{
    std::error_code error;
    const std::string inside = fs::weakly_canonical(root, error).string() + "/";
    for (fs::recursive_directory_iterator entry(snapshot, error), end; !error && entry != end; entry.increment(error)) {
        if (!entry->is_symlink())
            continue;
        const std::string real = fs::weakly_canonical(entry->path(), error).string();
        if (real.compare(0, inside.size(), inside) != 0)
            return fail(ErrorCode::Corrupt, fmt::format("{}: leads out of the cache {}", entry->path().string(), root.string()));
    }
    return {};
}

Result<> readModelIndex(ModelFolder& model)
{
    const fs::path path = model.path / "model_index.json";
    if (!isFile(path))
        return fail(ErrorCode::NotFound, fmt::format("{}: not there; this is not a model in diffusers layout", path.string()));
    TINTYPE_TRY_ASSIGN(const auto json, readJsonFile(path));
    const JsonFields fields(json, path.string());
    TINTYPE_TRY_ASSIGN(model.pipelineClass, fields.string("_class_name", ""));
    TINTYPE_TRY_ASSIGN(model.forceZerosForEmptyPrompt, fields.boolean("force_zeros_for_empty_prompt", true));
    for (const auto& [name, value] : json.items()) {
        if (!value.is_array() || value.size() != 2 || !value[1].is_string())
            continue;
        if (name.find('/') != std::string::npos || name.find("..") != std::string::npos)
            return fail(ErrorCode::Corrupt, fmt::format("{}: component name '{}' is a path", path.string(), name));
        model.components[name] = value[1].get<std::string>();
    }
    return {};
}

/// The shards that an index file names, each once.
Result<std::vector<std::string>> shardsOf(const fs::path& index)
{
    TINTYPE_TRY_ASSIGN(const auto json, readJsonFile(index));
    const auto map = json.find("weight_map");
    if (map == json.end() || !map->is_object())
        return fail(ErrorCode::Corrupt, fmt::format("{}: weight_map is missing", index.string()));
    std::set<std::string> names;
    for (const auto& [tensor, file] : map->items()) {
        if (!file.is_string())
            return fail(ErrorCode::Corrupt, fmt::format("{}: weight_map '{}' is not a file name", index.string(), tensor));
        const auto name = file.get<std::string>();
        if (name.find('/') != std::string::npos || name.find('\\') != std::string::npos || name == "..")
            return fail(ErrorCode::Corrupt, fmt::format("{}: the file name '{}' is a path", index.string(), name));
        names.insert(name);
    }
    return std::vector(names.begin(), names.end());
}

/// Variants present for a base name, "" for the plain one, in order.
std::set<std::string> variantsIn(const fs::path& folder, const std::string& baseName)
{
    std::set<std::string> variants;
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const std::string name = entry.path().filename().string();
        static const std::regex form(R"(^(.*?)(?:\.safetensors\.index(?:\.([\w-]+))?\.json|(?:\.([A-Za-z0-9_]+))?\.safetensors)$)");
        std::smatch match;
        if (std::regex_match(name, match, form) && match[1] == baseName)
            variants.insert(match[2].matched ? match[2].str() : match[3].str());
    }
    return variants;
}

Result<std::vector<std::string>> fileNames(
    const fs::path& folder, const std::string& baseName, const std::string& variant)
{
    const std::string middle = variant.empty() ? "" : "." + variant;
    const std::string single = baseName + middle + ".safetensors";
    if (isFile(folder / single))
        return std::vector{single};
    const fs::path index = folder / (baseName + ".safetensors.index" + middle + ".json");
    if (isFile(index))
        return shardsOf(index);
    return fail(ErrorCode::NotFound, fmt::format("{}: not there, nor a sharded index beside it", (folder / single).string()));
}

} // namespace

Result<std::string> ModelFolder::componentClass(const std::string& name) const
{
    const auto found = components.find(name);
    if (found == components.end())
        return fail(ErrorCode::NotFound, fmt::format("{}: component '{}' is missing", (path / "model_index.json").string(), name));
    return found->second;
}

fs::path huggingFaceCacheRoot()
{
    if (const auto cache = environment("HF_HUB_CACHE"); !cache.empty())
        return cache;
    if (const auto home = environment("HF_HOME"); !home.empty())
        return fs::path(home) / "hub";
    if (const auto cache = environment("XDG_CACHE_HOME"); !cache.empty())
        return fs::path(cache) / "huggingface" / "hub";
    return fs::path(environment("HOME")) / ".cache" / "huggingface" / "hub";
}

Result<ModelFolder> findModel(const std::string& model)
{
    ModelFolder folder;
    if (isFolder(model)) {
        folder.path = fs::path(model).lexically_normal();
    } else {
        TINTYPE_TRY_ASSIGN(const auto snapshot, findSnapshot(model));
        TINTYPE_TRY(checkLinksStayInside(snapshot.path, huggingFaceCacheRoot()));
        folder.path = snapshot.path;
        folder.commit = snapshot.commit;
    }
    TINTYPE_TRY(readModelIndex(folder));
    folder.licence = licenceOf(folder.path);
    return folder;
}

Result<nlohmann::json> readJsonFile(const fs::path& path)
{
    std::error_code error;
    const auto size = fs::file_size(path, error);
    if (error)
        return fail(ErrorCode::NotFound, fmt::format("{}: cannot be read: {}", path.string(), error.message()));
    if (size > kMaxJsonBytes)
        return fail(ErrorCode::Corrupt, fmt::format("{}: {} bytes are more than the {} allowed", path.string(), size, kMaxJsonBytes));
    std::ifstream stream(path, std::ios::binary);
    std::string text(size, '\0');
    if (!stream.read(text.data(), static_cast<std::streamsize>(size)))
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read", path.string()));
    return JsonFields::parseObject(text, path.string());
}

ComponentFiles::Place ComponentFiles::find(const std::string& name) const
{
    for (const SafetensorsFile& file : files) {
        const auto found = file.header().tensors.find(name);
        if (found != file.header().tensors.end())
            return {&file, &found->second};
    }
    return {};
}

std::map<std::string, ComponentFiles::Place> ComponentFiles::all() const
{
    std::map<std::string, Place> places;
    for (const SafetensorsFile& file : files) {
        for (const auto& [name, entry] : file.header().tensors)
            places.emplace(name, Place{&file, &entry});
    }
    return places;
}

std::uint64_t ComponentFiles::bytes() const
{
    std::uint64_t sum = 0;
    for (const auto& [name, place] : all())
        sum += place.entry->bytes();
    return sum;
}

std::uint64_t ComponentFiles::parameters() const
{
    std::uint64_t sum = 0;
    for (const auto& [name, place] : all())
        sum += static_cast<std::uint64_t>(place.entry->elements());
    return sum;
}

Result<ComponentFiles> openComponent(const fs::path& folder, const std::string& baseName, const std::string& variant)
{
    if (!isFolder(folder))
        return fail(ErrorCode::NotFound, fmt::format("{}: the component's folder is not there", folder.string()));
    std::string chosen = variant;
    const auto present = variantsIn(folder, baseName);
    if (present.empty() && (isFile(folder / "pytorch_model.bin") || isFile(folder / (baseName + ".bin")))) {
        return fail(ErrorCode::Unsupported,
            fmt::format("{}: has weights as pickle files only; convert them to safetensors", folder.string()));
    }
    if (chosen.empty() && present.size() == 1)
        chosen = *present.begin();
    TINTYPE_TRY_ASSIGN(const auto names, fileNames(folder, baseName, chosen));
    ComponentFiles component;
    std::set<std::string> seen;
    for (const std::string& name : names) {
        TINTYPE_TRY_ASSIGN(auto file, SafetensorsFile::open(folder / name));
        for (const auto& [tensor, entry] : file.header().tensors) {
            if (!seen.insert(tensor).second)
                return fail(ErrorCode::Corrupt, fmt::format("{}: tensor '{}' is in two shards", (folder / name).string(), tensor));
        }
        component.files.push_back(std::move(file));
    }
    return component;
}

} // namespace tintype::weights
