// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/input_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <fmt/format.h>
#include <optional>

namespace tintype::domain {
namespace {

using Json = nlohmann::json;

constexpr double kBeyondUnsigned = 18446744073709551616.0; // 2^64

tl::unexpected<ValueFault> fault(std::string_view type, std::string msg, const Json& ctx = {})
{
    return tl::unexpected(ValueFault{std::string(type), std::move(msg), ctx.is_null() ? std::string() : ctx.dump()});
}

tl::unexpected<ValueFault> below(std::uint64_t low)
{
    return fault("greater_than_equal", fmt::format("Input should be greater than or equal to {}", low), {{"ge", low}});
}

tl::unexpected<ValueFault> above(std::uint64_t high)
{
    return fault("less_than_equal", fmt::format("Input should be less than or equal to {}", high), {{"le", high}});
}

std::string_view trimmed(std::string_view text)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const auto first = text.find_first_not_of(kSpace);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

/// A decimal number that is the whole of the text. Never infinite, never NaN.
template <class Number>
std::optional<Number> parsed(std::string_view text)
{
    text = trimmed(text);
    if (text.starts_with('+') && !text.starts_with("+-"))
        text.remove_prefix(1);
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    if (!std::isfinite(static_cast<double>(value)))
        return std::nullopt;
    return value;
}

Checked<std::uint64_t> within(std::uint64_t value, ValueRange range)
{
    if (value < range.low)
        return below(range.low);
    if (value > range.high)
        return above(range.high);
    return value;
}

/// The whole number that a floating-point one stands for.
Checked<std::uint64_t> wholeOf(double value, ValueRange range, std::string_view type, std::string_view msg)
{
    if (value != std::floor(value))
        return fault(type, std::string(msg));
    if (value < 0)
        return below(range.low);
    if (value >= kBeyondUnsigned)
        return above(range.high);
    return within(static_cast<std::uint64_t>(value), range);
}

Checked<std::uint64_t> wholeInText(std::string_view text, ValueRange range)
{
    constexpr std::string_view kType = "int_parsing";
    constexpr std::string_view kMessage = "Input should be a valid integer, unable to parse string as an integer";
    if (const auto whole = parsed<std::uint64_t>(text))
        return within(*whole, range);
    const auto value = parsed<double>(text);
    return value ? wholeOf(*value, range, kType, kMessage) : fault(kType, std::string(kMessage));
}

std::uint64_t characters(std::string_view utf8)
{
    return static_cast<std::uint64_t>(std::ranges::count_if(utf8, [](char byte) { return (byte & 0xc0) != 0x80; }));
}

} // namespace

Checked<std::uint64_t> wholeNumber(const Json& value, ValueRange range)
{
    if (value.is_number_integer() && !value.is_number_unsigned() && value.get<std::int64_t>() < 0)
        return below(range.low);
    if (value.is_number_integer())
        return within(value.get<std::uint64_t>(), range);
    if (value.is_number_float())
        return wholeOf(value.get<double>(), range, "int_from_float",
            "Input should be a valid integer, got a number with a fractional part");
    if (value.is_string())
        return wholeInText(value.get_ref<const std::string&>(), range);
    return fault("int_type", "Input should be a valid integer");
}

Checked<double> number(const Json& value, ValueRange range)
{
    std::optional<double> parsedValue;
    if (value.is_number())
        parsedValue = value.get<double>();
    else if (value.is_string())
        parsedValue = parsed<double>(value.get_ref<const std::string&>());
    else
        return fault("float_type", "Input should be a valid number");
    if (!parsedValue)
        return fault("float_parsing", "Input should be a valid number, unable to parse string as a number");
    if (*parsedValue < static_cast<double>(range.low))
        return below(range.low);
    if (*parsedValue > static_cast<double>(range.high))
        return above(range.high);
    return *parsedValue;
}

Checked<bool> truth(const Json& value)
{
    constexpr std::array<std::string_view, 6> kTrue{"true", "1", "yes", "y", "on", "t"};
    constexpr std::array<std::string_view, 6> kFalse{"false", "0", "no", "n", "off", "f"};
    if (value.is_boolean())
        return value.get<bool>();
    if (!value.is_number() && !value.is_string())
        return fault("bool_type", "Input should be a valid boolean");
    std::string word = value.is_string() ? value.get<std::string>() : fmt::format("{}", value.get<double>());
    std::ranges::transform(word, word.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? char(c + ('a' - 'A')) : c; });
    if (std::ranges::find(kTrue, word) != kTrue.end())
        return true;
    if (std::ranges::find(kFalse, word) != kFalse.end())
        return false;
    return fault("bool_parsing", "Input should be a valid boolean, unable to interpret input");
}

Checked<std::string> text(Json& value, std::uint64_t longest)
{
    if (!value.is_string())
        return fault("string_type", "Input should be a valid string");
    auto& content = value.get_ref<std::string&>();
    if (content.size() > longest && characters(content) > longest)
        return fault("string_too_long", fmt::format("String should have at most {} characters", longest),
            {{"max_length", longest}});
    return std::move(content);
}

Checked<std::size_t> choice(const Json& value, std::span<const std::string_view> names)
{
    if (value.is_string()) {
        const auto found = std::ranges::find(names, std::string_view(value.get_ref<const std::string&>()));
        if (found != names.end())
            return static_cast<std::size_t>(found - names.begin());
    }
    std::string list;
    for (std::size_t index = 0; index < names.size(); ++index)
        list += fmt::format("{}'{}'", index == 0 ? "" : index + 1 == names.size() ? " or " : ", ", names[index]);
    return fault("one_of", "Input should be " + list, {{"expected", names}});
}

Checked<std::uint64_t> multipleOf(std::uint64_t divisor, std::uint64_t value)
{
    if (value % divisor != 0)
        return fault(
            "multiple_of", fmt::format("Input should be a multiple of {}", divisor), {{"multiple_of", divisor}});
    return value;
}

} // namespace tintype::domain
