// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/serve_command.h"

#include "deploy/api/api.h"
#include "deploy/cli/interrupt.h"
#include "deploy/http/server.h"
#include "deploy/http/tls.h"
#include "deploy/runtime/host.h"
#include "deploy/wire/wire.h"

#include <CLI/CLI.hpp>
#include <QCoreApplication>
#include <QStandardPaths>
#include <cstdio>
#include <fmt/format.h>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace tintype::cli {
namespace {

struct ServeOptions {
    runtime::HostOptions host;
    std::string listen = "127.0.0.1:7870";
    std::string runListen; ///< empty = only the main listener
    std::string queueListen;
    std::string restListen;
    bool tls = false;
    bool insecure = false;
    std::string certificate;
    std::string key;
};

struct Listener {
    std::string name;
    std::string flag;
    http::ListenAddress address;
};

Result<std::vector<Listener>> listenersOf(const ServeOptions& options)
{
    std::vector<Listener> listeners;
    const auto add = [&](const char* name, const char* flag, const std::string& text) -> Result<> {
        if (text.empty())
            return {};
        auto address = http::ListenAddress::parse(text);
        if (!address)
            return fail(ErrorCode::InvalidArgument, fmt::format("{}: {}", flag, address.error().message));
        listeners.push_back({name, flag, *std::move(address)});
        return {};
    };
    TINTYPE_TRY(add("main", "--listen", options.listen));
    TINTYPE_TRY(add("run", "--run-listen", options.runListen));
    TINTYPE_TRY(add("queue", "--queue-listen", options.queueListen));
    TINTYPE_TRY(add("rest", "--rest-listen", options.restListen));
    const bool encrypted = options.tls || !options.certificate.empty();
    for (const Listener& listener : listeners) {
        if (!listener.address.isLoopback() && !encrypted && !options.insecure)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{} {}: other machines can reach this address, and keys would cross the network in the clear; "
                            "add --tls, or --insecure if something in front of it encrypts",
                    listener.flag, listener.address.host));
    }
    return listeners;
}

Result<std::optional<QSslConfiguration>> tlsOf(const ServeOptions& options, const std::vector<Listener>& listeners)
{
    if (options.certificate.empty() != options.key.empty())
        return fail(ErrorCode::InvalidArgument, "--cert and --key go together");
    if (!options.tls && options.certificate.empty())
        return std::nullopt;
    http::TlsFiles files{options.certificate, options.key};
    if (options.certificate.empty()) {
        std::vector<std::string> names;
        for (const Listener& listener : listeners)
            names.push_back(listener.address.host);
        TINTYPE_TRY_ASSIGN(files, http::ownCertificate(options.host.dataFolder + "/tls", names));
        fmt::print(stderr, "clients trust this host by {}/tls/ca.pem\n", options.host.dataFolder);
    }
    TINTYPE_TRY_ASSIGN(const std::string print, http::fingerprint(files.certificate));
    fmt::print(stderr, "certificate {}\n", print);
    TINTYPE_TRY_ASSIGN(auto configuration, http::tlsConfiguration(files));
    return std::optional(std::move(configuration));
}

std::string urlOf(const http::ListenAddress& address, quint16 port, bool encrypted)
{
    const bool isV6 = address.host.find(':') != std::string::npos;
    return fmt::format("{}://{}{}{}:{}", encrypted ? "https" : "http", isV6 ? "[" : "", address.host, isV6 ? "]" : "", port);
}

