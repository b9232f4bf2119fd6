// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/unet.h"

#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>

namespace tintype::engine {

UNet::UNet(const UNetConfig& config, WeightStore& store)
    : m_config(config)
    , m_activation(activationByName(config.activation, "unet"))
{
    const std::int64_t first = config.down.front().channels;
    const auto padding = [](std::int64_t kernel) { return static_cast<int>((kernel - 1) / 2); };
    m_convIn = Conv2d(store, "conv_in", config.inChannels, first, static_cast<int>(config.convInKernel), 1, padding(config.convInKernel));
    const std::int64_t time = config.timeEmbeddingWidth;
    m_timeEmbedding = TwoLayerEmbedding(store, "time_embedding", first, time, time, m_activation);
    if (config.timeConditionWidth > 0)
        m_timeCondition = Linear(store, "time_embedding.cond_proj", config.timeConditionWidth, first, /*bias=*/false);
    m_addEmbedding = TwoLayerEmbedding(store, "add_embedding", config.additionInputWidth, time, time);
    makeDown(store);
    makeMid(store);
    makeUp(store);
    m_normOut = GroupNorm(store, "conv_norm_out", config.normGroups, first, config.normEps);
    m_convOut = Conv2d(store, "conv_out", first, config.outChannels, static_cast<int>(config.convOutKernel), 1, padding(config.convOutKernel));
}

UNet::Level UNet::makeLevel(WeightStore& store, const std::string& prefix, const UNetBlockConfig& config,
    const std::vector<std::int64_t>& inChannels, double outputScale) const
{
    Level level;
    for (std::size_t j = 0; j < inChannels.size(); ++j) {
        level.resnets.emplace_back(store, fmt::format("{}.resnets.{}", prefix, j),
            ResnetBlock::Options{
                .in = inChannels[j],
                .out = config.channels,
                .groups = m_config.normGroups,
                .eps = m_config.normEps,
                .activation = m_activation,
                .timeWidth = m_config.timeEmbeddingWidth,
                .timeScaleShift = m_config.timeScaleShift,
                .outputScale = outputScale,
            });
    }
    for (std::size_t j = 0; config.crossAttention && j < config.transformerDepths.size() && j < inChannels.size(); ++j)
        level.attentions.emplace_back(store, fmt::format("{}.attentions.{}", prefix, j), m_config, config, config.transformerDepths[j]);
    return level;
}

void UNet::makeDown(WeightStore& store)
{
    std::int64_t in = m_config.down.front().channels;
    for (std::size_t i = 0; i < m_config.down.size(); ++i) {
        const UNetBlockConfig& block = m_config.down[i];
        const std::string prefix = fmt::format("down_blocks.{}", i);
        std::vector<std::int64_t> inChannels(static_cast<std::size_t>(block.resnets), block.channels);
        inChannels.front() = in;
        Level level = makeLevel(store, prefix, block, inChannels);
        if (i + 1 < m_config.down.size())
            level.resample = Conv2d(store, prefix + ".downsamplers.0.conv", block.channels, block.channels, 3, 2, static_cast<int>(m_config.downsamplePadding));
        m_down.push_back(std::move(level));
        in = block.channels;
    }
}

void UNet::makeMid(WeightStore& store)
{
    if (m_config.mid == UNetMidBlock::None)
        return;
    UNetBlockConfig block = m_config.midBlock;
    block.crossAttention = m_config.mid == UNetMidBlock::CrossAttention;
    const std::size_t resnets = block.crossAttention ? 2 : 1;
    m_mid = makeLevel(store, "mid_block", block, std::vector(resnets, block.channels), m_config.midBlockScale);
}

void UNet::makeUp(WeightStore& store)
{
    const std::size_t count = m_config.up.size();
    std::int64_t previous = m_config.up.front().channels;
    for (std::size_t i = 0; i < count; ++i) {
        const UNetBlockConfig& block = m_config.up[i];
        const std::string prefix = fmt::format("up_blocks.{}", i);
        const std::int64_t lastSkip = m_config.up[std::min(i + 1, count - 1)].channels;
                std::vector<std::int64_t> inChannels;
        for (std::int64_t j = 0; j < block.resnets; ++j) {
            const std::int64_t running = j == 0 ? previous : block.channels;
            const std::int64_t skip = j + 1 == block.resnets ? lastSkip : block.channels;
            inChannels.push_back(running + skip);
        }
        Level level = makeLevel(store, prefix, block, inChannels);
        if (i + 1 < count)
            level.resample = Conv2d(store, prefix + ".upsamplers.0.conv", block.channels, block.channels, 3, 1, 1);
        m_up.push_back(std::move(level));
        previous = block.channels;
    }
}

std::vector<const UNet::Level*> UNet::levelsInOrder() const
{
    std::vector<const Level*> levels;
    for (const Level& level : m_down)
        levels.push_back(&level);
    if (m_mid)
        levels.push_back(&*m_mid);
    for (const Level& level : m_up)
        levels.push_back(&level);
    return levels;
}

/// emb of every step: [steps · B, timeEmbeddingWidth], step slowest.
at::Tensor UNet::timeEmbedding(const ConditioningInput& input) const
{
    const auto options = input.promptEmbeds.options();
    const std::int64_t first = m_config.down.front().channels;
    const at::Tensor t = at::tensor(input.timesteps, at::kFloat).to(options.device());
    at::Tensor sinusoid = timestepEmbedding(t, first, m_config.flipSinToCos, m_config.freqShift).to(options);
    if (m_timeCondition)
        sinusoid = sinusoid + m_timeCondition(input.timestepCondition.to(options));
    at::Tensor time = m_timeEmbedding(sinusoid); // [steps, te]
    if (!m_config.timestepPostActivation.empty())
        time = activate(activationByName(m_config.timestepPostActivation, "unet"), time);

    const std::int64_t batch = input.pooledEmbeds.size(0);
    const at::Tensor ids = timestepEmbedding(input.timeIds.flatten(), m_config.additionTimeWidth, m_config.flipSinToCos, m_config.freqShift);
    const at::Tensor added = at::cat({input.pooledEmbeds.to(at::kFloat), ids.reshape({batch, -1})}, -1).to(options);
    if (added.size(1) != m_config.additionInputWidth) {
        raise(ErrorCode::InvalidArgument,
            "[unet] pooled text ({}) and time ids ({}) are {} wide together, projection_class_embeddings_input_dim is {}",
            input.pooledEmbeds.size(1), ids.numel() / batch, added.size(1), m_config.additionInputWidth);
    }
    at::Tensor sum = time.unsqueeze(1) + m_addEmbedding(added).unsqueeze(0); // [steps, B, te]
    if (!m_config.timeEmbeddingActivation.empty())
        sum = activate(activationByName(m_config.timeEmbeddingActivation, "unet"), sum);
    return sum.flatten(0, 1);
}

UNet::Conditioning UNet::condition(const ConditioningInput& input) const
{
    Conditioning conditioning;
    const std::int64_t batch = input.promptEmbeds.size(0);
    const at::Tensor activated = activate(m_activation, timeEmbedding(input));
    for (const Level* level : levelsInOrder()) {
        for (const ResnetBlock& resnet : level->resnets)
            conditioning.resnetTimes.push_back(resnet.projectTime(activated).unflatten(0, {-1, batch}));
        for (const SpatialTransformer& transformer : level->attentions)
            transformer.appendKeyValues(input.promptEmbeds, conditioning.keyValues);
    }
    return conditioning;
}

struct UNet::Cursor {
    const KeyValue* keyValues;
    const at::Tensor* resnetTime;
    std::int64_t step;

