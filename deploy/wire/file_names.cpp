// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/file_names.h"

#include "deploy/http/message.h"

#include <QString>
#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>

namespace tintype::wire {
namespace {

constexpr qsizetype kLongestName = 120;
constexpr std::size_t kLongestType = 120;

bool isPlainAscii(char letter) { return letter >= 0x20 && letter < 0x7F; }

std::string typeOnly(std::string_view contentType)
{
    std::string type(contentType.substr(0, contentType.find(';')));
    while (!type.empty() && type.back() == ' ')
        type.pop_back();
    std::ranges::transform(type, type.begin(), [](char letter) { return static_cast<char>(std::tolower(static_cast<unsigned char>(letter))); });
    return type;
}

} // namespace

std::string cleanFileName(std::string_view name)
{
    name = name.substr(name.find_last_of("/\\") + 1); // npos + 1 = 0
    QString clean;
    for (const QChar letter : QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()))) {
        if (letter.isPrint() || letter.isSurrogate())
            clean += letter;
    }
    clean = clean.trimmed();
    if (clean.size() > kLongestName)
        clean = clean.right(kLongestName); // keeps the extension
    if (!clean.isEmpty() && clean.front().isLowSurrogate())
        clean.remove(0, 1);
    const bool isDots = std::ranges::all_of(clean, [](QChar letter) { return letter == QLatin1Char('.'); });
    return isDots ? "file" : clean.toStdString();
}

std::string cleanContentType(std::string_view type)
{
    const auto slash = type.find('/');
    const bool looksLikeOne = slash != std::string_view::npos && slash > 0 && slash + 1 < type.size()
        && type.size() <= kLongestType && std::ranges::all_of(type, isPlainAscii);
    return looksLikeOne ? std::string(type) : "application/octet-stream";
}

std::string inlineDisposition(std::string_view name)
{
    std::string ascii(name);
    std::ranges::replace_if(ascii, [](char letter) { return !isPlainAscii(letter) || letter == '"' || letter == '\\'; }, '_');
    return fmt::format("inline; filename=\"{}\"; filename*=UTF-8''{}", ascii, http::percentEncoded(name));
}

bool isActiveContent(std::string_view contentType)
{
    constexpr std::array<std::string_view, 6> kPassive{
        "application/octet-stream", "application/pdf", "application/zip", "application/json", "text/plain", "text/csv"};
    const std::string type = typeOnly(contentType);
    const bool isMedia = type.starts_with("image/") || type.starts_with("audio/") || type.starts_with("video/");
    if (isMedia)
        return type.find("xml") != std::string::npos; // image/svg+xml
    return std::ranges::find(kPassive, type) == kPassive.end();
}

} // namespace tintype::wire
