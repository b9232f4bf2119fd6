// SPDX-License-Identifier: Apache-2.0
#include "engine/text/special_tokens.h"

#include "engine/text/vocabulary_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>

namespace tintype::text {
namespace {

/// Roles that every tokenizer knows, in the order in which they are added.
constexpr std::array<std::string_view, 7> kRoles{
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"};
constexpr std::string_view kRoleSuffix = "_token";
constexpr std::string_view kExtraIdPrefix = "<extra_id_";

tl::unexpected<Error> badToken(std::string_view field, const std::string& source)
{
    return fail(ErrorCode::Corrupt,
        fmt::format("{}: {} is neither a string nor a token object with a \"content\" string", source, field));
}

Result<bool> readFlag(
    const nlohmann::json& object, const char* name, std::string_view field, const std::string& source)
{
    const auto found = object.find(name);
    if (found == object.end())
        return false;
    if (!found->is_boolean())
        return fail(ErrorCode::Corrupt, fmt::format("{}: {}.{} is not true or false", source, field, name));
    return found->get<bool>();
}

Result<AddedToken> readObject(const nlohmann::json& value, std::string_view field, const std::string& source)
{
    if (!value.is_object() || !value.contains("content") || !value["content"].is_string())
        return badToken(field, source);
    AddedToken token;
    token.content = value["content"].get<std::string>();
    TINTYPE_TRY_ASSIGN(token.singleWord, readFlag(value, "single_word", field, source));
    TINTYPE_TRY_ASSIGN(token.stripLeft, readFlag(value, "lstrip", field, source));
    TINTYPE_TRY_ASSIGN(token.stripRight, readFlag(value, "rstrip", field, source));
    TINTYPE_TRY_ASSIGN(token.special, readFlag(value, "special", field, source));
    if (value.contains("normalized")) {
        TINTYPE_TRY_ASSIGN(token.normalized, readFlag(value, "normalized", field, source));
    }
    return token;
}

Result<NamedToken> readToken(
    const nlohmann::json& value, bool forceSpecial, std::string_view field, const std::string& source)
{
    if (value.is_string())
        return NamedToken::plain(value.get<std::string>());
    TINTYPE_TRY_ASSIGN(AddedToken token, readObject(value, field, source));
    token.special = token.special || forceSpecial;
    return NamedToken{std::move(token), false};
}

Result<std::vector<NamedToken>> readList(
    const nlohmann::json& value, bool forceSpecial, std::string_view field, const std::string& source)
{
    if (!value.is_array())
        return fail(ErrorCode::Corrupt, fmt::format("{}: {} is not a list", source, field));
    std::vector<NamedToken> list;
    for (const nlohmann::json& entry : value) {
        TINTYPE_TRY_ASSIGN(NamedToken token, readToken(entry, forceSpecial, field, source));
        list.push_back(std::move(token));
    }
    return list;
}

Result<std::int64_t> readId(const nlohmann::json& value, std::string_view field, const std::string& source)
{
    const bool isWhole = value.is_number_unsigned() && value.get<std::uint64_t>() <= kLargestId;
    const bool isSmall = value.is_number_integer() && value.get<std::int64_t>() >= 0;
    if (!isWhole && !(isSmall && value.get<std::int64_t>() <= kLargestId))
        return fail(
            ErrorCode::Corrupt, fmt::format("{}: {} is not a whole number from 0 to {}", source, field, kLargestId));
    return value.get<std::int64_t>();
}

bool holdsTokens(const nlohmann::json& object, const char* name)
{
    const auto found = object.find(name);
    return found != object.end() && !found->empty(); // null is empty, too
}

} // namespace

NamedToken NamedToken::plain(std::string content)
{
    NamedToken named;
    named.token.content = std::move(content);
    named.token.special = true;
    return named;
}

SpecialTokens::SpecialTokens()
{
    for (const std::string_view name : kRoles)
        m_roles.push_back({std::string(name), false, std::nullopt});
}

void SpecialTokens::setRole(std::string_view name, std::optional<NamedToken> token)
{
    auto found = std::find_if(m_roles.begin(), m_roles.end(), [name](const Role& role) { return role.name == name; });
    if (found == m_roles.end())
        found = m_roles.insert(m_roles.end(), {std::string(name), false, std::nullopt});
    found->isNamed = true;
    found->token = std::move(token);
}

Result<> SpecialTokens::readRoles(const nlohmann::json& object, bool forceSpecial, const std::string& source)
{
    for (const auto& [name, value] : object.items()) {
        const bool isStandard = std::find(kRoles.begin(), kRoles.end(), name) != kRoles.end();
        const bool isOther = name.ends_with(kRoleSuffix) && (value.is_string() || value.is_object());
        if (!isStandard && !isOther)
            continue;
        if (value.is_null()) {
            setRole(name, std::nullopt);
            continue;
        }
        TINTYPE_TRY_ASSIGN(NamedToken token, readToken(value, forceSpecial, name, source));
        setRole(name, std::move(token));
    }
    return {};
}

Result<> SpecialTokens::readExtra(const nlohmann::json& value, const std::string& source)
{
    constexpr const char* kField = "extra_special_tokens";
    if (value.is_object()) { // names its tokens: they are roles
        for (const auto& [name, token] : value.items()) {
            TINTYPE_TRY_ASSIGN(NamedToken named, readToken(token, true, name, source));
            setRole(name, std::move(named));
        }
        return {};
    }
    if (!m_extra)
        m_extra.emplace();
    if (value.is_null())
        return {};
    TINTYPE_TRY_ASSIGN(const List list, readList(value, true, kField, source));
    for (const NamedToken& token : list) {
        if (std::find(m_extra->begin(), m_extra->end(), token) == m_extra->end())
            m_extra->push_back(token);
    }
    return {};
}

Result<> SpecialTokens::readConfig(const nlohmann::json& config, const std::string& source)
{
    TINTYPE_TRY(readRoles(config, false, source));
    if (config.contains("additional_special_tokens")) {
        const nlohmann::json& value = config["additional_special_tokens"];
        List list;
        if (!value.is_null()) {
            TINTYPE_TRY_ASSIGN(list, readList(value, false, "additional_special_tokens", source));
        }
        if (holdsTokens(config, "extra_special_tokens"))
            m_additional = std::move(list);
        else
            m_extra = std::move(list);
    }
    if (config.contains("extra_special_tokens") && !m_extra)
        TINTYPE_TRY(readExtra(config["extra_special_tokens"], source));

    if (!config.contains("added_tokens_decoder"))
        return {};
    m_configHasAddedTokens = true;
    const nlohmann::json& tokens = config["added_tokens_decoder"];
    if (!tokens.is_object())
        return fail(ErrorCode::Corrupt, fmt::format("{}: added_tokens_decoder is not an object", source));
    for (const auto& [key, value] : tokens.items()) {
        const std::string field = fmt::format("added_tokens_decoder[\"{}\"]", key);
        std::int64_t id = -1;
        const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), id);
        if (failure != std::errc() || end != key.data() + key.size() || id < 0 || id > kLargestId)
            return fail(ErrorCode::Corrupt, fmt::format("{}: {} is not an id", source, field));
        TINTYPE_TRY_ASSIGN(AddedToken token, readObject(value, field, source));
        m_byId[id] = std::move(token);
    }
    return {};
}

