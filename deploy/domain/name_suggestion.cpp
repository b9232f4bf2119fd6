// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/name_suggestion.h"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>
#include <vector>

namespace tintype::domain {
namespace {

constexpr std::size_t kLongestName = 64;

/// Optimal string alignment: insertions, deletions, replacements and swaps of neighbours.
std::size_t distance(std::string_view a, std::string_view b)
{
    std::vector<std::size_t> beforeLast(b.size() + 1);
    std::vector<std::size_t> last(b.size() + 1);
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, replaced});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[j] = std::min(row[j], beforeLast[j - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last[b.size()];
}

std::string folded(std::string_view name)
{
    std::string result(name);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c == '-' || c == ' ' ? '_' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

} // namespace

std::string_view nearestName(std::string_view given, std::span<const std::string_view> known)
{
    if (given.size() > kLongestName)
        return {};
    std::string_view nearest;
    std::size_t least = kLongestName;
    for (const std::string_view name : known) {
        const std::size_t changes = distance(folded(given), folded(name));
        if (changes < least && changes * 3 <= std::max<std::size_t>(name.size(), 3)) {
            nearest = name;
            least = changes;
        }
    }
    return nearest;
}

std::string suggestion(std::string_view given, std::span<const std::string_view> known)
{
    const std::string_view name = nearestName(given, known);
    return name.empty() ? std::string() : fmt::format("; did you mean {}?", name);
}

} // namespace tintype::domain
