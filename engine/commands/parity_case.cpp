// SPDX-License-Identifier: Apache-2.0
#include "engine/commands/parity_case.h"

#include "engine/base/json_fields.h"
#include "engine/nn/engine_error.h"
#include "engine/pipelines/component_source.h"
#include "engine/runtime/generate.h"
#include "engine/runtime/latent_preview.h"
#include "engine/sampling/noise.h"
#include "engine/runtime/torch_guard.h"
#include "engine/weights/model_folder.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

// Gates for fp32 on a CPU, relative to the largest value; see models.md's table of what two correct programs differ by.
constexpr double kTextGate = 2e-5;
constexpr double kNoiseGate = 0;
constexpr double kPredictionGate = 2e-5;
constexpr double kLatentsGate = 1e-3;
constexpr double kDecodeGate = 2e-5;
constexpr double kPictureGate = 1; // levels of 255
// 16-bit types and other devices round differently; there the whole run is reported and the stages are gated loosely.
constexpr double kLowPrecisionGate = 5e-2;

/// The reference's tensors by name.
class Reference {
public:
    explicit Reference(const std::filesystem::path& file)
        : m_file(valueOrRaise(weights::SafetensorsFile::open(file)))
    {
    }
    bool has(const std::string& name) const { return m_file.header().tensors.contains(name); }
    at::Tensor get(const std::string& name) const
    {
        const auto found = m_file.header().tensors.find(name);
        if (found == m_file.header().tensors.end())
            raise(ErrorCode::NotFound, "{}: tensor '{}' is missing", m_file.path().string(), name);
        const auto bytes = m_file.data(found->second);
        at::Tensor tensor = at::empty(found->second.shape, at::kFloat);
        std::memcpy(tensor.data_ptr(), bytes.data(), bytes.size());
        return tensor;
    }

private:
    weights::SafetensorsFile m_file;
};

GenerateRequest readRequest(const JsonFields& fields)
{
    const auto count = [&](const char* name) -> std::optional<int> {
        if (!fields.has(name))
            return {};
        return static_cast<int>(valueOrRaise(fields.integer(name, 0, 0, INT_MAX)));
    };
    const auto number = [&](const char* name) { return valueOrRaise(fields.optionalNumber(name)); };
    GenerateRequest request;
    request.prompt = valueOrRaise(fields.string("prompt", ""));
    request.negativePrompt = valueOrRaise(fields.optionalString("negative_prompt"));
    request.width = count("width");
    request.height = count("height");
    request.steps = count("steps");
    request.guidanceScale = number("guidance_scale");
    request.trueCfgScale = number("true_cfg_scale");
    request.guidanceRescale = number("guidance_rescale");
    request.seed = static_cast<std::uint64_t>(valueOrRaise(fields.integer("seed", 0, 0, INT64_MAX)));
    request.scheduler = valueOrRaise(fields.optionalString("scheduler"));
    request.maxSequenceLength = count("max_sequence_length");
    request.numImages = count("num_images").value_or(1);
    return request;
}

/// Runs the stages of one case and compares each.
class CaseRun {
public:
    CaseRun(const std::filesystem::path& folder, Placement placement, CaseReport& report)
        : m_placement(placement)
        , m_report(report)
        , m_reference(folder / "reference.safetensors")
    {
        const auto json = valueOrRaise(weights::readJsonFile(folder / "case.json"));
        const JsonFields fields(json, (folder / "case.json").string());
        m_request = readRequest(fields);
        const std::filesystem::path model = folder / valueOrRaise(fields.string("model", "model"));
        m_source.emplace(valueOrRaise(weights::findModel(model.string())), "");
        m_pipeline = makePipeline(m_source->folder().pipelineClass, *m_source, placement);
        m_scheduler = valueOrRaise(makeScheduler(readSchedulerConfig(m_source->folder()), m_request.scheduler.value_or(""), "scheduler_config.json"));
        m_settings = m_pipeline->resolve(m_request, m_warnings);
    }

    void run()
    {
        const TextEmbeddings embeddings = text();
        loop(embeddings);
        picture();
        vaeBothWays();
    }

private:
    void compare(const std::string& stage, const at::Tensor& ours, const at::Tensor& reference, double gate)
    {
        const at::Tensor mine = ours.to(c10::kCPU, at::kFloat);
        if (mine.sizes() != reference.sizes()) {
            raise(ErrorCode::Corrupt, "{}: our shape is {}, the reference's {}", stage, c10::str(mine.sizes()), c10::str(reference.sizes()));
        }
        const double scale = std::max(reference.abs().max().item<double>(), 1e-12);
        const double error = (mine - reference).abs().max().item<double>() / scale;
        add(stage, std::isfinite(error) ? error : INFINITY, gate);
    }
    void add(const std::string& stage, double error, double gate)
    {
        const bool exact = m_placement.device.is_cpu() && m_placement.dtype == at::kFloat;
        m_report.stages.push_back({stage, error, exact || gate > kLowPrecisionGate ? gate : std::max(gate, kLowPrecisionGate)});
    }
    at::Tensor onDevice(const at::Tensor& tensor) const { return tensor.to(m_placement.device, m_placement.dtype); }

