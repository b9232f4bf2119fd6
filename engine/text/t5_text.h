// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/charsmap.h"
#include "engine/text/text_model.h"
#include "engine/text/unigram_model.h"

#include <memory>

namespace tintype::text {

/// T5's text: compiled normalisation rules, split at white space, a ▁ before each word, Unigram.
///
/// The reference takes vocabulary and rules from the file and nothing else: a Metaspace with another prepend_scheme, or
/// a Strip or Replace normaliser in tokenizer.json, has no effect there, nor here.
///
/// @source transformers 5.23.0 models/t5/tokenization_t5.py, T5Tokenizer.__init__
class T5Text final : public TextModel {
public:
    T5Text(std::unique_ptr<const UnigramModel> model, std::optional<Charsmap> charsmap)
        : m_model(std::move(model))
        , m_charsmap(std::move(charsmap))
    {
    }

    std::string normalize(std::string_view text) const override;
    Result<> encode(std::string_view normalized, std::vector<std::int64_t>& ids) const override;
    std::optional<std::int64_t> idOf(std::string_view token) const override { return m_model->tokens().idOf(token); }
    std::string_view tokenOf(std::int64_t id) const override { return m_model->tokens().textOf(id); }
    std::size_t size() const override { return m_model->tokens().size(); }
    std::int64_t largestId() const override { return m_model->tokens().largestId(); }
    std::string decode(const std::vector<std::string_view>& tokens) const override;

private:
    std::unique_ptr<const UnigramModel> m_model;
    std::optional<Charsmap> m_charsmap;
};

} // namespace tintype::text
