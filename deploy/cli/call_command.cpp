// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/call_input.h"
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/cli/output_file.h"
#include "deploy/cli/progress_display.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"

#include <filesystem>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr std::chrono::milliseconds kPollInterval{300};
constexpr const char* kTag = "call";

struct CallOptions : CommonOptions {
    std::string app;
    std::vector<std::string> words;
    std::string output;
    bool stream = false;
    bool queue = false;
};

void declareCall(CLI::App& command, CallOptions& options)
{
    command.add_option("app", options.app, "APP, or OWNER/APP[/PATH]")->required()->type_name("APP");
    command.add_option("input", options.words, "key=value, key:=JSON, key[sub]=value, key=@FILE")->type_name("KEY=VALUE …");
    command.add_option("-o,--output", options.output, "Picture to write; several become NAME-1.EXT, NAME-2.EXT, …")
        ->type_name("FILE");
    CLI::Option* const stream = command.add_flag("--stream", options.stream, "Show the steps as they are drawn");
    command.add_flag("--queue", options.queue, "Wait in the queue, and say why")->excludes(stream);
}

/// A name alone is an app of the host itself.
Result<std::string> endpointOf(Session& session, const std::string& app)
{
    if (app.find('/') != std::string::npos)
        return app;
    const auto host = session.await(session.control().host());
    if (!host && host.error().code != ErrorCode::Unauthorized)
        return tl::unexpected(host.error());
    return (host && !host->owner.empty() ? host->owner : "local") + "/" + app;
}

Result<control::CallResult> callStreaming(Session& session, const control::Call& call)
{
    ProgressDisplay display;
    QObject context;
    QObject::connect(&session.control(), &control::Control::callProgressed, &context,
        [&display](const std::string&, const control::CallProgress& progress) {
            display.showStep({.step = progress.step, .steps = progress.steps, .stepSeconds = 0, .etaSeconds = progress.etaSeconds, .preview = {}});
        });
    auto result = session.await(session.control().streamCall(call));
    if (!result && result.error().code == ErrorCode::Cancelled)
        session.control().stopCall(call.tag);
    return result;
}

std::string statusText(const control::CallStatus& status)
{
    if (status.state == control::CallStatus::State::Running)
        return "running";
    const std::string why = status.reason.empty() ? fmt::format("{} ahead", status.position) : status.reason;
    return status.eta ? fmt::format("waiting: {}; done in about {}", why, durationText(*status.eta)) : "waiting: " + why;
}

Result<control::CallResult> awaitResult(Session& session, const control::Submission& submission)
{
    ProgressDisplay display;
    std::string shown;
    while (true) {
        TINTYPE_TRY_ASSIGN(const auto status, session.await(session.control().callStatus(submission)));
        if (status.state == control::CallStatus::State::Done)
            return session.await(session.control().callResult(submission));
        const std::string text = statusText(status);
        if (text != shown)
            display.note(text);
        shown = text;
        TINTYPE_TRY(session.sleep(kPollInterval));
    }
}

Result<control::CallResult> callQueued(Session& session, const control::Call& call)
{
    TINTYPE_TRY_ASSIGN(const auto submission, session.await(session.control().submit(call)));
    fmt::print(stderr, "request {}\n", submission.requestId);
    auto result = awaitResult(session, submission);
    if (!result && result.error().code == ErrorCode::Cancelled)
        std::ignore = session.await(session.control().cancelCall(submission));
    return result;
}

std::string numbered(const std::string& output, std::size_t number, std::size_t count)
{
    if (count == 1)
        return output;
    const std::filesystem::path path(output);
    return (path.parent_path() / fmt::format("{}-{}{}", path.stem().string(), number, path.extension().string())).string();
}

/// Saves the pictures that an output names. Returns the files' names.
Result<std::vector<std::string>> savePictures(Session& session, const Json& output, const std::string& file)
{
    const Json images = output.is_object() ? output.value("images", Json::array()) : Json::array();
    std::vector<std::string> files;
    for (const Json& image : images) {
        const auto url = image.is_object() ? image.value("url", std::string()) : std::string();
        TINTYPE_TRY_ASSIGN(const auto fetched, session.await(session.control().fetchFile(url)));
        const std::string name = numbered(file, files.size() + 1, images.size());
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(fetched.bytes.data());
        TINTYPE_TRY_ASSIGN(auto staged, StagedFile::write(name, {bytes, fetched.bytes.size()}));
        TINTYPE_TRY(staged.commit());
        files.push_back(name);
    }
    if (files.empty())
        return fail(ErrorCode::Protocol, fmt::format("{}: not written, for the result has no pictures", file));
    return files;
}

Result<> call(Session& session, const CallOptions& options)
{
    if (!options.output.empty())
        TINTYPE_TRY(checkWritable(options.output));
    control::Call call{.endpoint = {}, .input = {}, .tag = kTag};
    TINTYPE_TRY_ASSIGN(call.input, callInput(options.words));
    TINTYPE_TRY_ASSIGN(call.endpoint, endpointOf(session, options.app));
    TINTYPE_TRY_ASSIGN(const auto result,
        options.stream      ? callStreaming(session, call)
            : options.queue ? callQueued(session, call)
                            : session.await(session.control().call(call)));
    const Json output = Json::parse(result.output, nullptr, false);
    if (options.output.empty())
        return printJson(output);
    TINTYPE_TRY_ASSIGN(const auto files, savePictures(session, output, options.output));
    if (options.json)
        return printJson(output);
    for (const std::string& file : files)
        TINTYPE_TRY(print(file + "\n"));
    return {};
}

} // namespace

void addCallCommand(CLI::App& parser, Action& action)
{
    addVerb(parser, "call", "Call an app", action, declareCall, call)->alias("api");
}

} // namespace tintype::cli
