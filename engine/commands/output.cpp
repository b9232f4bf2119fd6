// SPDX-License-Identifier: Apache-2.0
#include "engine/commands/output.h"

#include "engine/runtime/torch_guard.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace tintype::engine {

int runCommand(CLI::App& parser, int argc, char** argv, const bool& json, const std::function<Result<int>()>& body)
{
    constexpr int kUsage = 2;
    try {
        parser.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return parser.exit(error) == 0 ? 0 : kUsage;
    }
    auto guarded = torchGuard(body);
    Result<int> result = guarded ? std::move(*guarded) : Result<int>(tl::unexpected(guarded.error()));
    if (result)
        return *result;
    const Error& error = result.error();
    if (json)
        printJson({{"error", {{"code", errorCodeName(error.code)}, {"message", error.message}}}});
    std::fprintf(stderr, "tintype %s: %s\n", argv[0], error.message.c_str());
    return exitCode(error.code);
}

void printJson(const nlohmann::json& json)
{
    const std::string text = json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
    std::puts(text.c_str());
}

} // namespace tintype::engine
