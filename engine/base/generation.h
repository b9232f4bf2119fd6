// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

// The plain values that describe one generation. The command line, the host, the frames and the engine all use these.

namespace tintype {

enum class ImageFormat { Png, Jpeg, Webp };

/// How a model is loaded: once per worker process.
struct LoadRequest {
    std::string model;                ///< folder in diffusers layout, or `org/name[@revision]` in the Hugging Face cache
    std::string variant;              ///< e.g. "fp16"; empty = the plain files, else whichever variant is there
    std::string dtype = "auto";       ///< auto (the files' own) | float32 | bfloat16 | float16
    std::string device = "auto";      ///< auto | cpu | cuda | cuda:N
    int threads = 0;                  ///< CPU threads; 0 = all cores
    std::string schedulerOverrides;   ///< JSON object merged over scheduler_config.json; empty = none

    bool operator==(const LoadRequest&) const = default;
};

/// One call of the text-to-image pipeline. What is absent takes the default of diffusers' own pipeline call.
struct GenerateRequest {
    std::string prompt;
    std::optional<std::string> negativePrompt;
    std::optional<int> width;              ///< pixels
    std::optional<int> height;             ///< pixels
    std::optional<int> steps;              ///< num_inference_steps, 1..1000
    std::optional<double> guidanceScale;
    std::optional<double> trueCfgScale;    ///< FLUX only
    std::optional<double> guidanceRescale; ///< SDXL only, 0..1
    std::optional<std::uint64_t> seed;     ///< absent = a random one, told in the result
    std::optional<std::string> scheduler;  ///< class name; the model's own config is kept
    std::optional<int> maxSequenceLength;  ///< T5 tokens, 1..512
    int numImages = 1;                     ///< 1..64, drawn as one batch from one generator
    ImageFormat format = ImageFormat::Png;
    bool previews = false;
    bool returnLatents = false;
    bool returnImages = true;

    bool operator==(const GenerateRequest&) const = default;
};

struct EncodedImage {
    std::vector<std::uint8_t> bytes;
    std::string contentType;
    int width = 0;
    int height = 0;

    bool operator==(const EncodedImage&) const = default;
};

/// Sent after each denoising step.
struct Progress {
    int step = 0;  ///< finished steps, 1..steps
    int steps = 0;
    double stepSeconds = 0;
    double etaSeconds = 0;
    std::optional<EncodedImage> preview; ///< JPEG of the predicted final picture, latent resolution or below 256 px

    bool operator==(const Progress&) const = default;
};

/// Where the time of one generation went, in seconds.
struct Timings {
    double text = 0;
    double denoise = 0;
    std::vector<double> steps;
    double decode = 0;
    double encode = 0;
    double total = 0;

    bool operator==(const Timings&) const = default;
};

struct GenerateResult {
    std::vector<EncodedImage> images;
    std::vector<std::uint8_t> latents; ///< a safetensors file with fp32 tensor `latents`; empty unless asked for
    std::uint64_t seed = 0;
    int width = 0;
    int height = 0;
    int steps = 0;
    double guidanceScale = 0;
    std::string scheduler;
    std::vector<std::string> warnings;
    Timings timings;

    bool operator==(const GenerateResult&) const = default;
};

/// One stage of loading, told while it runs.
struct LoadProgress {
    std::string stage; ///< "text_encoder", "transformer", …
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0;

    bool operator==(const LoadProgress&) const = default;
};

/// What a loaded model says of itself.
struct ModelCard {
    std::string family; ///< "flux" | "sdxl"
    std::string pipelineClass;
    std::string device;
    std::string dtype;
    std::uint64_t parameters = 0;
    std::uint64_t weightBytes = 0;
    std::string licence;
    std::string commit;     ///< of the Hugging Face snapshot; empty for a plain folder
    double loadSeconds = 0;

    bool operator==(const ModelCard&) const = default;
};

} // namespace tintype
