// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/message_pack.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace tintype::wire {
namespace {

using nlohmann::json;

constexpr std::size_t kDeepest = 32;

/// Writes JSON while the parser reads. The parser calls itself for each level, so this stops it before a hostile message
/// has used up the stack.
class JsonWriter : public nlohmann::json_sax<json> {
public:
    const std::string& text() const { return m_text; }
    const std::string& error() const { return m_error; }

    bool null() override { return value("null"); }
    bool boolean(bool val) override { return value(val ? "true" : "false"); }
    bool number_integer(number_integer_t val) override { return value(fmt::format("{}", val)); }
    bool number_unsigned(number_unsigned_t val) override { return value(fmt::format("{}", val)); }
    bool number_float(number_float_t val, const string_t&) override { return value(json(val).dump()); }
    bool string(string_t& val) override { return value(quoted(val)); }
    bool binary(binary_t&) override { return refuse("binary data"); }
    bool start_object(std::size_t) override { return open('{', '}'); }
    bool end_object() override { return close(); }
    bool start_array(std::size_t) override { return open('[', ']'); }
    bool end_array() override { return close(); }

    bool key(string_t& val) override
    {
        separate();
        m_text += quoted(val) + ":";
        m_levels.back().afterKey = true;
        return true;
    }

    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override
    {
        if (m_error.empty())
            m_error = fmt::format("it is not msgpack at byte {}", position);
        return false;
    }

private:
    struct Level {
        char end;
        bool hasEntry = false;
        bool afterKey = false;
    };

    static std::string quoted(const std::string& text)
    {
        return json(text).dump(-1, ' ', false, json::error_handler_t::replace);
    }

    void separate()
    {
        if (m_levels.empty())
            return;
        Level& level = m_levels.back();
        if (level.hasEntry && !level.afterKey)
            m_text += ',';
        level.hasEntry = true;
        level.afterKey = false;
    }

    bool value(std::string_view text)
    {
        separate();
        m_text += text;
        return true;
    }

    bool open(char begin, char end)
    {
        if (m_levels.size() == kDeepest)
            return refuse(fmt::format("lists or maps nested deeper than {}", kDeepest));
        separate();
        m_text += begin;
        m_levels.push_back({end});
        return true;
    }

    bool close()
    {
        m_text += m_levels.back().end;
        m_levels.pop_back();
        return true;
    }

    bool refuse(std::string_view what)
    {
        m_error = fmt::format("it has {} in it", what);
        return false;
    }

    std::string m_text;
    std::string m_error;
    std::vector<Level> m_levels;
};

} // namespace

Result<std::string> jsonOfMessagePack(std::string_view bytes)
{
    JsonWriter writer;
    if (json::sax_parse(bytes, &writer, json::input_format_t::msgpack))
        return writer.text();
    return fail(ErrorCode::InvalidArgument, fmt::format("the message cannot be read: {}", writer.error()));
}

std::string messagePackOfJson(std::string_view text)
{
    std::string bytes;
    json::to_msgpack(json::parse(text, nullptr, /*allow_exceptions=*/false), bytes);
    return bytes;
}

} // namespace tintype::wire
