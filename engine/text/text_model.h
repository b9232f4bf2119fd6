// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::text {

/// What differs between tokenizer families: how the text between two added tokens becomes ids, and back.
class TextModel {
public:
    TextModel() = default;
    virtual ~TextModel() = default;
    TextModel(const TextModel&) = delete;
    TextModel& operator=(const TextModel&) = delete;

    /// Valid UTF-8 in, valid UTF-8 out.
    virtual std::string normalize(std::string_view text) const = 0;

    /// Appends the ids of text that normalize() returned.
    virtual Result<> encode(std::string_view normalized, std::vector<std::int64_t>& ids) const = 0;

    virtual std::optional<std::int64_t> idOf(std::string_view token) const = 0;
    virtual std::string_view tokenOf(std::int64_t id) const = 0; ///< empty for an id that is not in the vocabulary
    virtual std::size_t size() const = 0;                        ///< number of tokens
    virtual std::int64_t largestId() const = 0;

    /// Readable text of consecutive tokens.
    virtual std::string decode(const std::vector<std::string_view>& tokens) const = 0;
};

} // namespace tintype::text
