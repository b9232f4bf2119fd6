// SPDX-License-Identifier: Apache-2.0
#include "engine/text/tokenizer.h"

#include "engine/text/added_tokens.h"
#include "engine/text/charsmap.h"
#include "engine/text/clip_text.h"
#include "engine/text/t5_text.h"
#include "engine/text/tokenizer_settings.h"
#include "engine/text/unicode.h"
#include "engine/text/vocabulary_file.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::text {
namespace {

constexpr const char* kTokenizerFile = "tokenizer.json";

/// What a folder holds, before it becomes a model.
struct Folder {
    Vocabulary vocabulary;
    std::size_t ownEntries = 0; ///< without the extra ids that are appended
    TokenizerSettings settings;
    std::string source; ///< the file that the vocabulary came from
};

Result<std::optional<std::string>> readIfThere(const std::filesystem::path& path)
{
    Result<std::string> text = readSmallFile(path);
    if (!text && text.error().code == ErrorCode::NotFound)
        return std::optional<std::string>();
    if (!text)
        return tl::unexpected(std::move(text).error());
    return std::optional(*std::move(text));
}

/// The first Precompiled in "normalizer", which is one or a sequence of them.
Result<std::optional<std::string>> findCharsmap(const nlohmann::json& file, const std::string& source)
{
    if (!file.contains("normalizer") || !file["normalizer"].is_object())
        return std::optional<std::string>();
    const nlohmann::json& top = file["normalizer"];
    const bool isSequence = top.contains("normalizers") && top["normalizers"].is_array();
    const nlohmann::json list = isSequence ? top["normalizers"] : nlohmann::json::array({top});
    for (const nlohmann::json& normalizer : list) {
        if (!normalizer.is_object() || normalizer.value("type", nlohmann::json()) != "Precompiled"
            || !normalizer.contains("precompiled_charsmap"))
            continue;
        const nlohmann::json& value = normalizer["precompiled_charsmap"];
        std::optional<std::string> blob
            = value.is_string() ? decodeBase64(value.get_ref<const std::string&>()) : std::nullopt;
        if (!blob)
            return fail(
                ErrorCode::Corrupt, fmt::format("{}: normalizer.precompiled_charsmap is not base64 text", source));
        return blob;
    }
    return std::optional<std::string>();
}

Result<Folder> readTokenizerFile(
    const std::filesystem::path& folder, TokenizerKind kind, std::string_view text, const std::string& source)
{
    Folder read;
    read.source = source;
    nlohmann::json rest;
    TINTYPE_TRY_ASSIGN(read.vocabulary, parseTokenizerJson(text, source, rest));
    const bool wantsScores = kind == TokenizerKind::T5;
    if (read.vocabulary.hasScores != wantsScores)
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: model.vocab is not {}", source,
                wantsScores ? "a list of [token, score], as T5 needs" : "an object of ids, as CLIP needs"));
    if (wantsScores) {
        TINTYPE_TRY_ASSIGN(read.vocabulary.charsmap, findCharsmap(rest, source));
    }
    TINTYPE_TRY_ASSIGN(read.settings, readTokenizerSettings(folder, kind, {&rest, nullptr}));
    read.ownEntries = read.vocabulary.entries.size();
    return read;
}

Result<Folder> readClipFolder(const std::filesystem::path& folder)
{
    const std::filesystem::path vocabularyPath = folder / "vocab.json";
    const std::filesystem::path mergesPath = folder / "merges.txt";
    TINTYPE_TRY_ASSIGN(const auto vocabulary, readIfThere(vocabularyPath));
    TINTYPE_TRY_ASSIGN(const auto merges, readIfThere(mergesPath));
    if (!vocabulary || !merges)
        return fail(ErrorCode::NotFound,
            fmt::format("{}: neither tokenizer.json nor vocab.json with merges.txt is there", folder.string()));
    Folder read;
    read.source = vocabularyPath.string();
    TINTYPE_TRY_ASSIGN(read.vocabulary, parseVocabularyJson(*vocabulary, read.source));
    TINTYPE_TRY_ASSIGN(read.vocabulary.merges, parseMerges(*merges, mergesPath.string()));
    TINTYPE_TRY_ASSIGN(read.settings, readTokenizerSettings(folder, TokenizerKind::Clip, {}));
    return read;
}

