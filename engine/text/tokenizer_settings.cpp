// SPDX-License-Identifier: Apache-2.0
#include "engine/text/tokenizer_settings.h"

#include "engine/base/json_fields.h"
#include "engine/text/special_tokens.h"
#include "engine/text/vocabulary_file.h"

#include <fmt/format.h>

namespace tintype::text {
namespace {

constexpr std::int64_t kMostExtraIds = 10'000;

/// An absent file is an empty object.
Result<nlohmann::json> readObject(const std::filesystem::path& path)
{
    const Result<std::string> text = readSmallFile(path);
    if (!text && text.error().code == ErrorCode::NotFound)
        return nlohmann::json::object();
    if (!text)
        return tl::unexpected(text.error());
    return JsonFields::parseObject(*text, path.string());
}

Result<int> readMaxLength(const JsonFields& config)
{
    for (const char* name : {"model_max_length", "max_len"}) {
        if (!config.has(name))
            continue;
        const nlohmann::json& value = config.object().at(name);
        if (!value.is_number() || !(value.get<double>() >= 1.0))
            return tl::unexpected(config.refuse(name, "is not a positive number", ErrorCode::Corrupt));
        // "No limit" is written as 1e30.
        return value.get<double>() >= Tokenizer::kNoLimit ? Tokenizer::kNoLimit : static_cast<int>(value.get<double>());
    }
    return Tokenizer::kNoLimit;
}

/// "left" or "right" from the config, else from the section of tokenizer.json.
Result<bool> readIsLeft(
    const JsonFields& config, const char* name, const nlohmann::json* tokenizerFile, const char* section)
{
    std::string fallback = "right";
    if (tokenizerFile && tokenizerFile->contains(section) && (*tokenizerFile)[section].is_object()) {
        const nlohmann::json& direction = (*tokenizerFile)[section].value("direction", nlohmann::json());
        if (direction.is_string() && direction.get<std::string>() == "Left")
            fallback = "left";
    }
    TINTYPE_TRY_ASSIGN(const std::string side, config.string(name, fallback));
    if (side != "left" && side != "right")
        return tl::unexpected(config.refuse(name, "is neither \"left\" nor \"right\""));
    return side == "left";
}

} // namespace

Result<TokenizerSettings> readTokenizerSettings(
    const std::filesystem::path& folder, TokenizerKind kind, const VocabularyHints& hints)
{
    const std::string configSource = (folder / "tokenizer_config.json").string();
    TINTYPE_TRY_ASSIGN(const nlohmann::json configObject, readObject(configSource));
    const JsonFields config(configObject, configSource);
    if (config.has("fast_tokenizer_files"))
        return tl::unexpected(config.refuse("fast_tokenizer_files", "is not supported"));

    SpecialTokens tokens;
    TINTYPE_TRY(tokens.readConfig(configObject, configSource));
    if (!tokens.configHasAddedTokens()) {
        const std::filesystem::path mapPath = folder / "special_tokens_map.json";
        TINTYPE_TRY_ASSIGN(const nlohmann::json map, readObject(mapPath));
        TINTYPE_TRY(tokens.readMap(map, mapPath.string()));
        const std::filesystem::path addedPath = folder / "added_tokens.json";
        TINTYPE_TRY_ASSIGN(const nlohmann::json added, readObject(addedPath));
        TINTYPE_TRY(tokens.readAddedTokens(added, addedPath.string()));
        if (hints.tokenizerFile)
            TINTYPE_TRY(tokens.readTokenizerFile(*hints.tokenizerFile, (folder / "tokenizer.json").string()));
    }
    tokens.adoptAddedTokens();

    TokenizerSettings settings;
    const std::string where = folder.string();
    switch (kind) {
    case TokenizerKind::Clip: {
        TINTYPE_TRY_ASSIGN(settings.unknownToken, tokens.role("unk_token", "<|endoftext|>", where));
        TINTYPE_TRY_ASSIGN(settings.beginToken, tokens.role("bos_token", "<|startoftext|>", where));
        TINTYPE_TRY_ASSIGN(settings.endToken, tokens.role("eos_token", "<|endoftext|>", where));
        TINTYPE_TRY_ASSIGN(settings.padToken, tokens.role("pad_token", "<|endoftext|>", where));
        break;
    }
    case TokenizerKind::T5: {
        TINTYPE_TRY_ASSIGN(settings.endToken, tokens.role("eos_token", "</s>", where));
        TINTYPE_TRY_ASSIGN(settings.unknownToken, tokens.role("unk_token", "<unk>", where));
        TINTYPE_TRY_ASSIGN(settings.padToken, tokens.role("pad_token", "<pad>", where));
        TINTYPE_TRY_ASSIGN(const std::int64_t extraIds, config.integer("extra_ids", 100, 0, kMostExtraIds));
        settings.extraIds = static_cast<int>(extraIds);
        if (hints.sentencePieceFile)
            tokens.adoptPieces(*hints.sentencePieceFile);
        TINTYPE_TRY(tokens.addExtraIds(settings.extraIds, where));
        break;
    }
    }
    settings.addedTokens = tokens.inOrder();
    TINTYPE_TRY_ASSIGN(settings.modelMaxLength, readMaxLength(config));
    TINTYPE_TRY_ASSIGN(settings.padsLeft, readIsLeft(config, "padding_side", hints.tokenizerFile, "padding"));
    TINTYPE_TRY_ASSIGN(
        settings.truncatesLeft, readIsLeft(config, "truncation_side", hints.tokenizerFile, "truncation"));
    TINTYPE_TRY_ASSIGN(settings.splitsSpecialTokens, config.boolean("split_special_tokens", false));
    return settings;
}

} // namespace tintype::text