    TextEmbeddings text()
    {
        const TextEmbeddings ours = m_pipeline->encodeText(m_settings, m_warnings);
        compare("text: prompt", ours.prompt, m_reference.get("prompt_embeds"), kTextGate);
        compare("text: pooled", ours.pooled, m_reference.get("pooled"), kTextGate);
        TextEmbeddings given{.prompt = onDevice(m_reference.get("prompt_embeds")), .pooled = onDevice(m_reference.get("pooled")), .negativePrompt = {}, .negativePooled = {}};
        if (m_reference.has("negative_embeds") && ours.negativePrompt.defined()) {
            compare("text: negative prompt", ours.negativePrompt, m_reference.get("negative_embeds"), kTextGate);
            compare("text: negative pooled", ours.negativePooled, m_reference.get("negative_pooled"), kTextGate);
            given.negativePrompt = onDevice(m_reference.get("negative_embeds"));
            given.negativePooled = onDevice(m_reference.get("negative_pooled"));
        }
        return given;
    }

    void loop(const TextEmbeddings& embeddings)
    {
        m_pipeline->setTimesteps(*m_scheduler, m_settings);
        at::Generator generator = makeGenerator(*m_request.seed);
        const at::Tensor start = m_pipeline->initialNoise(m_settings, generator) * m_scheduler->initNoiseSigma();
        compare("noise", start, m_reference.get("noise"), kNoiseGate);
        const Predictor predictor = m_pipeline->makePredictor(embeddings, m_settings, *m_scheduler);
        compare("model call", predictor(onDevice(m_reference.get("noise")), 0), m_reference.get("prediction"), kPredictionGate);
        at::Tensor latents = start;
        for (int i = 0; i < static_cast<int>(m_scheduler->timesteps().size()); ++i) {
            latents = m_scheduler->step(predictor(latents, i), i, latents, generator).previousSample;
            compare(fmt::format("latents after step {}", i + 1), latents, m_reference.get(fmt::format("latents.{}", i + 1)), kLatentsGate);
        }
        m_latents = latents;
    }

    void picture()
    {
        const std::string last = fmt::format("latents.{}", m_scheduler->timesteps().size());
        const at::Tensor reference = m_reference.get("decoded");
        const auto decoded = [&](const at::Tensor& latents) { return decode(*m_pipeline, latents, m_settings, /*tiled=*/false, {}); };
        compare("vae", decoded(onDevice(m_reference.get(last))), reference, kDecodeGate);
        const at::Tensor pictures = decoded(m_latents).to(c10::kCPU, at::kFloat);
        double worst = 0;
        for (std::int64_t i = 0; i < pictures.size(0); ++i) {
            const auto ours = toPixels(pictures.select(0, i)).rgb;
            const auto theirs = toPixels(reference.select(0, i)).rgb;
            for (std::size_t p = 0; p < ours.size(); ++p)
                worst = std::max(worst, std::abs(static_cast<double>(ours[p]) - static_cast<double>(theirs[p])));
        }
        add("picture (levels of 255)", worst, kPictureGate);
    }

    /// Encoding, and both ways in tiles, on a picture larger than a tile.
    void vaeBothWays()
    {
        const Placement placement{m_placement.device, m_pipeline->vaeDtype()};
        const auto onVae = [&](const char* name) { return m_reference.get(name).to(placement.device, placement.dtype); };
        WeightStore store = m_source->weights("vae", "diffusion_pytorch_model", placement);
        const VaeEncoder encoder(m_pipeline->vae().config(), store);
        const at::Tensor picture = onVae("vae_picture");
        const auto moments = [](const VaeEncoder::Distribution& d) { return at::cat({d.mean, d.logVariance}, 1); };
        const auto clamped = [&](const char* name) { // our log-variance is clamped, the recorded one is not
            const auto halves = m_reference.get(name).chunk(2, 1);
            return at::cat({halves[0], halves[1].clamp(-30, 20)}, 1);
        };
        compare("vae: encode", moments(encoder(picture)), clamped("vae_moments"), kDecodeGate);
        compare("vae: encode in tiles", moments(encoder.encodeTiled(picture)), clamped("vae_moments_tiled"), kDecodeGate);
        compare("vae: decode in tiles", m_pipeline->vae().decodeTiled(onVae("vae_latents")), m_reference.get("vae_decoded_tiled"), kDecodeGate);
    }

    Placement m_placement;
    CaseReport& m_report;
    Reference m_reference;
    GenerateRequest m_request;
    std::optional<FolderSource> m_source;
    std::unique_ptr<Pipeline> m_pipeline;
    std::unique_ptr<Scheduler> m_scheduler;
    Settings m_settings;
    std::vector<std::string> m_warnings;
    at::Tensor m_latents;
};

} // namespace

bool CaseReport::passed() const
{
    return firstDrift().empty();
}

std::string CaseReport::firstDrift() const
{
    for (const StageReport& stage : stages) {
        if (!stage.passed())
            return fmt::format("{}: {:.3g} is beyond {:.3g}", stage.stage, stage.error, stage.gate);
    }
    return error;
}

CaseReport runParityCase(const std::filesystem::path& folder, c10::Device device, at::ScalarType dtype)
{
    CaseReport report{.name = folder.filename().string(), .stages = {}, .error = {}};
    const auto result = torchGuard([&] {
        const c10::InferenceMode inference;
        CaseRun(folder, {device, dtype}, report).run();
    });
    if (!result)
        report.error = result.error().message;
    return report;
}

} // namespace tintype::engine
