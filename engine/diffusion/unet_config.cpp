// SPDX-License-Identifier: Apache-2.0
#include "engine/diffusion/unet_config.h"

#include "engine/base/json_fields.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::engine {
namespace {

constexpr std::int64_t kMaxChannels = 1 << 16;
constexpr std::int64_t kMaxLayers = 256;

/// Fields that belong to other members of the class's family: only the value that means "off" is accepted.
Result<> refuseOtherFamilies(const JsonFields& fields)
{
    for (const char* name : {"encoder_hid_dim", "encoder_hid_dim_type", "class_embed_type", "num_class_embeds",
             "num_attention_heads", "cross_attention_norm"}) {
        if (fields.has(name))
            return tl::unexpected(fields.refuse(name, "is not supported (only null is)"));
    }
    for (const char* name : {"dual_cross_attention", "class_embeddings_concat"}) {
        TINTYPE_TRY_ASSIGN(const bool on, fields.boolean(name, false));
        if (on)
            return tl::unexpected(fields.refuse(name, "is not supported"));
    }
    TINTYPE_TRY_ASSIGN(const auto timeType, fields.string("time_embedding_type", "positional"));
    if (timeType != "positional")
        return tl::unexpected(fields.refuse("time_embedding_type", "is not supported (only positional is)"));
    TINTYPE_TRY_ASSIGN(const auto attention, fields.string("attention_type", "default"));
    if (attention != "default")
        return tl::unexpected(fields.refuse("attention_type", "is not supported (only default is)"));
    TINTYPE_TRY_ASSIGN(const auto addition, fields.string("addition_embed_type", ""));
    if (addition != "text_time")
        return tl::unexpected(fields.refuse("addition_embed_type", "is not supported (SDXL's text_time is)"));
    return {};
}

/// `transformer_layers_per_block` and its reverse: a number, or per block a number or a list with one per resnet.
Result<std::vector<std::vector<std::int64_t>>> depthsPerBlock(
    const JsonFields& fields, const std::string& name, const std::vector<std::int64_t>& layers)
{
    const auto found = fields.object().find(name);
    const auto bad = [&] { return tl::unexpected(fields.refuse(name, fmt::format("is not a number or a list with one entry for each of {} blocks", layers.size()), ErrorCode::InvalidArgument)); };
    const bool given = found != fields.object().end() && !found->is_null();
    const nlohmann::json value = given ? *found : nlohmann::json(1);
    if (!value.is_number_integer() && (!value.is_array() || value.size() != layers.size()))
        return bad();
    std::vector<std::vector<std::int64_t>> depths;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const nlohmann::json& entry = value.is_array() ? value[i] : value;
        if (entry.is_number_integer())
            depths.emplace_back(layers[i], entry.get<std::int64_t>());
        else if (entry.is_array() && static_cast<std::int64_t>(entry.size()) >= layers[i]
            && std::all_of(entry.begin(), entry.end(), [](const auto& n) { return n.is_number_integer(); }))
            depths.push_back(entry.get<std::vector<std::int64_t>>());
        else
            return bad();
        for (const std::int64_t depth : depths.back()) {
            if (depth < 1 || depth > kMaxLayers)
                return bad();
        }
    }
    return depths;
}

Result<std::vector<bool>> onlyCrossAttention(const JsonFields& fields, std::size_t count)
{
    const auto found = fields.object().find("only_cross_attention");
    if (found == fields.object().end() || found->is_null())
        return std::vector<bool>(count, false);
    if (found->is_boolean())
        return std::vector<bool>(count, found->get<bool>());
    if (!found->is_array() || found->size() != count
        || !std::all_of(found->begin(), found->end(), [](const auto& b) { return b.is_boolean(); }))
        return tl::unexpected(fields.refuse("only_cross_attention", "is not true, false or a list of these", ErrorCode::InvalidArgument));
    return found->get<std::vector<bool>>();
}

Result<bool> isCrossAttention(
    const JsonFields& fields, const char* field, const std::string& type, const char* plain, const char* cross)
{
    if (type != plain && type != cross)
        return tl::unexpected(fields.refuse(field, fmt::format("has {}, which is not supported ({} and {} are)", type, plain, cross)));
    return type == cross;
}

/// The lists of the file that have one entry a block.
struct PerBlock {
    std::vector<std::string> downTypes, upTypes;
    std::vector<std::int64_t> channels, layers, heads, crossWidths;
    std::vector<std::vector<std::int64_t>> depths;
    std::vector<bool> onlyCross;
};

