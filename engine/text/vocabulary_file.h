// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tintype::text {

constexpr std::int64_t kLargestId = (1 << 22) - 1; ///< the largest public vocabularies have 256 thousand tokens
constexpr std::uintmax_t kLargestFile = 64U << 20U;

struct VocabularyEntry {
    std::string token;
    std::int64_t id = 0;
    double score = 0.0; ///< Unigram: log probability
};

using Merges = std::vector<std::pair<std::string, std::string>>;

/// What the big files hold, before a model is made of it.
struct Vocabulary {
    std::vector<VocabularyEntry> entries;
    bool hasScores = false; ///< came as a list of [token, score], ids are positions
    Merges merges;
    std::optional<std::string> charsmap; ///< sentencepiece's compiled normalisation rules
};

/// The whole file, or NotFound, or Corrupt when it is larger than kLargestFile.
Result<std::string> readSmallFile(const std::filesystem::path& path);

/// vocab.json: {"token": id}. Ids in 0..kLargestId, each token and each id once.
Result<Vocabulary> parseVocabularyJson(std::string_view text, const std::string& source);

/// merges.txt: a pair of tokens a line; lines that begin with "#version" are comments.
Result<Merges> parseMerges(std::string_view text, const std::string& source);

/// tokenizer.json: the vocabulary and merges of "model" go to `vocabulary` without a detour, all else to `rest`.
Result<Vocabulary> parseTokenizerJson(std::string_view text, const std::string& source, nlohmann::json& rest);

} // namespace tintype::text
