// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/host_option.h"

#include <QString>
#include <CLI/CLI.hpp>
#include <QtGlobal>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

std::string environment(const char* name)
{
    return qEnvironmentVariable(name).toStdString();
}

std::string firstOf(std::initializer_list<std::string> texts)
{
    for (const std::string& text : texts) {
        if (!text.empty())
            return text;
    }
    return {};
}

} // namespace

void addCommonOptions(CLI::App& command, CommonOptions& options)
{
    command.add_option("--host", options.host.host, "Name (tintype hosts) or URL [$TINTYPE_HOST, or this machine]")
        ->type_name("HOST");
    command.add_option("--ca", options.host.caFile, "Certificate authority of the host, PEM [$TINTYPE_CA]")->type_name("FILE");
    command.add_option("--fingerprint", options.host.fingerprint, "SHA-256 of the host's certificate")->type_name("AB:CD:…");
    command.add_flag("--json", options.json, "Tell the result as JSON on standard output");
}

Result<ChosenHost> chooseHost(const HostOption& option, const control::HostBook& book)
{
    const std::string wanted = firstOf({option.host, environment("TINTYPE_HOST"), book.current});
    ChosenHost chosen;
    chosen.isDefault = wanted.empty();
    if (const auto named = book.hosts.find(wanted); named != book.hosts.end()) {
        chosen.address = named->second;
    } else if (!wanted.empty()) {
        const bool looksLikeName = wanted.find_first_of(".:/") == std::string::npos && wanted != "localhost";
        if (looksLikeName)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: no host of that name; add it with: tintype hosts add {} URL", wanted, wanted));
        TINTYPE_TRY_ASSIGN(chosen.address.url, control::normalizedUrl(wanted));
    }
    if (const control::HostAddress* known = book.findUrl(chosen.address.url); known)
        chosen.address = *known;
    control::HostAddress& address = chosen.address;
    address.key = firstOf({environment("TINTYPE_KEY"), address.key, environment("FAL_KEY")});
    address.caFile = firstOf({option.caFile, environment("TINTYPE_CA"), address.caFile});
    address.fingerprint = firstOf({option.fingerprint, address.fingerprint});
    return chosen;
}

} // namespace tintype::cli
