// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/call_input.h"

#include <QFile>
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <optional>

namespace tintype::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMaxListIndex = 999;

struct Word {
    std::vector<std::string> path; ///< "" = at the end of a list
    Json value;
};

Error wrong(const std::string& key, const std::string& why)
{
    return {ErrorCode::InvalidArgument, fmt::format("{}: {}", key, why), {}};
}

/// "a[b][]" → a, b, "".
Result<std::vector<std::string>> pathOf(const std::string& key)
{
    const auto bracket = key.find('[');
    std::vector<std::string> path{key.substr(0, bracket)};
    std::size_t position = bracket;
    while (position != std::string::npos && position < key.size()) {
        const auto end = key.find(']', position);
        if (key[position] != '[' || end == std::string::npos)
            return tl::unexpected(wrong(key, "brackets are written name[sub][sub]"));
        path.push_back(key.substr(position + 1, end - position - 1));
        position = end + 1;
    }
    if (path.front().empty())
        return tl::unexpected(wrong(key, "a name is missing"));
    return path;
}

Result<Json> fileText(const std::string& key, const std::string& name)
{
    QFile file(QString::fromStdString(name));
    if (!file.open(QIODevice::ReadOnly))
        return tl::unexpected(wrong(key, fmt::format("{} cannot be read: {}", name, file.errorString().toStdString())));
    return Json(file.readAll().toStdString());
}

/// The text itself, unless it reads as a number, true or false.
Json plainValue(const std::string& text)
{
    Json value = Json::parse(text, nullptr, false);
    return value.is_number() || value.is_boolean() ? value : Json(text);
}

Result<Word> parseWord(const std::string& text)
{
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0)
        return tl::unexpected(wrong(text, "an input is given as key=value or key:=JSON"));
    const bool isJson = text[equals - 1] == ':';
    const std::string key = text.substr(0, isJson ? equals - 1 : equals);
    const std::string value = text.substr(equals + 1);
    TINTYPE_TRY_ASSIGN(auto path, pathOf(key));
    if (isJson) {
        Json json = Json::parse(value, nullptr, false);
        if (json.is_discarded())
            return tl::unexpected(wrong(key, "what follows := is no JSON"));
        return Word{std::move(path), std::move(json)};
    }
    if (value.starts_with('@')) {
        TINTYPE_TRY_ASSIGN(Json content, fileText(key, value.substr(1)));
        return Word{std::move(path), std::move(content)};
    }
    return Word{std::move(path), plainValue(value)};
}

std::optional<std::size_t> listIndex(const std::string& segment)
{
    const bool isNumber = !segment.empty() && segment.size() <= 3
        && std::all_of(segment.begin(), segment.end(), [](unsigned char letter) { return std::isdigit(letter); });
    return isNumber ? std::optional(static_cast<std::size_t>(std::stoul(segment))) : std::nullopt;
}

/// The place below `parent` that a segment names, made if it is not there; null if `parent` is of another kind.
Json* child(Json& parent, const std::string& segment)
{
    const auto index = listIndex(segment);
    const bool wantsList = segment.empty() || index;
    if (parent.is_null())
        parent = wantsList ? Json::array() : Json::object();
    if (parent.is_object() && !segment.empty())
        return &parent[segment];
    if (!parent.is_array() || !wantsList)
        return nullptr;
    if (segment.empty()) {
        parent.push_back(nullptr);
        return &parent.back();
    }
    return *index <= kMaxListIndex ? &parent[*index] : nullptr;
}

} // namespace

Result<std::string> callInput(const std::vector<std::string>& words)
{
    Json input = Json::object();
    for (const std::string& text : words) {
        TINTYPE_TRY_ASSIGN(Word word, parseWord(text));
        Json* place = &input;
        for (const std::string& segment : word.path) {
            place = child(*place, segment);
            if (!place)
                return tl::unexpected(wrong(text.substr(0, text.find('=')), "the same name is an object, a list or a value elsewhere"));
        }
        *place = std::move(word.value);
    }
    return input.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace tintype::cli
