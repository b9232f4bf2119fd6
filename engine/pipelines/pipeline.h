// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/nn/weight_store.h"
#include "engine/sampling/scheduler.h"
#include "engine/vae/vae.h"

#include <functional>
#include <memory>
#include <stop_token>

namespace tintype::engine {

inline constexpr int kMaxSide = 16384; ///< pixels
inline constexpr int kMaxImages = 64;
inline constexpr int kMaxSteps = 1000;
inline constexpr double kMaxGuidance = 1000;

/// A request with every default filled in and every limit checked.
struct Settings {
    std::string prompt;
    std::optional<std::string> negativePrompt;
    std::int64_t width = 0;  ///< of the picture, after what the model rounds to
    std::int64_t height = 0;
    int steps = 0;
    double guidanceScale = 0;
    double trueCfgScale = 1;     ///< FLUX
    double guidanceRescale = 0;  ///< SDXL
    int maxSequenceLength = 512; ///< FLUX: T5 tokens
    std::int64_t images = 1;
};

/// What the denoiser reads of the prompts. One row each; the pipeline repeats them over the batch.
struct TextEmbeddings {
    at::Tensor prompt;         ///< [1, S, width]
    at::Tensor pooled;         ///< [1, width]
    at::Tensor negativePrompt; ///< undefined without classifier-free guidance
    at::Tensor negativePooled;
};

/// The model's prediction for step `index` of the schedule; latents as Pipeline::initialNoise shapes them.
using Predictor = std::function<at::Tensor(const at::Tensor& latents, int index)>;

/// Bytes that a generation needs, from config alone.
struct MemoryEstimate {
    std::uint64_t weights = 0;     ///< all components in the placement's dtype
    std::uint64_t denoise = 0;     ///< activations of one model call
    std::uint64_t decode = 0;      ///< activations of the VAE, untiled
    std::uint64_t decodeTiled = 0; ///< the same in tiles

    std::uint64_t total(bool tiled) const { return weights + std::max(denoise, tiled ? decodeTiled : decode); }
};

/// One text-to-image family: how text becomes embeddings, how the denoiser is called, how latents become a picture.
/// The loop between them is the engine's (runtime/generate.cpp). Methods raise EngineError.
class Pipeline {
public:
    virtual ~Pipeline() = default;

    /// "flux" or "sdxl".
    virtual std::string family() const = 0;

    /// @param warnings  sentences for the user: what was rounded or cut
    /// @error InvalidArgument: a value that the model does not allow, with the limit
    virtual Settings resolve(const GenerateRequest& request, std::vector<std::string>& warnings) const = 0;

    virtual TextEmbeddings encodeText(const Settings& settings, std::vector<std::string>& warnings) const = 0;

    /// Prepares the scheduler as the reference's pipeline does. @error of Scheduler::setTimesteps; Unsupported: its kind
    virtual void setTimesteps(Scheduler& scheduler, const Settings& settings) const = 0;

    /// Unit noise in the shape the denoiser works on.
    virtual at::Tensor initialNoise(const Settings& settings, at::Generator generator) const = 0;

    /// Does what depends on prompt and schedule but not on the step, once. The scheduler must outlive the predictor.
    virtual Predictor makePredictor(
        const TextEmbeddings& embeddings, const Settings& settings, const Scheduler& scheduler) const
        = 0;

    /// Latents of the loop as a picture [B, C, h, w], still scaled.
    virtual at::Tensor latentPicture(const at::Tensor& latents, const Settings& settings) const = 0;

    /// latentPicture without its scale, as the VAE reads it.
    virtual at::Tensor unscale(const at::Tensor& latentPicture) const = 0;

    virtual const VaeDecoder& vae() const = 0;
    virtual at::ScalarType vaeDtype() const = 0;
    virtual MemoryEstimate estimate(const Settings& settings) const = 0;
};

/// The value of `optional` in [low, high], or InvalidArgument that names it.
int checkedCount(const char* name, std::optional<int> value, int fallback, int low, int high);
double checkedNumber(const char* name, std::optional<double> value, double fallback, double low, double high);

/// The warning for a prompt of which something was cut; says how much, not what.
std::string truncationWarning(const char* reader, std::size_t cutBytes, std::int64_t limit);

} // namespace tintype::engine
