// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/names.h"

#include "engine/base/utf8.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::store {
namespace {

constexpr std::size_t kMaxName = 64;
constexpr std::size_t kMaxPath = 512;
constexpr std::size_t kMaxComponent = 240; // a file system takes 255; room for a suffix while it is written

bool isControl(char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7F; }
bool isLowerOrDigit(char letter) { return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9'); }

/// Also where the file system knows no case.
bool isGitFolder(std::string_view component)
{
    return std::ranges::equal(component, std::string_view(".git"),
        [](char letter, char small) { return letter == small || (letter >= 'A' && letter <= 'Z' && letter + 32 == small); });
}

} // namespace

Result<> checkName(std::string_view name, std::string_view what)
{
    const bool isKebab = !name.empty() && name.size() <= kMaxName && name.front() != '-' && name.back() != '-'
        && name.find("--") == std::string_view::npos
        && std::ranges::all_of(name, [](char letter) { return isLowerOrDigit(letter) || letter == '-'; });
    if (isKebab)
        return {};
    return fail(ErrorCode::InvalidArgument,
        fmt::format("{}: 1 to {} lower-case letters, digits and single dashes between them are allowed", what, kMaxName));
}

Result<> checkRelativePath(std::string_view path, std::string_view what)
{
    const auto refused = [what](const char* why) {
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: a path that {}", what, why));
    };
    if (path.empty() || path.size() > kMaxPath)
        return refused("is empty or longer than 512 bytes");
    if (path.front() == '/')
        return refused("is absolute");
    if (std::ranges::any_of(path, [](char letter) { return isControl(letter) || letter == '\\'; }))
        return refused("holds a control character or a backslash");
    if (!isUtf8(path))
        return refused("is not UTF-8");
    for (std::size_t begin = 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        const std::string_view component = path.substr(begin, end - begin);
        if (component.empty() || component == "." || component == ".." || isGitFolder(component))
            return refused("leaves its folder or has an empty component");
        if (component.size() > kMaxComponent)
            return refused("has a component longer than 240 bytes");
        begin = end + 1;
    }
    return {};
}

Result<> checkSha256(std::string_view hash)
{
    const bool isHash = hash.size() == 64
        && std::ranges::all_of(hash, [](char digit) { return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'); });
    if (isHash)
        return {};
    return fail(ErrorCode::InvalidArgument, "a SHA-256 is 64 lower-case hexadecimal digits");
}

} // namespace tintype::store
