// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/image/pixels.h"
#include "engine/vae/vae.h"

#include <ATen/core/Tensor.h>
#include <filesystem>
#include <functional>
#include <optional>

namespace tintype::engine {

/// A linear map from VAE latents to RGB, good enough to watch a picture appear: microseconds instead of a decode.
class LatentPreview {
public:
    /// Fits the map by least squares: smooth random colours are encoded, and each latent pixel should give back the mean
    /// colour of the pixels under it.
    static LatentPreview fit(const VaeEncoder& encoder, const VaeConfig& config, c10::Device device, at::ScalarType dtype);

    /// The map in `file` if there is one that fits these latents, else `make()`'s, which is then written there.
    /// A file that cannot be written is not an error.
    static LatentPreview cached(const std::filesystem::path& file, std::int64_t latentChannels,
        const std::function<LatentPreview()>& make);

    /// z [B, C, h, w], unscaled; the first picture of the batch, enlarged smoothly to at least 256 pixels where the final
    /// picture (`scale` pixels per latent) is that large.
    image::Pixels render(const at::Tensor& z, std::int64_t scale) const;

private:
    explicit LatentPreview(at::Tensor map)
        : m_map(std::move(map))
    {
    }
    static std::optional<LatentPreview> read(const std::filesystem::path& file, std::int64_t latentChannels);
    void write(const std::filesystem::path& file) const;

    at::Tensor m_map; ///< [C + 1, 3] fp32 on the CPU; the last row is the bias
};

/// $XDG_CACHE_HOME/tintype, else ~/.cache/tintype.
std::filesystem::path cacheFolder();

/// A picture [3, H, W] in -1..1 on any device as 8-bit pixels: (x / 2 + 0.5) clamped, times 255, rounded.
/// @source diffusers 0.42.1, image_processor.py VaeImageProcessor.postprocess, numpy_to_pil
image::Pixels toPixels(const at::Tensor& picture);

} // namespace tintype::engine