Result<> serveUntilStopped(const ServeOptions& options)
{
    TINTYPE_TRY_ASSIGN(const auto listeners, listenersOf(options));
    TINTYPE_TRY_ASSIGN(const auto host, runtime::Host::open(options.host));
    TINTYPE_TRY_ASSIGN(const auto tls, tlsOf(options, listeners));

    api::ApiOptions apiOptions;
    for (const Listener& listener : listeners) {
        if (listener.address.isLoopback())
            apiOptions.loopbackListeners.insert(listener.name);
    }
    const http::Server* running = nullptr;
    apiOptions.connectionCount = [&running] { return running ? running->connectionCount() : 0; };
    std::map<std::string, int> ports;
    apiOptions.listenerPorts = [&ports] { return ports; };
    api::Api api(*host, apiOptions);
    http::RouteTable apiRoutes;
    api.addTo(apiRoutes);
    wire::Wire wire(*host, apiRoutes, apiOptions.loopbackListeners);
    http::Server server(wire.resolver(), {}, options.host.dataFolder + "/tmp");
    running = &server;
    std::string mainUrl;
    for (const Listener& listener : listeners) {
        TINTYPE_TRY_ASSIGN(const quint16 port, server.listen(listener.name, listener.address, tls));
        const std::string url = urlOf(listener.address, port, tls.has_value());
        if (mainUrl.empty()) {
            mainUrl = url;
            continue;
        }
        ports[listener.name] = port;
        fmt::print(stderr, "{} {}\n", listener.name, url);
    }
    Interrupt interrupt;
    int wishes = 0;
    QObject::connect(&interrupt, &Interrupt::interrupted, host.get(), [&] {
        if (++wishes > 1)
            return QCoreApplication::exit(); // a second Ctrl-C does not wait
        server.stopListening();
        host->drain();
    });
    QObject::connect(host.get(), &runtime::Host::drained, &server, [] { QCoreApplication::exit(); });
    fmt::print("ready {}\n", mainUrl);
    std::fflush(stdout);
    QCoreApplication::exec();
    return {};
}

int serve(ServeOptions options)
{
    if (options.host.dataFolder.empty())
        options.host.dataFolder
            = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation).toStdString() + "/tintype";
    const auto outcome = serveUntilStopped(options);
    if (outcome)
        return 0;
    fmt::print(stderr, "tintype serve: {}\n", outcome.error().message);
    return exitCode(outcome.error().code);
}

} // namespace

void addServeCommand(CLI::App& parser, Action& action)
{
    CLI::App* command = parser.add_subcommand("serve", "Serve apps on this machine over HTTP and WebSocket");
    const auto chosen = std::make_shared<ServeOptions>();
    ServeOptions& options = *chosen;
    command->add_option("--data", options.host.dataFolder, "Folder of everything the host keeps [XDG data folder]");
    command->add_option("--listen", options.listen, "Address of the main listener")->capture_default_str();
    command->add_option("--run-listen", options.runListen, "A listener of its own for fal.run");
    command->add_option("--queue-listen", options.queueListen, "A listener of its own for queue.fal.run");
    command->add_option("--rest-listen", options.restListen, "A listener of its own for rest.fal.ai and files");
    command->add_flag("--tls", options.tls, "Encrypt, with a certificate of its own unless --cert is given");
    command->add_option("--cert", options.certificate, "Certificate with its chain, PEM");
    command->add_option("--key", options.key, "Private key of the certificate, PEM");
    command->add_flag("--insecure", options.insecure, "Let other machines call without TLS");
    command->add_option("--owner", options.host.owner, "First part of the apps' paths")->capture_default_str();
    command->add_option("--machines", options.host.machinesFile, "JSON file that names this host's machine types");
    command->add_option("--public-url", options.host.publicUrl, "URL under which callers reach this host");
    command->add_flag("!--refuse-private-webhooks", options.host.allowPrivateWebhooks,
        "Send no webhook to an address of a private network");
    command->add_option("--record-days", options.host.retention.recordDays, "Days to keep records of requests")
        ->capture_default_str()->check(CLI::Range(1, 3650));
    command->add_option("--log-days", options.host.retention.logDays, "Days to keep log lines")
        ->capture_default_str()->check(CLI::Range(1, 3650));
    command->add_option("--max-records", options.host.retention.maxRecords, "Records of requests to keep at most")
        ->capture_default_str()->check(CLI::Range(std::int64_t{1000}, std::int64_t{100'000'000}));
    command->add_option("--max-log-lines", options.host.retention.maxLogLines, "Log lines to keep at most")
        ->capture_default_str()->check(CLI::Range(std::int64_t{1000}, std::int64_t{100'000'000}));
    command->add_option("--max-file-bytes", options.host.retention.maxFileBytes,
               "Bytes of results and uploads to keep at most: 50GB, 500 MiB")
        ->transform(CLI::AsSizeValue(/*kb_is_1000=*/true))->default_str("50GB");
    command->add_option("--unused-hours", options.host.retention.unusedHours,
               "Hours to keep pushed files that no revision refers to")
        ->capture_default_str()->check(CLI::Range(1, 8760));
    command->callback([chosen, &action] { action = [chosen] { return serve(*chosen); }; });
}

} // namespace tintype::cli
