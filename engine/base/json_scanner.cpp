// SPDX-License-Identifier: Apache-2.0
#include "engine/base/json_scanner.h"

#include "engine/base/utf8.h"

#include <algorithm>
#include <charconv>

namespace tintype {
namespace {

constexpr std::size_t kCodeDigits = 4; // of \uXXXX

/// Of a string: ASCII that means itself.
bool isPlain(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return code >= 0x20 && code < 0x80 && byte != '"' && byte != '\\';
}

bool isDigit(char byte) { return byte >= '0' && byte <= '9'; }

std::optional<char32_t> readCode(std::string_view text)
{
    unsigned code = 0;
    if (text.size() < kCodeDigits)
        return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + kCodeDigits, code, 16);
    return error == std::errc() && end == text.data() + kCodeDigits ? std::optional<char32_t>(code) : std::nullopt;
}

bool isHighSurrogate(char32_t code) { return code >= 0xd800 && code < 0xdc00; }
bool isLowSurrogate(char32_t code) { return code >= 0xdc00 && code < 0xe000; }

void appendUtf8(std::string& text, char32_t code)
{
    const auto tail = [code](int shift) { return static_cast<char>(0x80 | ((code >> shift) & 0x3f)); };
    if (code < 0x80) {
        text += static_cast<char>(code);
    } else if (code < 0x800) {
        text += {static_cast<char>(0xc0 | (code >> 6)), tail(0)};
    } else if (code < 0x10000) {
        text += {static_cast<char>(0xe0 | (code >> 12)), tail(6), tail(0)};
    } else {
        text += {static_cast<char>(0xf0 | (code >> 18)), tail(12), tail(6), tail(0)};
    }
}

char unescaped(char letter)
{
    switch (letter) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    default: return letter; // '"', '\\', '/'
    }
}

} // namespace

std::optional<std::string_view> JsonScanner::value()
{
    skipSpace();
    const std::string_view from = m_rest;
    if (!scanValue())
        return std::nullopt;
    return from.substr(0, from.size() - m_rest.size());
}

std::optional<std::string_view> JsonScanner::string()
{
    skipSpace();
    const std::string_view from = m_rest;
    if (!scanString())
        return std::nullopt;
    return from.substr(1, from.size() - m_rest.size() - 2);
}

bool JsonScanner::skip(char mark)
{
    skipSpace();
    if (!m_rest.starts_with(mark))
        return false;
    m_rest.remove_prefix(1);
    return true;
}

bool JsonScanner::isAtEnd()
{
    skipSpace();
    return m_rest.empty();
}

void JsonScanner::skipSpace()
{
    while (!m_rest.empty() && (m_rest.front() == ' ' || m_rest.front() == '\n' || m_rest.front() == '\r' || m_rest.front() == '\t'))
        m_rest.remove_prefix(1);
}

bool JsonScanner::scanValue()
{
    skipSpace();
    if (m_rest.empty())
        return false;
    switch (m_rest.front()) {
    case '{': return scanObject();
    case '[': return scanList();
    case '"': return scanString();
    case 't': return scanWord("true");
    case 'f': return scanWord("false");
    case 'n': return scanWord("null");
    default: return scanNumber();
    }
}

bool JsonScanner::scanObject()
{
    if (++m_depth > kMaxDepth) {
        m_isTooDeep = true;
        return false;
    }
    skip('{');
    for (bool isFirst = true; !skip('}'); isFirst = false) {
        if (!isFirst && !skip(','))
            return false;
        skipSpace();
        if (!scanString() || !skip(':') || !scanValue())
            return false;
    }
    --m_depth;
    return true;
}

bool JsonScanner::scanList()
{
    if (++m_depth > kMaxDepth) {
        m_isTooDeep = true;
        return false;
    }
    skip('[');
    for (bool isFirst = true; !skip(']'); isFirst = false) {
        if ((!isFirst && !skip(',')) || !scanValue())
            return false;
    }
    --m_depth;
    return true;
}

