// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/vocabulary_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace tintype::text {

/// What spiece.model says beyond a plain vocabulary.
struct SentencePieceFile {
    Vocabulary vocabulary;
    struct Marked {
        std::string piece;
        bool isControl; ///< else user defined
    };
    std::vector<Marked> marked; ///< control and user-defined pieces, in order of id
};

/// Reads a sentencepiece ModelProto: pieces and the compiled normalisation rules.
///
/// @error Corrupt: names the field, or says where the protobuf ends too early
/// @source sentencepiece 0.2.0, src/sentencepiece_model.proto
Result<SentencePieceFile> parseSentencePiece(std::string_view bytes, const std::string& source);

} // namespace tintype::text
