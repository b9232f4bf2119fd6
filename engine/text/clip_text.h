// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/bpe_model.h"
#include "engine/text/text_model.h"

#include <memory>

namespace tintype::text {

/// CLIP's text: canonical composition, white space to one space, lower case, split into words, byte-pair encoding.
///
/// @source transformers 5.23.0 models/clip/tokenization_clip.py, CLIPTokenizer.__init__
class ClipText final : public TextModel {
public:
    explicit ClipText(std::unique_ptr<const BpeModel> model)
        : m_model(std::move(model))
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
    std::unique_ptr<const BpeModel> m_model;
};

/// The words of normalised text, white space dropped.
std::vector<std::string> splitClipWords(std::string_view normalized);

} // namespace tintype::text