    at::Tensor run(const Level& level, std::size_t index, const at::Tensor& x)
    {
        return level.resnets[index](x, (resnetTime++)->select(0, step));
    }
    at::Tensor attend(const Level& level, std::size_t index, const at::Tensor& x)
    {
        return index < level.attentions.size() ? level.attentions[index](x, keyValues) : x;
    }
};

at::Tensor UNet::downsample(const Level& level, const at::Tensor& x) const
{
    if (m_config.downsamplePadding == 0)
        return level.resample(at::constant_pad_nd(x, {0, 1, 0, 1}));
    return level.resample(x);
}

/// Nearest, to twice the size, or to the skip's exact size where the picture's is not a multiple of all strides.
at::Tensor UNet::upsample(const Level& level, const at::Tensor& x, at::IntArrayRef skipSize) const
{
    return level.resample(at::upsample_nearest2d(x, skipSize.slice(2)));
}

at::Tensor UNet::operator()(const at::Tensor& sample, const Conditioning& conditioning, std::int64_t step) const
{
    Cursor cursor{conditioning.keyValues.data(), conditioning.resnetTimes.data(), step};
    at::Tensor x = m_convIn(m_config.centerInputSample ? 2 * sample - 1.0 : sample);
    std::vector<at::Tensor> skips{x};
    for (const Level& level : m_down) {
        for (std::size_t j = 0; j < level.resnets.size(); ++j) {
            x = cursor.attend(level, j, cursor.run(level, j, x));
            skips.push_back(x);
        }
        if (level.resample) {
            x = downsample(level, x);
            skips.push_back(x);
        }
    }
    if (m_mid) {
        x = cursor.attend(*m_mid, 0, cursor.run(*m_mid, 0, x));
        for (std::size_t j = 1; j < m_mid->resnets.size(); ++j)
            x = cursor.run(*m_mid, j, x);
    }
    for (const Level& level : m_up) {
        for (std::size_t j = 0; j < level.resnets.size(); ++j) {
            x = at::cat({x, skips.back()}, 1);
            skips.pop_back();
            x = cursor.attend(level, j, cursor.run(level, j, x));
        }
        if (level.resample)
            x = upsample(level, x, skips.back().sizes());
    }
    return m_convOut(m_normOut(x, m_activation));
}

} // namespace tintype::engine
