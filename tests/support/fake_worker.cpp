// SPDX-License-Identifier: Apache-2.0
// A worker without an engine: the real loop around a script, which stands in the environment variable
// TINTYPE_FAKE_WORKER as words of the form key=value:
//
//   load=ok | fail:CODE | exit:N | signal:N | hang        what load does; CODE is a name of error.cpp
//   generate=ok | fail:CODE | exit:N | signal:N | hang | half-frame | garbage
//   start=ok | hang | garbage | exit:N | version          before the first frame; version = speak another protocol
//   steps=N step_ms=N image_bytes=N say=WORD              say: printed as a careless library would
//
// With arguments it prints them and exits 7, as `tintype inspect …` would run it.

#include "engine/worker/process_setup.h"
#include "engine/worker/worker_loop.h"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>

namespace {

using namespace tintype;

constexpr int kExitWithArguments = 7;

class Script {
public:
    explicit Script(const char* text)
    {
        std::istringstream words(text ? text : "");
        for (std::string word; words >> word;) {
            const auto equals = word.find('=');
            m_values[word.substr(0, equals)] = equals == std::string::npos ? "" : word.substr(equals + 1);
        }
    }

    std::string text(const std::string& key, const std::string& fallback) const
    {
        const auto found = m_values.find(key);
        return found == m_values.end() ? fallback : found->second;
    }

    int number(const std::string& key, int fallback) const { return std::stoi(text(key, std::to_string(fallback))); }

private:
    std::map<std::string, std::string> m_values;
};

[[noreturn]] void hang()
{
    while (true)
        std::this_thread::sleep_for(std::chrono::hours(1));
}

[[noreturn]] void raiseAndWait(int signal)
{
    ::kill(::getpid(), signal);
    hang();
}

void writeRaw(int descriptor, std::string_view bytes)
{
    if (::write(descriptor, bytes.data(), bytes.size()) < 0)
        std::_Exit(1);
}

[[noreturn]] void writeRawAndHang(int descriptor, std::string_view bytes)
{
    writeRaw(descriptor, bytes);
    hang();
}

/// Does what an action such as "exit:71" says. Returns only for "ok" and "fail:CODE".
Result<> act(const std::string& action, int output)
{
    const auto colon = action.find(':');
    const std::string verb = action.substr(0, colon);
    const std::string operand = colon == std::string::npos ? "" : action.substr(colon + 1);
    if (verb == "fail")
        return fail(errorCodeFromName(operand), "scripted failure");
    if (verb == "exit")
        std::_Exit(std::stoi(operand));
    if (verb == "signal")
        raiseAndWait(std::stoi(operand));
    if (verb == "hang")
        hang();
    if (verb == "half-frame") {
        writeRaw(output, std::string_view("\x20\0\0\0\x22\0\0\0\x10\0\0\0{\"re", 16));
        std::_Exit(0);
    }
    if (verb == "garbage")
        writeRawAndHang(output, "Segmentation fault (just kidding)");
    return {};
}

class ScriptedCompute final : public worker::Compute {
public:
    ScriptedCompute(const Script& script, int output)
        : m_script(script)
        , m_output(output)
    {
    }

    Result<ModelCard> load(const LoadRequest& request, const LoadObserver& observer, std::stop_token) override
    {
        observer({.stage = "transformer", .bytesDone = 1000, .bytesTotal = 2000});
        TINTYPE_TRY(act(m_script.text("load", "ok"), m_output));
        observer({.stage = "vae", .bytesDone = 2000, .bytesTotal = 2000});
        ModelCard card;
        card.family = "fake";
        card.pipelineClass = "FakePipeline";
        card.device = request.device;
        card.dtype = request.dtype;
        return card;
    }

    Result<GenerateResult> generate(
        const GenerateRequest& request, const ProgressObserver& observer, std::stop_token stop) override
    {
        TINTYPE_TRY(act(m_script.text("generate", "ok"), m_output));
        const int steps = request.steps.value_or(m_script.number("steps", 3));
        for (int step = 1; step <= steps; ++step) {
            std::this_thread::sleep_for(std::chrono::milliseconds(m_script.number("step_ms", 1)));
            if (stop.stop_requested())
                return fail(ErrorCode::Cancelled, "cancelled");
            Progress progress;
            progress.step = step;
            progress.steps = steps;
            progress.stepSeconds = 0.5;
            progress.etaSeconds = 0.5 * (steps - step);
            if (request.previews)
                progress.preview = image("image/jpeg");
            observer(progress);
        }
        return draw(request, steps);
    }

    protocol::MemoryUse memory() const override { return {.used = 10, .peak = 20, .free = 30}; }

private:
    EncodedImage image(const std::string& contentType) const
    {
        const auto size = static_cast<std::size_t>(m_script.number("image_bytes", 1000));
        return {.bytes = std::vector<std::uint8_t>(size, 'x'), .contentType = contentType, .width = 8, .height = 8};
    }

    GenerateResult draw(const GenerateRequest& request, int steps) const
    {
        GenerateResult result;
        for (int count = 0; count < request.numImages && request.returnImages; ++count)
            result.images.push_back(image("image/png"));
        if (request.returnLatents)
            result.latents.assign(64, 'l');
        result.seed = request.seed.value_or(42);
        result.width = request.width.value_or(8);
        result.height = request.height.value_or(8);
        result.steps = steps;
        result.guidanceScale = request.guidanceScale.value_or(0);
        result.scheduler = request.scheduler.value_or("FakeScheduler");
        return result;
    }

    const Script& m_script;
    int m_output;
};

[[noreturn]] void sayAnotherVersion(int output)
{
    const auto hello = protocol::encode(protocol::Hello{.protocol = 99, .build = "fake", .device = {}});
    writeRawAndHang(output, {reinterpret_cast<const char*>(hello->data()), hello->size()});
}

int serve(const Script& script)
{
    const auto output = worker::takeOverStdout();
    const auto drainSignal = worker::takeOverSignals();
    if (!output || !drainSignal)
        return EXIT_FAILURE;
    if (const std::string line = script.text("say", ""); !line.empty()) {
        std::puts(line.c_str());
        std::fflush(stdout);
    }
    if (script.text("start", "ok") == "version")
        sayAnotherVersion(*output);
    if (!act(script.text("start", "ok"), *output))
        return EXIT_FAILURE;
    ScriptedCompute compute(script, *output);
    worker::WorkerLoop loop(compute, {.input = STDIN_FILENO, .output = *output, .drainSignal = *drainSignal},
        {.build = "fake", .device = "none"});
    return static_cast<int>(loop.run());
}

} // namespace

int main(int argc, char** argv)
{
    if (argc > 1) {
        for (int index = 1; index < argc; ++index)
            std::printf("%s\n", argv[index]);
        return kExitWithArguments;
    }
    return serve(Script(std::getenv("TINTYPE_FAKE_WORKER")));
}
