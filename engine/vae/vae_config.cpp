// SPDX-License-Identifier: Apache-2.0
#include "engine/vae/vae_config.h"

#include "engine/base/json_fields.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::engine {
namespace {

constexpr std::int64_t kMaxChannels = 1 << 16;
constexpr std::size_t kMaxBlocks = 10;

Result<> checkBlockTypes(const JsonFields& fields, const char* name, const char* supported, std::size_t blocks)
{
    TINTYPE_TRY_ASSIGN(const auto types, fields.strings(name, std::vector<std::string>(1, supported)));
    const bool known = std::all_of(types.begin(), types.end(), [&](const std::string& type) { return type == supported; });
    if (!known)
        return tl::unexpected(fields.refuse(name, fmt::format("is not supported (only {} is)", supported)));
    if (types.size() != blocks)
        return tl::unexpected(fields.refuse(name, fmt::format("has not one entry for each of {} block_out_channels", blocks), ErrorCode::InvalidArgument));
    return {};
}

} // namespace

Result<VaeConfig> VaeConfig::parse(const nlohmann::json& json, const std::string& source)
{
    VaeConfig config;
    const JsonFields fields(json, source);
    TINTYPE_TRY_ASSIGN(config.inChannels, fields.integer("in_channels", config.inChannels, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.outChannels, fields.integer("out_channels", config.outChannels, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.blockChannels, fields.integers("block_out_channels", config.blockChannels));
    const auto inRange = [](std::int64_t channels) { return channels >= 1 && channels <= kMaxChannels; };
    if (config.blockChannels.empty() || config.blockChannels.size() > kMaxBlocks
        || !std::all_of(config.blockChannels.begin(), config.blockChannels.end(), inRange))
        return tl::unexpected(fields.refuse("block_out_channels", fmt::format("must be 1 to {} channel counts", kMaxBlocks), ErrorCode::InvalidArgument));
    TINTYPE_TRY(checkBlockTypes(fields, "down_block_types", "DownEncoderBlock2D", config.blockChannels.size()));
    TINTYPE_TRY(checkBlockTypes(fields, "up_block_types", "UpDecoderBlock2D", config.blockChannels.size()));
    TINTYPE_TRY_ASSIGN(config.layersPerBlock, fields.integer("layers_per_block", config.layersPerBlock, 1, 64));
    TINTYPE_TRY_ASSIGN(config.activation, fields.string("act_fn", config.activation));
    TINTYPE_TRY_ASSIGN(config.latentChannels, fields.integer("latent_channels", config.latentChannels, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.normGroups, fields.integer("norm_num_groups", config.normGroups, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(const auto sampleSize, fields.integers("sample_size", {config.sampleSize}));
    if (sampleSize.empty() || sampleSize.front() < 1)
        return tl::unexpected(fields.refuse("sample_size", "is not a size", ErrorCode::InvalidArgument));
    config.sampleSize = sampleSize.front();
    TINTYPE_TRY_ASSIGN(config.scalingFactor, fields.number("scaling_factor", config.scalingFactor));
    if (config.scalingFactor == 0)
        return tl::unexpected(fields.refuse("scaling_factor", "must not be 0", ErrorCode::InvalidArgument));
    TINTYPE_TRY_ASSIGN(config.shiftFactor, fields.optionalNumber("shift_factor"));
    TINTYPE_TRY_ASSIGN(config.latentsMean, fields.numbers("latents_mean"));
    TINTYPE_TRY_ASSIGN(config.latentsStd, fields.numbers("latents_std"));
    for (const auto& [name, list] : {std::pair("latents_mean", &config.latentsMean), std::pair("latents_std", &config.latentsStd)}) {
        if (!list->empty() && static_cast<std::int64_t>(list->size()) != config.latentChannels)
            return tl::unexpected(fields.refuse(name, fmt::format("has not one entry for each of {} latent_channels", config.latentChannels), ErrorCode::InvalidArgument));
    }
    TINTYPE_TRY_ASSIGN(config.forceUpcast, fields.boolean("force_upcast", config.forceUpcast));
    TINTYPE_TRY_ASSIGN(config.useQuantConv, fields.boolean("use_quant_conv", config.useQuantConv));
    TINTYPE_TRY_ASSIGN(config.usePostQuantConv, fields.boolean("use_post_quant_conv", config.usePostQuantConv));
    TINTYPE_TRY_ASSIGN(config.midAttention, fields.boolean("mid_block_add_attention", config.midAttention));
    return config;
}

} // namespace tintype::engine