Result<PerBlock> parsePerBlock(const JsonFields& fields)
{
    PerBlock lists;
    TINTYPE_TRY_ASSIGN(lists.channels, fields.integers("block_out_channels", {320, 640, 1280, 1280}));
    const std::size_t count = lists.channels.size();
    const std::string cross = "CrossAttnDownBlock2D";
    const std::string crossUp = "CrossAttnUpBlock2D";
    TINTYPE_TRY_ASSIGN(lists.downTypes, fields.strings("down_block_types", {cross, cross, cross, "DownBlock2D"}));
    TINTYPE_TRY_ASSIGN(lists.upTypes, fields.strings("up_block_types", {"UpBlock2D", crossUp, crossUp, crossUp}));
    if (count == 0 || lists.downTypes.size() != count || lists.upTypes.size() != count)
        return tl::unexpected(fields.refuse("block_out_channels", "has not as many entries as down_block_types and up_block_types", ErrorCode::InvalidArgument));
    TINTYPE_TRY_ASSIGN(lists.layers, fields.integerPerPlace("layers_per_block", 2, count));
    TINTYPE_TRY_ASSIGN(lists.heads, fields.integerPerPlace("attention_head_dim", 8, count));
    TINTYPE_TRY_ASSIGN(lists.crossWidths, fields.integerPerPlace("cross_attention_dim", 1280, count));
    for (std::size_t i = 0; i < count; ++i) {
        const bool inRange = lists.channels[i] >= 1 && lists.channels[i] <= kMaxChannels && lists.layers[i] >= 1
            && lists.layers[i] <= kMaxLayers && lists.heads[i] >= 1 && lists.heads[i] <= lists.channels[i]
            && lists.crossWidths[i] >= 1 && lists.crossWidths[i] <= kMaxChannels;
        if (!inRange)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: block {}: block_out_channels {}, layers_per_block {}, attention_head_dim {} or cross_attention_dim {} is out of range",
                    fields.source(), i, lists.channels[i], lists.layers[i], lists.heads[i], lists.crossWidths[i]));
    }
    TINTYPE_TRY_ASSIGN(lists.depths, depthsPerBlock(fields, "transformer_layers_per_block", lists.layers));
    TINTYPE_TRY_ASSIGN(lists.onlyCross, onlyCrossAttention(fields, count));
    return lists;
}

/// The up path mirrors the down path with one resnet more a block.
Result<std::vector<std::vector<std::int64_t>>> upDepths(const JsonFields& fields, const PerBlock& lists)
{
    std::vector<std::int64_t> layers(lists.layers.rbegin(), lists.layers.rend());
    for (std::int64_t& count : layers)
        ++count;
    if (fields.has("reverse_transformer_layers_per_block"))
        return depthsPerBlock(fields, "reverse_transformer_layers_per_block", layers);
    std::vector<std::vector<std::int64_t>> depths;
    for (std::size_t i = 0; i < layers.size(); ++i) {
        const auto& mirrored = lists.depths[lists.depths.size() - 1 - i];
        const bool uniform = std::all_of(mirrored.begin(), mirrored.end(), [&](auto d) { return d == mirrored.front(); });
        if (!uniform)
            return tl::unexpected(fields.refuse("transformer_layers_per_block", "has lists in it and reverse_transformer_layers_per_block is not given", ErrorCode::InvalidArgument));
        depths.emplace_back(layers[i], mirrored.front());
    }
    return depths;
}

Result<> parseBlocks(UNetConfig& config, const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(const PerBlock lists, parsePerBlock(fields));
    TINTYPE_TRY_ASSIGN(const auto up, upDepths(fields, lists));
    const std::size_t count = lists.channels.size();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t mirror = count - 1 - i;
        TINTYPE_TRY_ASSIGN(const bool downCross,
            isCrossAttention(fields, "down_block_types", lists.downTypes[i], "DownBlock2D", "CrossAttnDownBlock2D"));
        TINTYPE_TRY_ASSIGN(const bool upCross,
            isCrossAttention(fields, "up_block_types", lists.upTypes[i], "UpBlock2D", "CrossAttnUpBlock2D"));
        config.down.push_back({downCross, lists.onlyCross[i], lists.layers[i], lists.channels[i], lists.heads[i], lists.crossWidths[i], lists.depths[i]});
        config.up.push_back({upCross, lists.onlyCross[mirror], lists.layers[mirror] + 1, lists.channels[mirror], lists.heads[mirror], lists.crossWidths[mirror], up[i]});
    }
    config.midBlock = config.down.back();
    config.midBlock.onlyCrossAttention = false; // the class does not hand it on to this block
    config.midBlock.transformerDepths = {lists.depths.back().front()};
    TINTYPE_TRY_ASSIGN(const auto mid, fields.string("mid_block_type", "UNetMidBlock2DCrossAttn"));
    const auto given = fields.object().find("mid_block_type");
    if (given != fields.object().end() && given->is_null())
        config.mid = UNetMidBlock::None;
    else if (mid == "UNetMidBlock2D")
        config.mid = UNetMidBlock::Plain;
    else if (mid != "UNetMidBlock2DCrossAttn")
        return tl::unexpected(fields.refuse("mid_block_type", "is not supported"));
    return {};
}

} // namespace

