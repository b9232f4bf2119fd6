// SPDX-License-Identifier: Apache-2.0
#include "engine/base/clock.h"
#include "engine/commands/bench_presets.h"
#include "engine/commands/commands.h"
#include "engine/commands/output.h"
#include "engine/nn/engine_error.h"
#include "engine/runtime/device.h"
#include "engine/runtime/generate.h"
#include "engine/runtime/loader.h"
#include "engine/sampling/noise.h"
#include "engine/runtime/provenance.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <algorithm>

namespace tintype::engine {
namespace {

struct Arguments {
    std::string model;
    std::string random;
    std::string scale = "full";
    std::string device = "auto";
    std::string dtype = "auto";
    int repeats = 5;
    int threads = 0;
    GenerateRequest request;
    bool json = false;
};

/// A pipeline to measure, with its scheduler's config.
struct Subject {
    std::string name;
    std::unique_ptr<ComponentSource> configs; ///< keeps a folder or a preset alive
    std::unique_ptr<Pipeline> pipeline;
    nlohmann::json scheduler;
    Placement placement;
    std::uint64_t parameters = 0;
    double loadSeconds = 0;
};

/// Seconds of each stage in each repeat.
struct Samples {
    std::vector<double> text, steps, denoise, decode, total;
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

Subject randomSubject(Arguments& arguments, c10::Device device)
{
    const BenchPreset preset = valueOrRaise(benchPreset(arguments.random, arguments.scale));
    GenerateRequest& request = arguments.request;
    request.steps = request.steps.value_or(preset.defaultSteps);
    request.guidanceScale = request.guidanceScale.value_or(preset.guidance);
    if (preset.pipelineClass == "FluxPipeline")
        request.maxSequenceLength = request.maxSequenceLength.value_or(preset.maxSequenceLength);
    const at::ScalarType dtype = arguments.dtype == "auto" ? (device.is_cpu() ? at::kFloat : at::kBFloat16) : dtypeByName(arguments.dtype);
    Subject subject{.name = arguments.random + " (random, " + arguments.scale + ")", .configs = std::make_unique<ConfigSource>(preset.components),
        .pipeline = {}, .scheduler = preset.scheduler, .placement = {device, dtype}};
    const Stopwatch watch;
    RandomSource source(*subject.configs);
    subject.pipeline = makePipeline(preset.pipelineClass, source, subject.placement);
    subject.parameters = source.parameters();
    subject.loadSeconds = watch.seconds();
    return subject;
}

Subject folderSubject(const Arguments& arguments, c10::Device device)
{
    const Stopwatch watch;
    auto source = std::make_unique<FolderSource>(valueOrRaise(weights::findModel(arguments.model)), "");
    const at::ScalarType dtype = chooseDtype(arguments.dtype, device, source->folder(), "");
    Subject subject{.name = arguments.model, .configs = {}, .pipeline = {},
        .scheduler = readSchedulerConfig(source->folder()), .placement = {device, dtype}};
    subject.pipeline = makePipeline(source->folder().pipelineClass, *source, subject.placement);
    subject.parameters = source->parameters();
    subject.configs = std::move(source);
    subject.loadSeconds = watch.seconds();
    return subject;
}

void runOnce(const Subject& subject, const GenerateRequest& request, Samples& samples)
{
    std::vector<std::string> warnings;
    const Settings settings = subject.pipeline->resolve(request, warnings);
    const auto scheduler = valueOrRaise(makeScheduler(subject.scheduler, request.scheduler.value_or(""), subject.name));
    const Stopwatch total;
    Stopwatch stage;
    const TextEmbeddings embeddings = subject.pipeline->encodeText(settings, warnings);
    synchronize(subject.placement.device);
    samples.text.push_back(stage.lap());
    subject.pipeline->setTimesteps(*scheduler, settings);
    at::Generator generator = makeGenerator(request.seed.value_or(0));
    const at::Tensor noise = subject.pipeline->initialNoise(settings, generator) * scheduler->initNoiseSigma();
    const Predictor predictor = subject.pipeline->makePredictor(embeddings, settings, *scheduler);
    const at::Tensor latents = denoise(predictor, *scheduler, noise, generator, [&](const StepReport& report) { samples.steps.push_back(report.seconds); }, {});
    samples.denoise.push_back(stage.lap());
    decode(*subject.pipeline, latents, settings, /*tiled=*/false, {}).to(c10::kCPU);
    samples.decode.push_back(stage.lap());
    samples.total.push_back(total.seconds());
}

nlohmann::json report(const Subject& subject, const Settings& settings, const Samples& samples, int repeats)
{
    const DeviceMemory memory = deviceMemory(subject.placement.device);
    return {
        {"model", subject.name},
        {"device", describeDevice(subject.placement.device)},
        {"dtype", dtypeName(subject.placement.dtype)},
        {"threads", at::get_num_threads()},
        {"parameters", subject.parameters},
        {"width", settings.width},
        {"height", settings.height},
        {"steps", settings.steps},
        {"num_images", settings.images},
        {"repeats", repeats},
        {"attention", subject.placement.device.is_cpu() ? "ATen flash (CPU)" : "ATen, chosen per call"},
        {"engine", engineBuild()},
        {"load", subject.loadSeconds},
        {"text", median(samples.text)},
        {"step", median(samples.steps)},
        {"denoise", median(samples.denoise)},
        {"decode", median(samples.decode)},
        {"total", median(samples.total)},
        {"iterations_per_second", 1.0 / median(samples.steps)},
        {"peak_memory", memory.peak},
    };
}

Result<int> run(Arguments& arguments)
{
    if (arguments.model.empty() == arguments.random.empty())
        return fail(ErrorCode::InvalidArgument, "give either --model or --random");
    if (arguments.threads > 0)
        at::set_num_threads(arguments.threads);
    TINTYPE_TRY_ASSIGN(const auto device, chooseDevice(arguments.device));
    const c10::InferenceMode inference;
    const Subject subject = arguments.model.empty() ? randomSubject(arguments, device) : folderSubject(arguments, device);
    Samples warmUp;
    runOnce(subject, arguments.request, warmUp);
    resetPeakMemory(device);
    Samples samples;
    for (int i = 0; i < arguments.repeats; ++i)
        runOnce(subject, arguments.request, samples);
    std::vector<std::string> warnings;
    const auto json = report(subject, subject.pipeline->resolve(arguments.request, warnings), samples, arguments.repeats);
    if (arguments.json) {
        printJson(json);
        return 0;
    }
    fmt::print("{}, {} parameters, {} on {}, {}x{}, {} steps, {} repeats\n", subject.name, subject.parameters, json["dtype"].get<std::string>(),
        json["device"].get<std::string>(), json["width"].get<int>(), json["height"].get<int>(), json["steps"].get<int>(), arguments.repeats);
    for (const char* stage : {"load", "text", "step", "denoise", "decode", "total"})
        fmt::print("  {:<8} {:>10.2f} ms\n", stage, 1000 * json[stage].get<double>());
    fmt::print("  {:.2f} it/s, peak memory {}, {}\n", json["iterations_per_second"].get<double>(), bytesText(json["peak_memory"].get<std::uint64_t>()), json["engine"].get<std::string>());
    return 0;
}

} // namespace

int runBench(int argc, char** argv)
{
    Arguments arguments;
    int size = 0;
    CLI::App parser("Time every stage of a generation: medians after a warm-up");
    parser.name("tintype bench");
    parser.add_option("--model", arguments.model, "Model folder or name in the Hugging Face cache");
    parser.add_option("--random", arguments.random, "Random weights instead: flux-schnell, flux-dev or sdxl");
    parser.add_option("--scale", arguments.scale, "Size of the random model: full, mid or tiny");
    parser.add_option("--size", size, "Width and height");
    parser.add_option("--width", arguments.request.width, "Width");
    parser.add_option("--height", arguments.request.height, "Height");
    parser.add_option("--steps", arguments.request.steps, "Denoising steps");
    parser.add_option("--guidance", arguments.request.guidanceScale, "Guidance scale");
    parser.add_option("--max-sequence-length", arguments.request.maxSequenceLength, "T5 tokens");
    parser.add_option("--num-images", arguments.request.numImages, "Images in one batch");
    parser.add_option("--prompt", arguments.request.prompt, "Prompt");
    parser.add_option("--seed", arguments.request.seed, "Seed");
    parser.add_option("--device", arguments.device, "auto, cpu, cuda or cuda:N");
    parser.add_option("--dtype", arguments.dtype, "auto, float32, bfloat16 or float16");
    parser.add_option("--threads", arguments.threads, "CPU threads");
    parser.add_option("--repeats", arguments.repeats, "Measured generations")->check(CLI::Range(1, 1000));
    parser.add_flag("--json", arguments.json, "Print JSON");
    return runCommand(parser, argc, argv, arguments.json, [&]() -> Result<int> {
        if (size > 0) {
            arguments.request.width = arguments.request.width.value_or(size);
            arguments.request.height = arguments.request.height.value_or(size);
        }
        return run(arguments);
    });
}

} // namespace tintype::engine
