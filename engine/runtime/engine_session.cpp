// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/engine_session.h"

#include "engine/base/clock.h"
#include "engine/image/image_encoder.h"
#include "engine/nn/engine_error.h"
#include "engine/runtime/device.h"
#include "engine/runtime/generate.h"
#include "engine/runtime/latent_preview.h"
#include "engine/runtime/loader.h"
#include "engine/sampling/noise.h"
#include "engine/runtime/provenance.h"
#include "engine/runtime/torch_guard.h"
#include "engine/weights/content_hash.h"
#include "engine/weights/safetensors.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <future>
#include <random>

namespace tintype::engine {
namespace {

std::string shownModelName(const std::string& model)
{
    const std::filesystem::path path = std::filesystem::path(model).lexically_normal();
    if (!std::filesystem::is_directory(path))
        return model;
    return (path.has_filename() ? path : path.parent_path()).filename().string();
}

std::uint64_t randomSeed()
{
    return std::random_device{}();
}

void refuseIfTooLarge(std::uint64_t needed, const char* what, c10::Device device)
{
    const DeviceMemory memory = deviceMemory(device);
    if (needed > memory.free) {
        raise(ErrorCode::OutOfMemory, "{} need about {}, {} has {} free of {}", what, bytesText(needed),
            device.is_cpu() ? "this machine" : device.str(), bytesText(memory.free), bytesText(memory.total));
    }
}

std::vector<std::uint8_t> latentsFile(const at::Tensor& latents)
{
    const at::Tensor dense = latents.to(c10::kCPU, at::kFloat).contiguous();
    const auto* data = static_cast<const std::uint8_t*>(dense.const_data_ptr());
    return weights::safetensorsBytes("latents", weights::DType::F32, dense.sizes().vec(), {data, dense.nbytes()});
}

} // namespace

struct EngineSession::Implementation {
    LoadRequest request;
    log::Sink log;
    Placement placement;
    ModelCard card;
    nlohmann::json schedulerConfig;
    std::string schedulerSource;
    std::unique_ptr<FolderSource> source;
    std::unique_ptr<Pipeline> pipeline;
    std::optional<LatentPreview> preview;
    std::stop_source hashStop;
    std::future<Result<std::string>> weightsHashFuture;
    std::string weightsHash;

    ~Implementation()
    {
        hashStop.request_stop(); // the future's destructor waits for the thread
    }

    void load(const LoadObserver& observer);
    GenerateResult generate(const GenerateRequest& request, const ProgressObserver& observer, const std::stop_token& stop);