Result<> SpecialTokens::readMap(const nlohmann::json& map, const std::string& source)
{
    TINTYPE_TRY(readRoles(map, true, source));
    if (holdsTokens(map, "additional_special_tokens")) {
        TINTYPE_TRY_ASSIGN(
            m_additional, readList(map["additional_special_tokens"], true, "additional_special_tokens", source));
    }
    if (map.contains("extra_special_tokens"))
        return readExtra(map["extra_special_tokens"], source);
    return {};
}

Result<> SpecialTokens::readAddedTokens(const nlohmann::json& ids, const std::string& source)
{
    const auto isSpecial = [this](const std::string& content) {
        const auto same = [&content](const NamedToken& named) { return named.token.content == content; };
        return std::any_of(m_roles.begin(), m_roles.end(),
                   [&same](const Role& role) { return role.token && same(*role.token); })
            || (m_extra && std::any_of(m_extra->begin(), m_extra->end(), same));
    };
    for (const auto& [content, value] : ids.items()) {
        TINTYPE_TRY_ASSIGN(const std::int64_t id, readId(value, content, source));
        AddedToken token;
        token.content = content;
        token.special = isSpecial(content);
        m_byId[id] = std::move(token);
    }
    return {};
}

Result<> SpecialTokens::readTokenizerFile(const nlohmann::json& file, const std::string& source)
{
    if (!file.contains("added_tokens"))
        return {};
    const nlohmann::json& tokens = file["added_tokens"];
    if (!tokens.is_array())
        return fail(ErrorCode::Corrupt, fmt::format("{}: added_tokens is not a list", source));
    for (std::size_t index = 0; index < tokens.size(); ++index) {
        const std::string field = fmt::format("added_tokens[{}]", index);
        TINTYPE_TRY_ASSIGN(AddedToken token, readObject(tokens[index], field, source));
        TINTYPE_TRY_ASSIGN(
            const std::int64_t id, readId(tokens[index].value("id", nlohmann::json()), field + ".id", source));
        m_byId[id] = std::move(token);
    }
    return {};
}

