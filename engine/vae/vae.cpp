// SPDX-License-Identifier: Apache-2.0
#include "engine/vae/vae.h"

#include "engine/nn/attention.h"
#include "engine/nn/engine_error.h"
#include "engine/vae/tiling.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr double kNormEps = 1e-6;
constexpr double kMinLogVariance = -30;
constexpr double kMaxLogVariance = 20;

ResnetBlock makeResnet(
    WeightStore& store, const std::string& prefix, const VaeConfig& config, std::int64_t in, std::int64_t out)
{
    return ResnetBlock(store, prefix,
        {.in = in,
            .out = out,
            .groups = config.normGroups,
            .eps = kNormEps,
            .activation = activationByName(config.activation, "vae")});
}

/// A linear that old files store as a 1×1 convolution, and under another name.
std::pair<at::Tensor, at::Tensor> takeProjection(
    WeightStore& store, const std::string& prefix, const char* name, const char* oldName, std::int64_t channels)
{
    const std::string chosen = store.firstOf({prefix + name + ".weight", prefix + oldName + ".weight"});
    const std::string base = chosen.substr(0, chosen.size() - std::string_view(".weight").size());
    at::Tensor weight = store.isShape(chosen, {channels, channels, 1, 1})
        ? store.take(chosen, {channels, channels, 1, 1}).flatten(1)
        : store.take(chosen, {channels, channels});
    return {weight, store.take(base + ".bias", {channels})};
}

/// Which tile sizes the class uses: its sample_size and what it becomes in latents.
std::int64_t latentTile(const VaeConfig& config)
{
    return std::max<std::int64_t>(1, config.sampleSize / config.scale());
}

} // namespace

VaeAttention::VaeAttention(
    WeightStore& store, const std::string& prefix, std::int64_t channels, std::int64_t groups)
    : m_norm(store, prefix + ".group_norm", groups, channels, kNormEps)
{
    const auto [qWeight, qBias] = takeProjection(store, prefix + ".", "to_q", "query", channels);
    const auto [kWeight, kBias] = takeProjection(store, prefix + ".", "to_k", "key", channels);
    const auto [vWeight, vBias] = takeProjection(store, prefix + ".", "to_v", "value", channels);
    const auto [outWeight, outBias] = takeProjection(store, prefix + ".", "to_out.0", "proj_attn", channels);
    m_qkv = Linear(at::cat({qWeight, kWeight, vWeight}), at::cat({qBias, kBias, vBias}));
    m_out = Linear(outWeight, outBias);
}

at::Tensor VaeAttention::operator()(const at::Tensor& x) const
{
    const at::Tensor tokens = m_norm(x).flatten(2).transpose(1, 2).contiguous(); // [B, C, H, W] -> [B, HW, C]
    const auto qkv = m_qkv(tokens).chunk(3, -1);
    const at::Tensor mixed = attention(splitHeads(qkv[0], 1), splitHeads(qkv[1], 1), splitHeads(qkv[2], 1));
    return m_out(mixed).transpose(1, 2).reshape(x.sizes()) + x;
}

VaeMidBlock::VaeMidBlock(WeightStore& store, const std::string& prefix, const VaeConfig& config)
{
    const std::int64_t channels = config.blockChannels.back();
    for (int i = 0; i < 2; ++i)
        m_resnets.push_back(makeResnet(store, fmt::format("{}.resnets.{}", prefix, i), config, channels, channels));
    if (config.midAttention)
        m_attention.emplace(store, prefix + ".attentions.0", channels, config.normGroups);
}

at::Tensor VaeMidBlock::operator()(const at::Tensor& x) const
{
    at::Tensor y = m_resnets[0](x);
    if (m_attention)
        y = (*m_attention)(y);
    return m_resnets[1](y);
}

VaeDecoder::VaeDecoder(const VaeConfig& config, WeightStore& store)
    : m_config(config)
    , m_activation(activationByName(config.activation, "vae"))
    , m_postQuantConv(config.usePostQuantConv ? Conv2d(store, "post_quant_conv", config.latentChannels, config.latentChannels, 1) : Conv2d())
    , m_convIn(store, "decoder.conv_in", config.latentChannels, config.blockChannels.back(), 3, 1, 1)
    , m_mid(store, "decoder.mid_block", config)
{
    std::int64_t in = config.blockChannels.back();
    for (std::size_t i = 0; i < config.blockChannels.size(); ++i) {
        const std::int64_t out = config.blockChannels[config.blockChannels.size() - 1 - i];
        const std::string prefix = fmt::format("decoder.up_blocks.{}", i);
        VaeLevel level;
        for (std::int64_t j = 0; j <= config.layersPerBlock; ++j)
            level.resnets.push_back(makeResnet(store, fmt::format("{}.resnets.{}", prefix, j), config, j == 0 ? in : out, out));
        if (i + 1 < config.blockChannels.size())
            level.resample = Conv2d(store, prefix + ".upsamplers.0.conv", out, out, 3, 1, 1);
        m_up.push_back(std::move(level));
        in = out;
    }
    m_normOut = GroupNorm(store, "decoder.conv_norm_out", config.normGroups, in, kNormEps);
    m_convOut = Conv2d(store, "decoder.conv_out", in, config.outChannels, 3, 1, 1);
}

