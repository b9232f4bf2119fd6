// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/diffusion/flux_transformer.h"
#include "engine/diffusion/unet_config.h"
#include "engine/vae/vae_config.h"

#include <cstdint>

// What one model call needs beside its weights, in bytes: the tensors that live at the same time at the widest point.
// Arithmetic on config and size alone; an upper estimate, within about 1.5 times what is measured.

namespace tintype::engine {

std::uint64_t fluxActivations(
    const FluxConfig& config, std::int64_t batch, std::int64_t imageTokens, std::int64_t textTokens, std::uint64_t elementBytes);
std::uint64_t unetActivations(const UNetConfig& config, std::int64_t batch, std::int64_t latentHeight,
    std::int64_t latentWidth, std::uint64_t elementBytes);
std::uint64_t vaeDecodeActivations(const VaeConfig& config, std::int64_t batch, std::int64_t latentHeight,
    std::int64_t latentWidth, std::uint64_t elementBytes);

} // namespace tintype::engine
