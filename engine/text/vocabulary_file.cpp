// SPDX-License-Identifier: Apache-2.0
#include "engine/text/vocabulary_file.h"

#include "engine/text/vocabulary_reader.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>

namespace tintype::text {
namespace {

Result<> checkEntries(const Vocabulary& vocabulary, const std::string& source)
{
    if (vocabulary.entries.empty())
        return fail(ErrorCode::Corrupt, fmt::format("{}: the vocabulary is empty", source));
    std::int64_t largest = 0;
    for (const VocabularyEntry& entry : vocabulary.entries)
        largest = std::max(largest, entry.id);
    std::vector<bool> seen(static_cast<std::size_t>(largest) + 1);
    for (const VocabularyEntry& entry : vocabulary.entries) {
        const auto id = static_cast<std::size_t>(entry.id);
        if (seen[id])
            return fail(ErrorCode::Corrupt,
                fmt::format("{}: vocabulary: id {} of \"{}\" is already taken", source, entry.id, entry.token));
        seen[id] = true;
    }
    return {};
}

Result<Vocabulary> finish(VocabularyReader& reader, std::string_view text, const std::string& source)
{
    nlohmann::json::sax_parse(text, &reader, nlohmann::json::input_format_t::json, /*strict=*/true);
    if (!reader.problem().empty())
        return fail(ErrorCode::Corrupt, fmt::format("{}: {}", source, reader.problem()));
    Vocabulary vocabulary = reader.takeVocabulary();
    TINTYPE_TRY(checkEntries(vocabulary, source));
    return vocabulary;
}

} // namespace

Result<std::string> readSmallFile(const std::filesystem::path& path)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure == std::errc::no_such_file_or_directory)
        return fail(ErrorCode::NotFound, fmt::format("{}: no such file", path.string()));
    if (failure)
        return fail(ErrorCode::Io, fmt::format("{}: {}", path.string(), failure.message()));
    if (size > kLargestFile)
        return fail(ErrorCode::Corrupt,
            fmt::format("{}: {} bytes; a tokenizer file has at most {}", path.string(), size, kLargestFile));
    std::string text(static_cast<std::size_t>(size), '\0');
    std::ifstream file(path, std::ios::binary);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (!file || file.gcount() != static_cast<std::streamsize>(text.size()))
        return fail(ErrorCode::Io, fmt::format("{}: cannot be read", path.string()));
    return text;
}

Result<Vocabulary> parseVocabularyJson(std::string_view text, const std::string& source)
{
    VocabularyReader reader(VocabularyReader::Layout::VocabularyOnly);
    return finish(reader, text, source);
}

Result<Vocabulary> parseTokenizerJson(std::string_view text, const std::string& source, nlohmann::json& rest)
{
    VocabularyReader reader(VocabularyReader::Layout::TokenizerFile);
    TINTYPE_TRY_ASSIGN(Vocabulary vocabulary, finish(reader, text, source));
    rest = reader.takeRest();
    return vocabulary;
}

Result<Merges> parseMerges(std::string_view text, const std::string& source)
{
    Merges merges;
    merges.reserve(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1);
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.starts_with("#version"))
            continue;
        const std::size_t space = line.find(' ');
        if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos)
            return fail(ErrorCode::Corrupt, fmt::format("{}: line {} is not two tokens", source, number));
        merges.emplace_back(line.substr(0, space), line.substr(space + 1));
    }
    return merges;
}

} // namespace tintype::text
