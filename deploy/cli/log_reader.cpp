// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/log_reader.h"

#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr int kPageLimit = 200;
constexpr int kMaxLines = 100'000;
constexpr std::array<std::string_view, 4> kLevels{"debug", "info", "warning", "error"};

std::ptrdiff_t rank(std::string_view level)
{
    return std::find(kLevels.begin(), kLevels.end(), level) - kLevels.begin();
}

bool contains(const std::string& text, const std::string& part)
{
    const auto same = [](unsigned char left, unsigned char right) { return std::tolower(left) == std::tolower(right); };
    return std::search(text.begin(), text.end(), part.begin(), part.end(), same) != text.end();
}

/// Whether a line that came live is one of those that were asked for.
bool matches(const control::LogLine& line, const LogOptions& options)
{
    return (options.app.empty() || line.app == options.app) && (options.replica.empty() || line.replica == options.replica)
        && (options.request.empty() || line.request == options.request)
        && (options.level.empty() || rank(line.level) >= rank(options.level)) && contains(line.text, options.search);
}

/// The latest lines that match, oldest first.
Result<std::vector<control::LogLine>> latest(Session& session, const LogOptions& options)
{
    const TimePoint now = wallClockNow();
    control::LogQuery query{.app = options.app, .replica = options.replica, .request = options.request,
        .level = options.level, .search = options.search, .since = {}, .until = {}, .newestFirst = true, .page = {}};
    TINTYPE_TRY_ASSIGN(query.since, parseTime("--since", options.since, now));
    TINTYPE_TRY_ASSIGN(query.until, parseTime("--until", options.until, now));
    std::vector<control::LogLine> lines;
    do {
        query.page.limit = std::min(kPageLimit, options.lines - static_cast<int>(lines.size()));
        if (query.page.limit <= 0)
            break;
        TINTYPE_TRY_ASSIGN(const auto page, session.await(session.control().logs(query)));
        lines.insert(lines.end(), page.items.begin(), page.items.end());
        query.page.cursor = page.next;
    } while (!query.page.cursor.empty());
    std::reverse(lines.begin(), lines.end());
    return lines;
}

Result<> follow(Session& session, const LogOptions& options)
{
    std::vector<control::LogLine> early; // live lines that came before the stored ones were printed
    bool live = false;
    Result<> outcome;
    QEventLoop loop;
    QObject::connect(&session.control(), &control::Control::happened, &loop, [&](const control::Event& event) {
        const auto* added = std::get_if<control::LogAdded>(&event);
        if (!added || !matches(added->line, options))
            return;
        if (!live)
            early.push_back(added->line);
        else if (outcome = printLogLine(added->line, options.json); !outcome)
            loop.quit();
    });
    QObject::connect(&session.control(), &control::Control::connectionChanged, &loop, [](const control::ConnectionState& state) {
        if (state.kind == control::ConnectionState::Kind::Retrying)
            fmt::print(stderr, "connection lost ({}), trying again in {:.1f} s\n", state.reason, state.retrySeconds);
    });
    session.control().watch({.app = options.app, .types = {"log"}});
    TINTYPE_TRY_ASSIGN(const auto lines, latest(session, options));
    for (const control::LogLine& line : lines)
        TINTYPE_TRY(printLogLine(line, options.json));
    for (const control::LogLine& line : early) {
        if (std::find(lines.begin(), lines.end(), line) == lines.end())
            TINTYPE_TRY(printLogLine(line, options.json));
    }
    live = true;
    if (!session.waitIn(loop))
        return fail(ErrorCode::Cancelled, "interrupted");
    return outcome;
}

void declareLogs(CLI::App& command, LogOptions& options)
{
    command.add_option("--app", options.app, "Only of this app")->type_name("APP");
    command.add_option("--replica,--runner", options.replica, "Only of this replica")->type_name("ID");
    addLogOptions(command, options);
}

} // namespace

Result<> printLogLine(const control::LogLine& line, bool json)
{
    if (json)
        return printJsonLine({{"time", isoText(line.time)}, {"level", line.level}, {"app", line.app},
            {"revision", line.revision}, {"replica", line.replica}, {"request", line.request}, {"source", line.source},
            {"text", line.text}});
    return print(fmt::format("{} {:<7} {}  {}\n", timeText(line.time), line.level, line.app, line.text));
}

void addLogOptions(CLI::App& command, LogOptions& options)
{
    command.add_option("--request", options.request, "Only of this request")->type_name("ID");
    command.add_option("--level", options.level, "Only of this level and worse")
        ->check(CLI::IsMember(std::vector<std::string>(kLevels.begin(), kLevels.end())));
    command.add_option("--search", options.search, "Only lines that contain this")->type_name("TEXT");
    command.add_option("--since", options.since, "Only after this: 15m, 2h, 7d, or a time")->type_name("TIME");
    command.add_option("--until", options.until, "Only before this")->type_name("TIME");
    command.add_option("-n,--lines", options.lines, "The latest so many")->check(CLI::Range(0, kMaxLines))->capture_default_str();
    command.add_flag("-f,--follow", options.follow, "Go on with what comes, until Ctrl-C");
}

Result<> readLogs(Session& session, const LogOptions& options)
{
    if (options.follow)
        return follow(session, options);
    TINTYPE_TRY_ASSIGN(const auto lines, latest(session, options));
    for (const control::LogLine& line : lines)
        TINTYPE_TRY(printLogLine(line, options.json));
    return {};
}

void addLogsCommand(CLI::App& parser, Action& action)
{
    addVerb(parser, "logs", "What apps and replicas said", action, declareLogs, readLogs);
}

} // namespace tintype::cli
