// SPDX-License-Identifier: Apache-2.0
// Compares every id with what tokenizers.py recorded from the reference: parity_tokenizers FOLDER
#include "engine/base/clock.h"
#include "engine/text/tokenizer.h"

#include <cstdio>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

using tintype::text::TokenIds;
using tintype::text::Tokenizer;
using tintype::text::TokenizerKind;

namespace {

constexpr int kShownMismatches = 10;

std::string fromHex(const std::string& hex)
{
    std::string bytes;
    for (std::size_t index = 0; index + 1 < hex.size(); index += 2)
        bytes += static_cast<char>(std::stoi(hex.substr(index, 2), nullptr, 16));
    return bytes;
}

std::vector<std::int64_t> padded(std::vector<std::int64_t> ids, const nlohmann::json& expected)
{
    const auto length = expected["maxLength"].get<std::size_t>();
    const auto pad = expected["pad"].get<std::int64_t>();
    ids.insert(expected["padsLeft"].get<bool>() ? ids.begin() : ids.end(), length - ids.size(), pad);
    return ids;
}

/// Returns the number of mismatches.
int compareCase(const std::string& root, const nlohmann::json& expected, const std::vector<std::string>& texts)
{
    const auto name = expected["folder"].get<std::string>();
    const auto kind = expected["kind"] == "clip" ? TokenizerKind::Clip : TokenizerKind::T5;
    const auto maxLength = expected["maxLength"].get<int>();
    tintype::Stopwatch clock;
    const auto tokenizer = Tokenizer::load(root + "/" + name, kind);
    const double loadSeconds = clock.lap();
    if (!tokenizer) {
        fmt::print("{}: {}\n", name, tokenizer.error().message);
        return 1;
    }
    int mismatches = 0;
    const nlohmann::json& limit = expected["modelMaxLength"];
    if ((*tokenizer)->modelMaxLength() != (limit.is_null() ? Tokenizer::kNoLimit : limit.get<int>())) {
        fmt::print("{}: model_max_length is {}\n", name, (*tokenizer)->modelMaxLength());
        ++mismatches;
    }
    double encodeSeconds = 0.0;
    for (std::size_t index = 0; index < texts.size(); ++index) {
        const nlohmann::json& ids = expected["ids"][index];
        clock.lap();
        const auto encoded = (*tokenizer)->encode(texts[index], maxLength);
        encodeSeconds += clock.lap();
        if (ids.is_null())
            continue; // the reference broke down; that we returned is enough
        const auto used = ids.get<std::vector<std::int64_t>>();
        const nlohmann::json& cut = expected["cut"][index];
        const bool isSame = encoded && encoded->ids == padded(used, expected)
            && encoded->usedTokens == static_cast<int>(used.size())
            && (cut.is_null() || encoded->truncatedText == cut.get<std::string>());
        if (!isSame && ++mismatches <= kShownMismatches) {
            fmt::print("{} max {} text {} {}\n  expected {} cut {}\n  got      {} cut {}\n", name, maxLength, index,
                nlohmann::json(texts[index]).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace), ids.dump(),
                cut.dump(),
                encoded ? nlohmann::json(encoded->ids).dump() : encoded.error().message,
                encoded ? nlohmann::json(encoded->truncatedText).dump() : std::string());
        }
    }
    fmt::print("{:20} max {:3}: {} mismatches of {}; load {:.1f} ms, encode {:.1f} us a text\n", name, maxLength,
        mismatches, texts.size(), loadSeconds * 1e3, encodeSeconds * 1e6 / static_cast<double>(texts.size()));
    return mismatches;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc != 2) {
        fmt::print(stderr, "usage: parity_tokenizers FOLDER\n");
        return 2;
    }
    const std::string root = argv[1];
    std::ifstream file(root + "/cases.json");
    const nlohmann::json recorded = nlohmann::json::parse(file, nullptr, /*allow_exceptions=*/false);
    if (!recorded.is_object()) {
        fmt::print(stderr, "{}/cases.json: not there, or not JSON\n", root);
        return 2;
    }
    std::vector<std::string> texts;
    for (const nlohmann::json& text : recorded["texts"])
        texts.push_back(fromHex(text.get<std::string>()));
    int mismatches = 0;
    for (const nlohmann::json& expected : recorded["cases"])
        mismatches += compareCase(root, expected, texts);
    fmt::print("{} mismatches in {} cases of {} texts\n", mismatches, recorded["cases"].size(), texts.size());
    return mismatches == 0 && !recorded["cases"].empty() ? 0 : 1;
}