Result<UNetConfig> UNetConfig::parse(const nlohmann::json& json, const std::string& source)
{
    UNetConfig config;
    const JsonFields fields(json, source);
    TINTYPE_TRY(refuseOtherFamilies(fields));
    TINTYPE_TRY(parseBlocks(config, fields));
    TINTYPE_TRY_ASSIGN(const auto sampleSize, fields.integers("sample_size", {0}));
    if (sampleSize.empty() || sampleSize.front() != sampleSize.back())
        return tl::unexpected(fields.refuse("sample_size", "is not square, which is not supported"));
    config.sampleSize = sampleSize.front();
    TINTYPE_TRY_ASSIGN(config.inChannels, fields.integer("in_channels", config.inChannels, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.outChannels, fields.integer("out_channels", config.outChannels, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.centerInputSample, fields.boolean("center_input_sample", false));
    TINTYPE_TRY_ASSIGN(config.flipSinToCos, fields.boolean("flip_sin_to_cos", true));
    TINTYPE_TRY_ASSIGN(config.freqShift, fields.number("freq_shift", 0));
    TINTYPE_TRY_ASSIGN(config.midBlockScale, fields.number("mid_block_scale_factor", 1));
    TINTYPE_TRY_ASSIGN(config.downsamplePadding, fields.integer("downsample_padding", 1, 0, 1));
    TINTYPE_TRY_ASSIGN(config.activation, fields.string("act_fn", "silu"));
    TINTYPE_TRY_ASSIGN(config.normGroups, fields.integer("norm_num_groups", 32, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.normEps, fields.number("norm_eps", config.normEps));
    TINTYPE_TRY_ASSIGN(config.linearProjection, fields.boolean("use_linear_projection", false));
    TINTYPE_TRY_ASSIGN(const auto shift, fields.string("resnet_time_scale_shift", "default"));
    if (shift != "default" && shift != "scale_shift")
        return tl::unexpected(fields.refuse("resnet_time_scale_shift", "is not supported (default and scale_shift are)"));
    config.timeScaleShift = shift == "scale_shift";
    const std::int64_t first = config.down.front().channels;
    TINTYPE_TRY_ASSIGN(config.timeEmbeddingWidth, fields.integer("time_embedding_dim", 4 * first, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.timeEmbeddingActivation, fields.string("time_embedding_act_fn", ""));
    TINTYPE_TRY_ASSIGN(config.timestepPostActivation, fields.string("timestep_post_act", ""));
    TINTYPE_TRY_ASSIGN(config.timeConditionWidth, fields.integer("time_cond_proj_dim", 0, 0, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.convInKernel, fields.integer("conv_in_kernel", 3, 1, 31));
    TINTYPE_TRY_ASSIGN(config.convOutKernel, fields.integer("conv_out_kernel", 3, 1, 31));
    if (config.convInKernel % 2 == 0)
        return tl::unexpected(fields.refuse("conv_in_kernel", "must be odd", ErrorCode::InvalidArgument));
    if (config.convOutKernel % 2 == 0)
        return tl::unexpected(fields.refuse("conv_out_kernel", "must be odd", ErrorCode::InvalidArgument));
    TINTYPE_TRY_ASSIGN(config.additionTimeWidth, fields.integer("addition_time_embed_dim", 0, 1, kMaxChannels));
    TINTYPE_TRY_ASSIGN(config.additionInputWidth, fields.integer("projection_class_embeddings_input_dim", 0, 1, kMaxChannels));
    if (config.additionTimeWidth == 0 || config.additionInputWidth == 0)
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: text_time needs addition_time_embed_dim and projection_class_embeddings_input_dim", source));
    return config;
}

} // namespace tintype::engine
