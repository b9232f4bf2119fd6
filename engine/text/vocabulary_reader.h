// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/vocabulary_file.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tintype::text {

/// Reads tokenizer.json or vocab.json as a stream of events: a document tree of the hundred thousand strings in there
/// would take several times longer than the rest of loading. Included by .cpp files only.
class VocabularyReader final : public nlohmann::json_sax<nlohmann::json> {
public:
    enum class Layout {
        VocabularyOnly, ///< the top is the vocabulary
        TokenizerFile,  ///< it is under "model", beside "merges"
    };

    explicit VocabularyReader(Layout layout);

    const std::string& problem() const { return m_problem; } ///< empty after success
    Vocabulary takeVocabulary() { return std::move(m_vocabulary); }
    nlohmann::json takeRest() { return std::move(m_rest); }

    bool null() override;
    bool boolean(bool value) override;
    bool number_integer(number_integer_t value) override;
    bool number_unsigned(number_unsigned_t value) override;
    bool number_float(number_float_t value, const string_t& text) override;
    bool string(string_t& value) override;
    bool binary(binary_t& value) override;
    bool start_object(std::size_t count) override;
    bool key(string_t& value) override;
    bool end_object() override;
    bool start_array(std::size_t count) override;
    bool end_array() override;
    bool parse_error(
        std::size_t position, const std::string& token, const nlohmann::detail::exception& exception) override;

private:
    enum class Part { Rest, Tokens, Pairs };

    bool refuse(std::string problem);
    bool refuseValue(); ///< for the part that is being read
    bool onInteger(std::int64_t value);
    bool addId(std::int64_t id);
    bool addScore(double score);
    bool addMergePiece(std::string_view piece);
    Part partAt(bool isObject) const; ///< what a container that begins now holds
    bool restValue(nlohmann::json value);
    bool open(nlohmann::json container, bool isObject);
    bool close();

    Layout m_layout;
    Part m_part = Part::Rest;
    std::size_t m_depth = 0;     ///< containers open
    std::size_t m_partDepth = 0; ///< of the container that began m_part
    std::vector<std::string> m_path; ///< last key of each open object of the rest; empty for arrays
    std::vector<nlohmann::json*> m_open; ///< open containers of the rest
    nlohmann::json m_rest;

    std::string m_token;        ///< waits for its id or score
    std::size_t m_itemSize = 0; ///< values so far in the inner array
    Vocabulary m_vocabulary;
    std::string m_problem;
};

} // namespace tintype::text
