// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace tintype {

/// Writes JSON piece by piece, without a tree in between: for what is written for every request. The caller keeps
/// brackets and keys in order. A text that is not UTF-8 is mended with U+FFFD, a number that is not finite is null.
class JsonText {
public:
    JsonText& beginObject() { return open('{'); }
    JsonText& endObject() { return close('}'); }
    JsonText& beginList() { return open('['); }
    JsonText& endList() { return close(']'); }
    JsonText& key(std::string_view name); ///< of letters that need no escape

    JsonText& value(std::string_view text);
    JsonText& value(const char* text) { return value(std::string_view(text)); }
    JsonText& value(const std::string& text) { return value(std::string_view(text)); }
    JsonText& value(bool truth) { return raw(truth ? "true" : "false"); }
    JsonText& value(double number);
    JsonText& value(std::nullptr_t) { return raw("null"); }

    template <class Number>
        requires std::is_integral_v<Number>
    JsonText& value(Number number)
    {
        if constexpr (std::is_signed_v<Number>)
            return signedNumber(number);
        else
            return unsignedNumber(number);
    }

    template <class Entry>
    JsonText& value(const std::vector<Entry>& list)
    {
        beginList();
        for (const Entry& entry : list)
            value(entry);
        return endList();
    }

    JsonText& raw(std::string_view json); ///< a value that is JSON already

    template <class Value>
    JsonText& field(std::string_view name, const Value& content)
    {
        return key(name).value(content);
    }

    const std::string& text() const { return m_text; }
    std::string take() { return std::move(m_text); }

private:
    JsonText& open(char bracket);
    JsonText& close(char bracket);
    JsonText& signedNumber(std::int64_t number);
    JsonText& unsignedNumber(std::uint64_t number);
    void separate();

    std::string m_text;
    bool m_needsComma = false;
};

/// `"text"` with what JSON wants escaped; what is not UTF-8 becomes U+FFFD.
void appendJsonString(std::string& json, std::string_view text);

} // namespace tintype