bool JsonScanner::scanString()
{
    if (!m_rest.starts_with('"'))
        return false;
    m_rest.remove_prefix(1);
    while (true) {
        const auto special = std::find_if_not(m_rest.begin(), m_rest.end(), isPlain);
        m_rest.remove_prefix(static_cast<std::size_t>(special - m_rest.begin()));
        if (m_rest.empty())
            return false;
        const auto byte = static_cast<unsigned char>(m_rest.front());
        if (byte == '"') {
            m_rest.remove_prefix(1);
            return true;
        }
        if (byte == '\\') {
            if (!scanEscape())
                return false;
            continue;
        }
        const std::size_t length = byte < 0x20 ? 0 : utf8Length(m_rest);
        if (length == 0)
            return false;
        m_rest.remove_prefix(length);
    }
}

bool JsonScanner::scanEscape()
{
    m_rest.remove_prefix(1); // the backslash
    if (m_rest.empty())
        return false;
    const char letter = m_rest.front();
    m_rest.remove_prefix(1);
    if (letter != 'u')
        return std::string_view("\"\\/bfnrt").find(letter) != std::string_view::npos;
    const auto code = readCode(m_rest);
    if (!code || isLowSurrogate(*code))
        return false;
    m_rest.remove_prefix(kCodeDigits);
    if (!isHighSurrogate(*code))
        return true;
    const auto second = m_rest.starts_with("\\u") ? readCode(m_rest.substr(2)) : std::nullopt;
    if (!second || !isLowSurrogate(*second))
        return false;
    m_rest.remove_prefix(2 + kCodeDigits);
    return true;
}

bool JsonScanner::scanNumber()
{
    const std::string_view from = m_rest;
    if (m_rest.starts_with('-'))
        m_rest.remove_prefix(1);
    if (m_rest.starts_with('0'))
        m_rest.remove_prefix(1);
    else if (!scanDigits())
        return false;
    bool isWhole = true;
    if (m_rest.starts_with('.')) {
        m_rest.remove_prefix(1);
        isWhole = false;
        if (!scanDigits())
            return false;
    }
    if (m_rest.starts_with('e') || m_rest.starts_with('E')) {
        m_rest.remove_prefix(1);
        isWhole = false;
        if (m_rest.starts_with('+') || m_rest.starts_with('-'))
            m_rest.remove_prefix(1);
        if (!scanDigits())
            return false;
    }
    const std::size_t length = from.size() - m_rest.size();
    if (isWhole && length < 300)
        return true;
    double number = 0;
    return std::from_chars(from.data(), from.data() + length, number).ec == std::errc();
}

bool JsonScanner::scanDigits()
{
    if (m_rest.empty() || !isDigit(m_rest.front()))
        return false;
    while (!m_rest.empty() && isDigit(m_rest.front()))
        m_rest.remove_prefix(1);
    return true;
}

bool JsonScanner::scanWord(std::string_view word)
{
    if (!m_rest.starts_with(word))
        return false;
    m_rest.remove_prefix(word.size());
    return true;
}

std::string jsonUnescaped(std::string_view text)
{
    std::string plain;
    plain.reserve(text.size());
    while (!text.empty()) {
        const std::size_t escape = std::min(text.find('\\'), text.size());
        plain.append(text.substr(0, escape));
        text.remove_prefix(escape);
        if (text.empty())
            break;
        const char letter = text[1];
        text.remove_prefix(2);
        if (letter != 'u') {
            plain += unescaped(letter);
            continue;
        }
        char32_t code = *readCode(text);
        text.remove_prefix(kCodeDigits);
        if (isHighSurrogate(code)) {
            code = 0x10000 + ((code - 0xd800) << 10) + (*readCode(text.substr(2)) - 0xdc00);
            text.remove_prefix(2 + kCodeDigits);
        }
        appendUtf8(plain, code);
    }
    return plain;
}

} // namespace tintype
