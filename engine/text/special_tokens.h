// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/text/added_tokens.h"
#include "engine/text/tokenizer_settings.h"

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tintype::text {

/// A token as a settings file gives it. The reference keeps plain strings apart from token objects: the two are never
/// equal, and that decides which of them is added.
struct NamedToken {
    AddedToken token;
    bool isPlain = true;

    static NamedToken plain(std::string content);
    bool operator==(const NamedToken&) const = default;
};

/// The special tokens that one folder's files name, while they are being merged. Included by .cpp files only.
class SpecialTokens {
public:
    SpecialTokens();

    // Call those that apply in this order.

    /// tokenizer_config.json
    Result<> readConfig(const nlohmann::json& config, const std::string& source);
    /// special_tokens_map.json; its tokens win over the config's.
    Result<> readMap(const nlohmann::json& map, const std::string& source);
    /// added_tokens.json: {"token": id}
    Result<> readAddedTokens(const nlohmann::json& ids, const std::string& source);
    /// The "added_tokens" of tokenizer.json.
    Result<> readTokenizerFile(const nlohmann::json& file, const std::string& source);

    /// Whether the config lists its added tokens by id: then the other three files do not count.
    bool configHasAddedTokens() const { return m_configHasAddedTokens; }

    /// Gives each role the flags of the added token of the same text.
    void adoptAddedTokens();

    /// The text of a role, which becomes `fallback` when no file names it; Unsupported when a file sets it to null.
    Result<std::string> role(std::string_view name, std::string_view fallback, const std::string& folder);

    /// T5: the control and user-defined pieces of spiece.model become additional tokens.
    void adoptPieces(const SentencePieceFile& file);

    /// T5: appends <extra_id_0> to <extra_id_{count - 1}> unless the files name such tokens themselves.
    /// @error Corrupt: they name another number of them
    Result<> addExtraIds(int count, const std::string& folder);

    /// The order in which the reference adds them to the vocabulary.
    std::vector<AddedToken> inOrder() const;

private:
    struct Role {
        std::string name;
        bool isNamed = false;
        std::optional<NamedToken> token; ///< named without one: the file says null
    };
    using List = std::vector<NamedToken>;

    Result<> readRoles(const nlohmann::json& object, bool forceSpecial, const std::string& source);
    Result<> readExtra(const nlohmann::json& value, const std::string& source);
    void setRole(std::string_view name, std::optional<NamedToken> token);
    const List* extra() const;

    std::vector<Role> m_roles;
    std::map<std::int64_t, AddedToken> m_byId;
    std::optional<List> m_additional; ///< "additional_special_tokens"
    std::optional<List> m_extra;      ///< "extra_special_tokens", its new name: the other does not count beside it
    bool m_configHasAddedTokens = false;
};

} // namespace tintype::text