Result<Folder> readT5Folder(const std::filesystem::path& folder)
{
    const std::filesystem::path path = folder / "spiece.model";
    TINTYPE_TRY_ASSIGN(const auto bytes, readIfThere(path));
    if (!bytes)
        return fail(
            ErrorCode::NotFound, fmt::format("{}: neither tokenizer.json nor spiece.model is there", folder.string()));
    Folder read;
    read.source = path.string();
    TINTYPE_TRY_ASSIGN(SentencePieceFile file, parseSentencePiece(*bytes, read.source));
    TINTYPE_TRY_ASSIGN(read.settings, readTokenizerSettings(folder, TokenizerKind::T5, {nullptr, &file}));
    read.vocabulary = std::move(file.vocabulary);
    std::vector<VocabularyEntry>& entries = read.vocabulary.entries;
    read.ownEntries = entries.size();
    for (int index = read.settings.extraIds - 1; index >= 0; --index)
        entries.push_back({fmt::format("<extra_id_{}>", index), static_cast<std::int64_t>(entries.size()), 0.0});
    return read;
}

Result<std::unique_ptr<const TextModel>> makeModel(Folder& folder, TokenizerKind kind)
{
    switch (kind) {
    case TokenizerKind::Clip: {
        TINTYPE_TRY_ASSIGN(auto model,
            BpeModel::create(std::move(folder.vocabulary), folder.settings.unknownToken, folder.source));
        return std::make_unique<const ClipText>(std::move(model));
    }
    case TokenizerKind::T5: {
        std::optional<Charsmap> charsmap;
        if (folder.vocabulary.charsmap) {
            TINTYPE_TRY_ASSIGN(charsmap, Charsmap::create(*folder.vocabulary.charsmap, folder.source));
        }
        TINTYPE_TRY_ASSIGN(
            auto model, UnigramModel::create(std::move(folder.vocabulary), folder.ownEntries, folder.source));
        return std::make_unique<const T5Text>(std::move(model), std::move(charsmap));
    }
    }
    return fail(ErrorCode::Internal, "tokenizer: unknown kind");
}

} // namespace

struct Tokenizer::Parts {
    std::unique_ptr<const TextModel> model;
    AddedTokens added;
    std::optional<std::int64_t> begin;
    std::int64_t end = 0;
    std::int64_t pad = 0;
    int modelMaxLength = kNoLimit;
    bool padsLeft = false;
    bool truncatesLeft = false;

    Result<std::vector<std::int64_t>> encodeAll(std::string_view text) const;
    std::string decode(const std::vector<std::int64_t>& ids) const;
};

Tokenizer::Tokenizer(std::unique_ptr<const Parts> parts)
    : m_parts(std::move(parts))
{
}

Tokenizer::~Tokenizer() = default;

