// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/verb.h"

#include <filesystem>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

// The book alone: no host is asked.

struct HostOptions {
    std::string name;
    control::HostAddress address{.url = {}, .key = {}, .caFile = {}, .fingerprint = {}};
    bool json = false;
};

int editBook(const HostOptions& options, Result<> (*edit)(control::HostBook&, const HostOptions&))
{
    const std::string file = control::HostBook::defaultFile();
    auto book = control::HostBook::load(file);
    if (!book)
        return reportFailure(book.error(), options.json);
    Result<> done = edit(*book, options);
    if (done)
        done = book->save(file);
    if (done && options.json)
        done = printJson({{"name", options.name}, {"file", file}});
    return done ? 0 : reportFailure(done.error(), options.json);
}

Result<> add(control::HostBook& book, const HostOptions& options)
{
    if (options.name.empty() || options.name.find_first_of(".:/ ") != std::string::npos)
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: a name has no dot, colon, slash or space", options.name));
    control::HostAddress address = options.address;
    TINTYPE_TRY_ASSIGN(address.url, control::normalizedUrl(address.url));
    if (!address.caFile.empty())
        address.caFile = std::filesystem::absolute(address.caFile).string();
    book.hosts[options.name] = address;
    return {};
}

Result<> mustKnow(const control::HostBook& book, const std::string& name)
{
    if (book.hosts.contains(name))
        return {};
    return fail(ErrorCode::NotFound, fmt::format("{}: no host of that name", name));
}

Result<> remove(control::HostBook& book, const HostOptions& options)
{
    TINTYPE_TRY(mustKnow(book, options.name));
    book.hosts.erase(options.name);
    if (book.current == options.name)
        book.current.clear();
    return {};
}

Result<> use(control::HostBook& book, const HostOptions& options)
{
    if (options.name != "local")
        TINTYPE_TRY(mustKnow(book, options.name));
    book.current = options.name == "local" ? std::string() : options.name;
    return {};
}

int list(bool json)
{
    const auto book = control::HostBook::load(control::HostBook::defaultFile());
    if (!book)
        return reportFailure(book.error(), json);
    Table table({"", "Name", "URL", "Key", "Trust"});
    Json array = Json::array();
    for (const auto& [name, host] : book->hosts) {
        const std::string keyId = host.key.substr(0, host.key.find(':'));
        const std::string trust = !host.fingerprint.empty() ? "fingerprint" : !host.caFile.empty() ? host.caFile : "";
        table.add({name == book->current ? "*" : "", name, host.url, keyId, trust});
        array.push_back({{"name", name}, {"url", host.url}, {"key_id", textOrNull(keyId)}, {"ca_file", textOrNull(host.caFile)},
            {"fingerprint", textOrNull(host.fingerprint)}, {"current", name == book->current}});
    }
    const Result<> done = json ? printJson({{"hosts", array}}) : print(table);
    return done ? 0 : reportFailure(done.error(), json);
}

CLI::App* addBookCommand(CLI::App& hosts, const char* name, const char* help, Action& action,
    const std::shared_ptr<HostOptions>& options, Result<> (*edit)(control::HostBook&, const HostOptions&))
{
    CLI::App* const command = hosts.add_subcommand(name, help);
    command->add_option("name", options->name, "Its name")->required()->type_name("NAME");
    command->add_flag("--json", options->json, "Tell the result as JSON on standard output");
    command->callback([&action, options, edit] { action = [options, edit] { return editBook(*options, edit); }; });
    return command;
}

} // namespace

void addHostsCommands(CLI::App& parser, Action& action)
{
    CLI::App* const hosts = addGroup(parser, "hosts", "Names for hosts, with their keys");
    const auto options = std::make_shared<HostOptions>();
    CLI::App* const adding = addBookCommand(*hosts, "add", "Name a host, or change it", action, options, add);
    adding->add_option("url", options->address.url, "Its address")->required()->type_name("URL");
    adding->add_option("--key", options->address.key, "id:secret")->type_name("KEY");
    adding->add_option("--ca", options->address.caFile, "Certificate authority, PEM")->type_name("FILE");
    adding->add_option("--fingerprint", options->address.fingerprint, "SHA-256 of its certificate")->type_name("AB:CD:…");
    addBookCommand(*hosts, "remove", "Forget a host and its key", action, options, remove);
    addBookCommand(*hosts, "use", "Mean this host unless --host says otherwise; local = this machine", action, options, use);
    CLI::App* const listing = hosts->add_subcommand("list", "All names");
    listing->add_flag("--json", options->json, "Tell the result as JSON on standard output");
    listing->callback([&action, options] { action = [options] { return list(options->json); }; });
}

} // namespace tintype::cli
