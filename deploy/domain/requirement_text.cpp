// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/requirement_text.h"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

constexpr std::string_view kFilePrefix = "file:";
constexpr std::string_view kHubPrefix = "hf:";
constexpr std::string_view kMainBranch = "main";
constexpr std::size_t kLongestText = 512;
constexpr std::size_t kLongestHubName = 96;

using Parsed = tl::expected<Requirement, std::string>;

tl::unexpected<std::string> wrong(std::string how) { return tl::unexpected(std::move(how)); }

bool isLetterOrDigit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

/// Letters, digits and `others`, beginning with a letter or digit, without "..".
bool isPlainName(std::string_view name, std::string_view others)
{
    return !name.empty() && isLetterOrDigit(name.front()) && name.find("..") == std::string_view::npos
        && std::ranges::all_of(name, [others](char c) { return isLetterOrDigit(c) || others.find(c) != others.npos; });
}

Parsed parseFile(std::string_view folder, Requirement requirement)
{
    const std::filesystem::path path = std::filesystem::path(folder).lexically_normal();
    if (folder.empty())
        return wrong("names no folder");
    if (folder.find('\\') != std::string_view::npos)
        return wrong("must be written with /, not with \\");
    if (path.is_absolute())
        return wrong("must be relative to the folder of the definition");
    if (*path.begin() == "..")
        return wrong("must not leave the folder of the definition");
    requirement.name = (path.has_filename() ? path : path.parent_path()).string();
    return requirement;
}

Parsed parseHub(std::string_view repository, Requirement requirement)
{
    requirement.kind = Requirement::Kind::Hub;
    const std::size_t at = repository.find('@');
    const std::string_view name = repository.substr(0, at);
    const std::size_t slash = name.find('/');
    if (slash == std::string_view::npos || !isPlainName(name.substr(0, slash), "._-")
        || !isPlainName(name.substr(slash + 1), "._-") || name.size() > 2 * kLongestHubName)
        return wrong("is not hf:ORG/NAME or hf:ORG/NAME@REVISION");
    const std::string_view revision = at == repository.npos ? kMainBranch : repository.substr(at + 1);
    if (!isPlainName(revision, "._-/"))
        return wrong("does not name a branch, a tag or a commit after the @");
    requirement.name = name;
    requirement.revision = revision;
    return requirement;
}

} // namespace

Parsed parseRequirement(std::string_view text)
{
    Requirement requirement{.kind = Requirement::Kind::File, .text = std::string(text), .name = {}, .revision = {}};
    if (text.size() > kLongestText)
        return wrong(fmt::format("is longer than {} bytes", kLongestText));
    if (std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
        return wrong("has a control character");
    if (text.starts_with(kFilePrefix))
        return parseFile(text.substr(kFilePrefix.size()), std::move(requirement));
    if (text.starts_with(kHubPrefix))
        return parseHub(text.substr(kHubPrefix.size()), std::move(requirement));
    if (text.empty() || !(isLetterOrDigit(text.front()) || text.front() == '.'))
        return wrong("is neither file:, hf: nor the name of a Python package");
    requirement.kind = Requirement::Kind::Pip;
    requirement.name = text;
    return requirement;
}

std::string canonicalText(const Requirement& requirement)
{
    switch (requirement.kind) {
    case Requirement::Kind::File: return fmt::format("{}{}", kFilePrefix, requirement.name);
    case Requirement::Kind::Hub:
        return requirement.revision == kMainBranch || requirement.revision.empty()
            ? fmt::format("{}{}", kHubPrefix, requirement.name)
            : fmt::format("{}{}@{}", kHubPrefix, requirement.name, requirement.revision);
    case Requirement::Kind::Pip: break;
    }
    return requirement.name;
}

} // namespace tintype::domain