    std::unique_ptr<Scheduler> scheduler(const GenerateRequest& wanted) const;
    bool chooseTiling(const Settings& settings, std::vector<std::string>& warnings) const;
    const LatentPreview& previewMap();
    Progress progressOf(const StepReport& report, const Settings& settings, double elapsed, bool withPreview);
    std::vector<EncodedImage> encode(const at::Tensor& pictures, const Provenance& provenance, ImageFormat format);
    const std::string& hash();
};

void EngineSession::Implementation::load(const LoadObserver& observer)
{
    const Stopwatch watch;
    if (request.threads > 0)
        at::set_num_threads(request.threads);
    weights::ModelFolder folder = valueOrRaise(weights::findModel(request.model));
    placement.device = valueOrRaise(chooseDevice(request.device));
    placement.dtype = chooseDtype(request.dtype, placement.device, folder, request.variant);

    schedulerSource = (folder.path / "scheduler" / "scheduler_config.json").string();
    schedulerConfig = readSchedulerConfig(folder);
    if (!request.schedulerOverrides.empty())
        schedulerConfig.update(valueOrRaise(parseSchedulerConfig(request.schedulerOverrides, "scheduler overrides")));
    source = std::make_unique<FolderSource>(std::move(folder), request.variant, observer);
    scheduler({}); // refused now rather than at the first request

    const std::string pipelineClass = source->folder().pipelineClass;
    const ModelEstimate estimate = estimateModel(pipelineClass, *source, placement.dtype, {});
    refuseIfTooLarge(estimate.memory.weights, "the model's weights", placement.device);
    pipeline = makePipeline(pipelineClass, *source, placement);
    weightsHashFuture = std::async(std::launch::async,
        [files = source->weightFiles(), stop = hashStop.get_token()] { return weights::contentHash(files, stop); });
    card = {
        .family = pipeline->family(),
        .pipelineClass = pipelineClass,
        .device = describeDevice(placement.device),
        .dtype = dtypeName(placement.dtype),
        .parameters = source->parameters(),
        .weightBytes = source->weightBytes(),
        .licence = source->folder().licence,
        .commit = source->folder().commit,
        .loadSeconds = watch.seconds(),
    };
    log({log::Level::Info, "engine", fmt::format("loaded {} on {} in {}: {} parameters, {}, {:.2f} s", pipelineClass,
                                         card.device, card.dtype, card.parameters, bytesText(card.weightBytes), card.loadSeconds)});
}

std::unique_ptr<Scheduler> EngineSession::Implementation::scheduler(const GenerateRequest& wanted) const
{
    return valueOrRaise(makeScheduler(schedulerConfig, wanted.scheduler.value_or(""), schedulerSource));
}

/// Whether the picture must be decoded in tiles to fit; refuses what does not fit at all.
bool EngineSession::Implementation::chooseTiling(const Settings& settings, std::vector<std::string>& warnings) const
{
    const MemoryEstimate estimate = pipeline->estimate(settings);
    refuseIfTooLarge(std::max(estimate.denoise, estimate.decodeTiled), "pictures of this size", placement.device);
    const bool tiled = estimate.decode > deviceMemory(placement.device).free;
    if (tiled)
        warnings.push_back("the picture is decoded in tiles to save memory; this changes its pixels slightly");
    return tiled;
}

const LatentPreview& EngineSession::Implementation::previewMap()
{
    if (!preview) {
        const VaeConfig& config = pipeline->vae().config();
        std::vector<std::filesystem::path> files;
        for (const auto& file : source->weightFiles()) {
            if (file.parent_path().filename() == "vae")
                files.push_back(file);
        }
        const std::string key = weights::contentHash(files).value_or("unknown");
        preview = LatentPreview::cached(cacheFolder() / "previews" / (key + ".json"), config.latentChannels, [&] {
            WeightStore store = source->weights("vae", "diffusion_pytorch_model", {placement.device, pipeline->vaeDtype()});
            return LatentPreview::fit(VaeEncoder(config, store), config, placement.device, pipeline->vaeDtype());
        });
    }
    return *preview;
}

Progress EngineSession::Implementation::progressOf(
    const StepReport& report, const Settings& settings, double elapsed, bool withPreview)
{
    Progress progress{.step = report.step, .steps = report.steps, .stepSeconds = report.seconds, .etaSeconds = 0, .preview = {}};
    progress.etaSeconds = elapsed / report.step * (report.steps - report.step);
    if (withPreview) {
        const at::Tensor z = pipeline->unscale(pipeline->latentPicture(report.predictedOriginal, settings));
        auto encoded = image::encodePreview(previewMap().render(z, pipeline->vae().config().scale()));
        if (encoded)
            progress.preview = *std::move(encoded);
    }
    return progress;
}

const std::string& EngineSession::Implementation::hash()
{
    if (weightsHashFuture.valid()) {
        const auto result = weightsHashFuture.get();
        if (result)
            weightsHash = *result;
        else
            log({log::Level::Warning, "weights", result.error().message});
    }
    return weightsHash;
}

std::vector<EncodedImage> EngineSession::Implementation::encode(
    const at::Tensor& pictures, const Provenance& provenance, ImageFormat format)
{
    std::vector<EncodedImage> images;
    for (std::int64_t i = 0; i < pictures.size(0); ++i) {
        const image::Pixels pixels = toPixels(pictures.select(0, i));
        images.push_back(valueOrRaise(image::encodeImage(pixels, format, provenanceText(provenance, i))));
    }
    return images;
}

GenerateResult EngineSession::Implementation::generate(
    const GenerateRequest& wanted, const ProgressObserver& observer, const std::stop_token& stop)
{
    const c10::InferenceMode inference;
    const Stopwatch total;
    Stopwatch stage;
    GenerateResult result;
    const Settings settings = pipeline->resolve(wanted, result.warnings);
    const bool tiled = chooseTiling(settings, result.warnings);
    const std::unique_ptr<Scheduler> sampler = scheduler(wanted);
    result.seed = wanted.seed ? *wanted.seed : randomSeed();
    if (wanted.previews)
        previewMap();

    stage.lap();
    const TextEmbeddings embeddings = pipeline->encodeText(settings, result.warnings);
    result.timings.text = stage.lap();

    throwIfStopped(stop);
    pipeline->setTimesteps(*sampler, settings);
    at::Generator generator = makeGenerator(result.seed);
    const at::Tensor noise = pipeline->initialNoise(settings, generator) * sampler->initNoiseSigma();
    const Predictor predictor = pipeline->makePredictor(embeddings, settings, *sampler);
    const Stopwatch loop;
    const at::Tensor latents = denoise(predictor, *sampler, noise, generator, [&](const StepReport& report) {
        result.timings.steps.push_back(report.seconds);
        if (observer)
            observer(progressOf(report, settings, loop.seconds(), wanted.previews));
    }, stop);
    result.timings.denoise = stage.lap();

    if (wanted.returnLatents)
        result.latents = latentsFile(latents);
    if (wanted.returnImages) {
        const at::Tensor pictures = decode(*pipeline, latents, settings, tiled, stop).to(c10::kCPU);
        result.timings.decode = stage.lap();
        const Provenance provenance{
            .settings = settings,
            .seed = result.seed,
            .model = shownModelName(request.model),
            .commit = card.commit,
            .weightsHash = wanted.format == ImageFormat::Png ? hash() : "",
            .pipelineClass = card.pipelineClass,
            .schedulerClass = sampler->className(),
            .schedulerConfig = schedulerConfig,
            .device = card.device,
            .dtype = card.dtype,
        };
        result.images = encode(pictures, provenance, wanted.format);
        result.timings.encode = stage.lap();
    }
    result.width = static_cast<int>(settings.width);
    result.height = static_cast<int>(settings.height);
    result.steps = settings.steps;
    result.guidanceScale = settings.guidanceScale;
    result.scheduler = sampler->className();
    result.timings.total = total.seconds();
    return result;
}

EngineSession::EngineSession(std::unique_ptr<Implementation> implementation)
    : m_implementation(std::move(implementation))
{
}

EngineSession::EngineSession(EngineSession&&) noexcept = default;
EngineSession& EngineSession::operator=(EngineSession&&) noexcept = default;
EngineSession::~EngineSession() = default;

Result<EngineSession> EngineSession::load(
    const LoadRequest& request, const LoadObserver& observer, const log::Sink& log, std::stop_token stop)
{
    auto implementation = std::make_unique<Implementation>();
    implementation->request = request;
    implementation->log = log;
    const LoadObserver stoppable = [&](const LoadProgress& progress) {
        throwIfStopped(stop);
        if (observer)
            observer(progress);
    };
    TINTYPE_TRY(torchGuard([&] {
        const c10::InferenceMode inference;
        implementation->load(stoppable);
    }));
    implementation->source->forgetObserver();
    return EngineSession(std::move(implementation));
}

Result<GenerateResult> EngineSession::generate(
    const GenerateRequest& request, const ProgressObserver& observer, std::stop_token stop)
{
    auto result = torchGuard([&] { return m_implementation->generate(request, observer, stop); });
    if (!result && result.error().code == ErrorCode::OutOfMemory)
        emptyDeviceCache(m_implementation->placement.device);
    return result;
}

const ModelCard& EngineSession::card() const
{
    return m_implementation->card;
}

EngineSession::Memory EngineSession::memory() const
{
    const DeviceMemory memory = deviceMemory(m_implementation->placement.device);
    return {memory.used, memory.peak, memory.free};
}

} // namespace tintype::engine
