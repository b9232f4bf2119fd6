// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/added_tokens.h"
#include "engine/text/sentencepiece_file.h"
#include "engine/text/tokenizer.h"

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

namespace tintype::text {

/// Everything about a tokenizer except its vocabulary.
struct TokenizerSettings {
    std::string beginToken; ///< Clip only
    std::string endToken;
    std::string padToken;
    std::string unknownToken;
    std::vector<AddedToken> addedTokens; ///< in the order in which they get new ids
    int extraIds = 0;                    ///< T5: how many <extra_id_N> spiece.model is extended by
    int modelMaxLength = Tokenizer::kNoLimit;
    bool padsLeft = false;
    bool truncatesLeft = false;
    bool splitsSpecialTokens = false; ///< special tokens in the prompt are ordinary text
};

/// What the vocabulary's own file says about tokens; the fields stay empty when it is another kind of file.
struct VocabularyHints {
    const nlohmann::json* tokenizerFile = nullptr;        ///< tokenizer.json without vocabulary and merges
    const SentencePieceFile* sentencePieceFile = nullptr; ///< spiece.model
};

/// Merges tokenizer_config.json, special_tokens_map.json, added_tokens.json and the hints by the rules of
/// transformers, in which the first of these that names added tokens by id makes the others be ignored.
///
/// @source transformers 5.23.0: PreTrainedTokenizerBase._from_pretrained and TokenizersBackend.__init__
Result<TokenizerSettings> readTokenizerSettings(
    const std::filesystem::path& folder, TokenizerKind kind, const VocabularyHints& hints);

} // namespace tintype::text