void SpecialTokens::adoptAddedTokens()
{
    for (Role& role : m_roles) {
        if (!role.token || std::find(kRoles.begin(), kRoles.end(), role.name) == kRoles.end())
            continue;
        for (const auto& [id, token] : m_byId) {
            if (token.content == role.token->token.content)
                role.token = NamedToken{token, false};
        }
    }
}

Result<std::string> SpecialTokens::role(std::string_view name, std::string_view fallback, const std::string& folder)
{
    const auto found
        = std::find_if(m_roles.begin(), m_roles.end(), [name](const Role& role) { return role.name == name; });
    if (found->isNamed && !found->token)
        return fail(ErrorCode::Unsupported, fmt::format("{}: {} is null, this model needs one", folder, name));
    if (!found->token)
        setRole(name, NamedToken::plain(std::string(fallback)));
    return found->token->token.content;
}

void SpecialTokens::adoptPieces(const SentencePieceFile& file)
{
    m_additional.emplace();
    for (const SentencePieceFile::Marked& marked : file.marked) {
        NamedToken named{{}, false};
        named.token.content = marked.piece;
        named.token.special = marked.isControl;
        named.token.normalized = false;
        m_additional->push_back(std::move(named));
    }
}

Result<> SpecialTokens::addExtraIds(int count, const std::string& folder)
{
    if (!m_additional)
        m_additional.emplace();
    const auto named = std::count_if(m_additional->begin(), m_additional->end(), [](const NamedToken& token) {
        return token.token.content.find(kExtraIdPrefix) != std::string::npos;
    });
    if (named > 0 && count > 0 && named != count)
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: extra_ids = {}, but additional_special_tokens names {} of them", folder, count, named));
    for (int index = 0; named == 0 && index < count; ++index)
        m_additional->push_back(NamedToken::plain(fmt::format("{}{}>", kExtraIdPrefix, index)));
    return {};
}

const SpecialTokens::List* SpecialTokens::extra() const
{
    if (m_extra)
        return &*m_extra;
    return m_additional ? &*m_additional : nullptr;
}

std::vector<AddedToken> SpecialTokens::inOrder() const
{
    List order;
    for (const auto& [id, token] : m_byId)
        order.push_back({token, false});
    const auto byIdEnd = static_cast<std::ptrdiff_t>(order.size());
    const auto append = [&order, byIdEnd](const NamedToken& named) {
        const bool hasId = std::any_of(order.begin(), order.begin() + byIdEnd,
            [&named](const NamedToken& other) { return other.token.content == named.token.content; });
        if (!hasId && std::find(order.begin(), order.end(), named) == order.end())
            order.push_back(named);
    };
    for (const Role& role : m_roles) {
        if (role.token)
            append(*role.token);
    }
    if (const List* list = extra())
        std::for_each(list->begin(), list->end(), append);

    std::vector<AddedToken> tokens;
    for (const NamedToken& named : order) {
        tokens.push_back(named.token);
        tokens.back().special = named.token.special
            || std::any_of(m_roles.begin(), m_roles.end(), [&named](const Role& role) {
                   return role.token && role.token->token.content == named.token.content;
               });
    }
    return tokens;
}

} // namespace tintype::text