at::Tensor VaeDecoder::operator()(const at::Tensor& z) const
{
    at::Tensor x = m_mid(m_convIn(m_postQuantConv ? m_postQuantConv(z) : z));
    for (const VaeLevel& level : m_up) {
        for (const ResnetBlock& resnet : level.resnets)
            x = resnet(x);
        if (level.resample)
            x = level.resample(at::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}));
    }
    return m_convOut(m_normOut(x, m_activation));
}

bool VaeDecoder::isLargerThanTile(const at::Tensor& z) const
{
    return std::max(z.size(2), z.size(3)) > latentTile(m_config);
}

at::Tensor VaeDecoder::decodeTiled(const at::Tensor& z, const std::stop_token& stop) const
{
    if (!isLargerThanTile(z))
        return (*this)(z);
    const Tiling tiling{.inTile = latentTile(m_config), .outTile = m_config.sampleSize};
    return runTiled(z, tiling, [&](const at::Tensor& tile) {
        if (stop.stop_requested())
            raise(ErrorCode::Cancelled, "the request was cancelled");
        return (*this)(tile.contiguous());
    });
}

VaeEncoder::VaeEncoder(const VaeConfig& config, WeightStore& store)
    : m_config(config)
    , m_activation(activationByName(config.activation, "vae"))
    , m_convIn(store, "encoder.conv_in", config.inChannels, config.blockChannels.front(), 3, 1, 1)
    , m_mid(store, "encoder.mid_block", config)
{
    std::int64_t in = config.blockChannels.front();
    for (std::size_t i = 0; i < config.blockChannels.size(); ++i) {
        const std::int64_t out = config.blockChannels[i];
        const std::string prefix = fmt::format("encoder.down_blocks.{}", i);
        VaeLevel level;
        for (std::int64_t j = 0; j < config.layersPerBlock; ++j)
            level.resnets.push_back(makeResnet(store, fmt::format("{}.resnets.{}", prefix, j), config, j == 0 ? in : out, out));
        if (i + 1 < config.blockChannels.size())
            level.resample = Conv2d(store, prefix + ".downsamplers.0.conv", out, out, 3, 2, 0);
        m_down.push_back(std::move(level));
        in = out;
    }
    const std::int64_t moments = 2 * config.latentChannels;
    m_normOut = GroupNorm(store, "encoder.conv_norm_out", config.normGroups, in, kNormEps);
    m_convOut = Conv2d(store, "encoder.conv_out", in, moments, 3, 1, 1);
    if (config.useQuantConv)
        m_quantConv = Conv2d(store, "quant_conv", moments, moments, 1);
}

at::Tensor VaeEncoder::moments(const at::Tensor& picture) const
{
    at::Tensor x = m_convIn(picture);
    for (const VaeLevel& level : m_down) {
        for (const ResnetBlock& resnet : level.resnets)
            x = resnet(x);
        if (level.resample)
            x = level.resample(at::constant_pad_nd(x, {0, 1, 0, 1})); // one pixel on the right and bottom only
    }
    x = m_convOut(m_normOut(m_mid(x), m_activation));
    return m_quantConv ? m_quantConv(x) : x;
}

VaeEncoder::Distribution VaeEncoder::operator()(const at::Tensor& x) const
{
    const auto parts = moments(x).chunk(2, 1);
    return {parts[0], parts[1].clamp(kMinLogVariance, kMaxLogVariance)};
}

VaeEncoder::Distribution VaeEncoder::encodeTiled(const at::Tensor& x) const
{
    if (std::max(x.size(2), x.size(3)) <= m_config.sampleSize)
        return (*this)(x);
    const Tiling tiling{.inTile = m_config.sampleSize, .outTile = latentTile(m_config)};
    const auto parts = runTiled(x, tiling, [this](const at::Tensor& tile) { return moments(tile.contiguous()); }).chunk(2, 1);
    return {parts[0], parts[1].clamp(kMinLogVariance, kMaxLogVariance)};
}

} // namespace tintype::engine
