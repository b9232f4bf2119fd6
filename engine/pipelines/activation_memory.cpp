// SPDX-License-Identifier: Apache-2.0
#include "engine/pipelines/activation_memory.h"

#include <algorithm>

namespace tintype::engine {
namespace {

// Tensors alive at once, in units of the stage's main tensor.
constexpr std::uint64_t kFluxWidths = 24;   // single block: x, norm, qkv 3, joint 3, MLP 4, attention, concat 5, out, slack
constexpr std::uint64_t kUnetPictures = 8;  // resnet: x, skip concat 2, norm, hidden 2, reordered input and output
constexpr std::uint64_t kUnetTokens = 16;   // transformer: x, norm, GEGLU 8 + 4, out
constexpr std::uint64_t kVaePictures = 5;   // x, norm, hidden, reordered input and output

std::uint64_t product(std::initializer_list<std::int64_t> factors)
{
    std::uint64_t result = 1;
    for (const std::int64_t factor : factors)
        result *= static_cast<std::uint64_t>(factor);
    return result;
}

std::int64_t halved(std::int64_t size, std::size_t times)
{
    return std::max<std::int64_t>(1, size >> times);
}

} // namespace

std::uint64_t fluxActivations(
    const FluxConfig& config, std::int64_t batch, std::int64_t imageTokens, std::int64_t textTokens, std::uint64_t elementBytes)
{
    return kFluxWidths * elementBytes * product({batch, imageTokens + textTokens, config.width()});
}

std::uint64_t unetActivations(const UNetConfig& config, std::int64_t batch, std::int64_t latentHeight,
    std::int64_t latentWidth, std::uint64_t elementBytes)
{
    std::uint64_t skips = 0;
    std::uint64_t widest = 0;
    for (std::size_t i = 0; i < config.down.size(); ++i) {
        const UNetBlockConfig& level = config.down[i];
        const std::uint64_t picture = product({batch, level.channels, halved(latentHeight, i), halved(latentWidth, i)});
        skips += picture * static_cast<std::uint64_t>(level.resnets + 1);
        widest = std::max(widest, picture * (level.crossAttention ? kUnetTokens : kUnetPictures));
    }
    return elementBytes * (skips + widest);
}

std::uint64_t vaeDecodeActivations(const VaeConfig& config, std::int64_t batch, std::int64_t latentHeight,
    std::int64_t latentWidth, std::uint64_t elementBytes)
{
    std::uint64_t widest = 0;
    const std::size_t levels = config.blockChannels.size();
    for (std::size_t i = 0; i < levels; ++i) {
        const std::size_t coarser = std::min(i + 1, levels - 1); // a level starts with the channels of the one before
        const std::int64_t channels = std::max(config.blockChannels[i], config.blockChannels[coarser]);
        const std::int64_t scale = std::int64_t{1} << (levels - 1 - i);
        widest = std::max(widest, product({batch, channels, latentHeight * scale, latentWidth * scale}));
    }
    const std::uint64_t scores = config.midAttention ? product({latentHeight * latentWidth, 1024}) : 0; // computed in rows
    return elementBytes * (kVaePictures * widest + scores);
}

} // namespace tintype::engine