Result<std::unique_ptr<Tokenizer>> Tokenizer::load(const std::filesystem::path& folder, TokenizerKind kind)
{
    const std::filesystem::path tokenizerPath = folder / kTokenizerFile;
    TINTYPE_TRY_ASSIGN(const auto tokenizerText, readIfThere(tokenizerPath));
    TINTYPE_TRY_ASSIGN(Folder read,
        tokenizerText                     ? readTokenizerFile(folder, kind, *tokenizerText, tokenizerPath.string())
            : kind == TokenizerKind::Clip ? readClipFolder(folder)
                                          : readT5Folder(folder));

    auto parts = std::make_unique<Parts>();
    TINTYPE_TRY_ASSIGN(parts->model, makeModel(read, kind));
    const TokenizerSettings& settings = read.settings;
    Result<AddedTokens> added
        = AddedTokens::create(settings.addedTokens, *parts->model, !settings.splitsSpecialTokens);
    if (!added)
        return fail(added.error().code, fmt::format("{}: {}", folder.string(), added.error().message));
    parts->added = *std::move(added);

    // Every role is among the added tokens, so it has an id.
    if (kind == TokenizerKind::Clip)
        parts->begin = parts->added.idOf(settings.beginToken);
    const auto end = parts->added.idOf(settings.endToken);
    const auto pad = parts->added.idOf(settings.padToken);
    if (!end || !pad || (kind == TokenizerKind::Clip && !parts->begin))
        return fail(ErrorCode::Corrupt, fmt::format("{}: begin, end or pad token is empty", folder.string()));
    parts->end = *end;
    parts->pad = *pad;
    parts->modelMaxLength = settings.modelMaxLength;
    parts->padsLeft = settings.padsLeft;
    parts->truncatesLeft = settings.truncatesLeft;
    return std::unique_ptr<Tokenizer>(new Tokenizer(std::move(parts)));
}

Result<std::vector<std::int64_t>> Tokenizer::Parts::encodeAll(std::string_view text) const
{
    std::vector<std::int64_t> ids;
    for (const TextSpan& raw : added.splitRaw(text)) {
        if (raw.id) {
            ids.push_back(*raw.id);
            continue;
        }
        const std::string normalized = model->normalize(raw.text);
        for (const TextSpan& span : added.splitNormalized(normalized)) {
            if (span.id)
                ids.push_back(*span.id);
            else
                TINTYPE_TRY(model->encode(span.text, ids));
        }
    }
    return ids;
}

std::string Tokenizer::Parts::decode(const std::vector<std::int64_t>& ids) const
{
    std::vector<std::string_view> tokens;
    tokens.reserve(ids.size());
    for (const std::int64_t id : ids) {
        const std::string_view text = added.textOf(id);
        tokens.push_back(text.empty() ? model->tokenOf(id) : text);
    }
    return model->decode(tokens);
}

Result<TokenIds> Tokenizer::encode(std::string_view utf8, int maxLength) const
{
    const int frame = m_parts->begin ? 2 : 1;
    if (maxLength < frame || maxLength > kLongestSequence)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("[text] {} tokens asked for; {} to {} are possible", maxLength, frame, kLongestSequence));
    TINTYPE_TRY_ASSIGN(std::vector<std::int64_t> content, m_parts->encodeAll(sanitizeUtf8(utf8)));

    TokenIds out;
    const auto room = static_cast<std::size_t>(maxLength - frame);
    if (content.size() > room) {
        const auto excess = static_cast<std::ptrdiff_t>(content.size() - room);
        const auto first = m_parts->truncatesLeft ? content.begin() : content.end() - excess;
        out.truncatedText = m_parts->decode({first, first + excess});
        content.erase(first, first + excess);
    }
    out.usedTokens = static_cast<int>(content.size()) + frame;
    const auto padding = static_cast<std::size_t>(maxLength - out.usedTokens);
    out.ids.reserve(static_cast<std::size_t>(maxLength));
    if (m_parts->padsLeft)
        out.ids.assign(padding, m_parts->pad);
    if (m_parts->begin)
        out.ids.push_back(*m_parts->begin);
    out.ids.insert(out.ids.end(), content.begin(), content.end());
    out.ids.push_back(m_parts->end);
    out.ids.resize(static_cast<std::size_t>(maxLength), m_parts->pad);
    return out;
}

int Tokenizer::modelMaxLength() const
{
    return m_parts->modelMaxLength;
}

std::int64_t Tokenizer::padId() const
{
    return m_parts->pad;
}

std::int64_t Tokenizer::endId() const
{
    return m_parts->end;
}

std::int64_t Tokenizer::largestId() const
{
    return std::max(m_parts->model->largestId(), m_parts->added.largestId());
}

} // namespace tintype::text
