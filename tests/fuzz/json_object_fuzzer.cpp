// SPDX-License-Identifier: Apache-2.0
// The reader of frames' JSON: no crash on any bytes, and it takes nothing that nlohmann's parser refuses. (The other way round there are
// differences on purpose: depth, numbers beyond a double, a byte-order mark.)

#include "engine/base/json_object.h"
#include "seeds.h"

#include <cstdlib>
#include <limits>
#include <tuple>
#include <nlohmann/json.hpp>
#include <string_view>

using namespace tintype;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

fuzz::Bytes seedOf(std::string_view text) { return {text.begin(), text.end()}; }

/// Every question that can be asked of a field.
void ask(const JsonObject& object, std::string_view name)
{
    std::ignore = object.has(name);
    std::ignore = object.boolean(name);
    std::ignore = object.integer(name, std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    std::ignore = object.unsignedInteger(name);
    std::ignore = object.number(name);
    std::ignore = object.string(name);
    std::ignore = object.numbers(name);
    std::ignore = object.strings(name);
    std::ignore = object.object(name);
    std::ignore = object.objects(name);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto object = JsonObject::parse(text, "frame");
    if (!object)
        return 0;
    const auto same = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
    require(same.is_object());
    for (const auto& [name, value] : same.items()) {
        require(object->contains(name));
        if (value.is_string()) {
            const auto read = object->string(name);
            require(read.has_value() && *read == value.get<std::string>());
        }
        ask(*object, name);
    }
    ask(*object, "absent");
    return 0;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    return {
        seedOf("{\"type\":\"progress\",\"id\":\"r-1\",\"step\":3,\"steps\":28,\"seconds\":0.25,\"preview\":null}"),
        seedOf("{\"a\":[1,2.5e-3,-0],\"b\":{\"c\":[{},{\"d\":true}]},\"e\":\"\\u00e4\\ud83d\\ude00\\n\\\\\",\"f\":18446744073709551615}"),
        seedOf(" { \"\\u0061\" : [ \"x\" , \"\" ] , \"strings\" : [] }\n"),
    };
}
