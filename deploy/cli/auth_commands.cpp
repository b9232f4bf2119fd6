// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/verb.h"

#include <QUrl>
#include <algorithm>
#include <fmt/format.h>
#include <iostream>

namespace tintype::cli {
namespace {

struct LoginOptions : CommonOptions {
    std::string key;
    std::string name;
};

void declareLogin(CLI::App& command, LoginOptions& options)
{
    command.add_option("--key", options.key, "id:secret [read from standard input]")->type_name("KEY");
    command.add_option("--name", options.name, "Name that the host gets in the book [its own machine name]")->type_name("NAME");
}

std::string nameOf(const std::string& url)
{
    std::string name = QUrl(QString::fromStdString(url)).host().toStdString();
    std::replace_if(name.begin(), name.end(), [](char letter) { return letter == '.' || letter == ':'; }, '-');
    return name;
}

/// The book's name for this URL, the wanted one, or one made of the URL.
std::string entryName(const control::HostBook& book, const std::string& url, const std::string& wanted)
{
    if (!wanted.empty())
        return wanted;
    for (const auto& [name, host] : book.hosts) {
        if (host.url == url)
            return name;
    }
    return nameOf(url);
}

Result<> login(Session& session, const LoginOptions& options)
{
    control::HostAddress address = session.address();
    address.key = options.key;
    if (address.key.empty()) {
        fmt::print(stderr, "Key of {}: ", address.url);
        std::getline(std::cin, address.key);
    }
    if (address.key.find(':') == std::string::npos)
        return fail(ErrorCode::InvalidArgument, "a key has the form id:secret");
    control::HttpControl checked(address);
    if (const auto host = session.await(checked.host()); !host && host.error().message.find("scope") == std::string::npos)
        return tl::unexpected(host.error());
    const std::string file = control::HostBook::defaultFile();
    TINTYPE_TRY_ASSIGN(control::HostBook book, control::HostBook::load(file));
    const std::string name = entryName(book, address.url, options.name);
    book.hosts[name] = address;
    TINTYPE_TRY(book.save(file));
    if (options.json)
        return printJson({{"name", name}, {"url", address.url}, {"key_id", address.key.substr(0, address.key.find(':'))}});
    fmt::print(stderr, "The key of {} is kept; use it with: --host {}\n", address.url, name);
    return {};
}

Result<> whoAmI(Session& session, const CommonOptions& options)
{
    const std::string& key = session.address().key;
    const std::string id = key.substr(0, key.find(':'));
    TINTYPE_TRY_ASSIGN(const auto host, session.await(session.control().host()));
    if (options.json)
        return printJson({{"host", session.address().url}, {"owner", host.owner}, {"key_id", textOrNull(id)}, {"version", host.version}});
    return print(fmt::format("{} at {} (Tintype {}), {}\n", host.owner, session.address().url, host.version,
        id.empty() ? "without a key, as a program of this machine" : "key " + id));
}

} // namespace

void addAuthCommands(CLI::App& parser, Action& action)
{
    CLI::App* const auth = addGroup(parser, "auth", "The key that this machine uses");
    addVerb(*auth, "login", "Check a key and keep it for a host", action, declareLogin, login);
    addVerb(*auth, "whoami", "As whom a host sees this machine", action, declareNothing, whoAmI);
}

} // namespace tintype::cli
