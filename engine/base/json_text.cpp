// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_text.h"

#include "engine/base/utf8.h"

#include <array>
#include <charconv>
#include <cmath>

namespace tintype {
namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";

/// ASCII that stands in a JSON string as it is.
constexpr auto kIsPlain = [] {
    std::array<bool, 256> plain{};
    for (std::size_t code = 0x20; code < 0x80; ++code)
        plain[code] = code != '"' && code != '\\';
    return plain;
}();

void appendEscaped(std::string& json, char byte)
{
    switch (byte) {
    case '"': json += "\\\""; return;
    case '\\': json += "\\\\"; return;
    case '\b': json += "\\b"; return;
    case '\f': json += "\\f"; return;
    case '\n': json += "\\n"; return;
    case '\r': json += "\\r"; return;
    case '\t': json += "\\t"; return;
    default: break;
    }
    constexpr std::string_view kDigits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(byte);
    json += "\\u00";
    json += kDigits[code >> 4];
    json += kDigits[code & 15];
}

template <class Number>
void appendNumber(std::string& json, Number number)
{
    std::array<char, 32> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    json.append(digits.data(), end);
}

} // namespace

void appendJsonString(std::string& json, std::string_view text)
{
    json += '"';
    while (!text.empty()) {
        const char* at = text.data();
        const char* const end = at + text.size();
        while (at != end && kIsPlain[static_cast<unsigned char>(*at)])
            ++at;
        const auto plain = static_cast<std::size_t>(at - text.data());
        json.append(text.data(), plain);
        text.remove_prefix(plain);
        if (text.empty())
            break;
        if (static_cast<unsigned char>(text.front()) < 0x80) {
            appendEscaped(json, text.front());
            text.remove_prefix(1);
            continue;
        }
        const std::size_t length = utf8Length(text);
        json.append(length > 0 ? text.substr(0, length) : kReplacement);
        text.remove_prefix(length > 0 ? length : 1);
    }
    json += '"';
}

void JsonText::separate()
{
    if (m_needsComma)
        m_text += ',';
    m_needsComma = true;
}

JsonText& JsonText::open(char bracket)
{
    separate();
    m_text += bracket;
    m_needsComma = false;
    return *this;
}

JsonText& JsonText::close(char bracket)
{
    m_text += bracket;
    m_needsComma = true;
    return *this;
}

JsonText& JsonText::key(std::string_view name)
{
    separate();
    m_text += '"';
    m_text += name;
    m_text += "\":";
    m_needsComma = false;
    return *this;
}

JsonText& JsonText::value(std::string_view text)
{
    separate();
    appendJsonString(m_text, text);
    return *this;
}

JsonText& JsonText::value(double number)
{
    if (!std::isfinite(number))
        return raw("null");
    separate();
    const std::size_t start = m_text.size();
    appendNumber(m_text, number);
    if (m_text.find_first_of(".e", start) == std::string::npos)
        m_text += ".0"; // so that it stays a number with a fraction in languages that tell them apart
    return *this;
}

JsonText& JsonText::signedNumber(std::int64_t number)
{
    separate();
    appendNumber(m_text, number);
    return *this;
}

JsonText& JsonText::unsignedNumber(std::uint64_t number)
{
    separate();
    appendNumber(m_text, number);
    return *this;
}

JsonText& JsonText::raw(std::string_view json)
{
    separate();
    m_text += json;
    return *this;
}

} // namespace tintype
