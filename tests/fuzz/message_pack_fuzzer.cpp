// SPDX-License-Identifier: Apache-2.0
// Realtime messages: no crash on any bytes; what is taken becomes JSON that reads, and comes back from msgpack as itself.

#include "deploy/wire/message_pack.h"
#include "seeds.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

using namespace tintype;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

fuzz::Bytes seedOf(const nlohmann::json& value)
{
    return nlohmann::json::to_msgpack(value);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto json = wire::jsonOfMessagePack({reinterpret_cast<const char*>(data), size});
    if (!json) {
        require(!json.error().message.empty());
        return 0;
    }
    require(nlohmann::json::accept(*json));
    const auto back = wire::jsonOfMessagePack(wire::messagePackOfJson(*json));
    require(back.has_value() && nlohmann::json::parse(*back) == nlohmann::json::parse(*json));
    return 0;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    return {
        seedOf({{"prompt", "a red circle"}, {"seed", 18446744073709551615ULL}, {"guidance_scale", 0.5}, {"sync_mode", true}}),
        seedOf({{"image_size", {{"width", 128}, {"height", -1}}}, {"list", {1, nullptr, "x", {{"deep", {{{}}}}}}}}),
        seedOf(nlohmann::json::array({std::string(300, 'a'), "\xc3\xa4", 1e300, -9223372036854775807LL})),
        seedOf(nullptr),
    };
}
