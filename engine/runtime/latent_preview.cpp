// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/latent_preview.h"

#include "engine/sampling/noise.h"

#include <ATen/ATen.h>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace tintype::engine {
namespace {

constexpr std::int64_t kFitPictures = 8;
constexpr std::int64_t kFitLatentSide = 16;
constexpr std::int64_t kFitColoursPerSide = 5;
constexpr std::uint64_t kFitSeed = 0;
constexpr double kRidge = 1e-3;
constexpr std::int64_t kSmallestSide = 256;

} // namespace

LatentPreview LatentPreview::fit(const VaeEncoder& encoder, const VaeConfig& config, c10::Device device, at::ScalarType dtype)
{
    const std::int64_t side = kFitLatentSide * config.scale();
    const at::Tensor colours = at::rand({kFitPictures, config.inChannels, kFitColoursPerSide, kFitColoursPerSide}, makeGenerator(kFitSeed), at::TensorOptions(at::kFloat)) * 2 - 1;
    const at::Tensor pictures = at::upsample_bilinear2d(colours, {side, side}, /*align_corners=*/true);
    const at::Tensor z = encoder(pictures.to(device, dtype)).mean.to(c10::kCPU, at::kDouble);
    const std::int64_t latentSide = z.size(2);
    const at::Tensor means = at::adaptive_avg_pool2d(pictures.slice(1, 0, 3), {latentSide, latentSide}).to(at::kDouble);

    const at::Tensor rows = z.permute({0, 2, 3, 1}).reshape({-1, z.size(1)});
    const at::Tensor inputs = at::cat({rows, at::ones({rows.size(0), 1}, rows.options())}, 1);
    const at::Tensor targets = means.permute({0, 2, 3, 1}).reshape({-1, 3});
    at::Tensor normal = at::matmul(inputs.t(), inputs);
    normal = normal + kRidge * at::eye(normal.size(0), normal.options());
    const at::Tensor map = at::linalg_solve(normal, at::matmul(inputs.t(), targets));
    return LatentPreview(map.to(at::kFloat).nan_to_num().contiguous());
}

LatentPreview LatentPreview::cached(
    const std::filesystem::path& file, std::int64_t latentChannels, const std::function<LatentPreview()>& make)
{
    if (auto known = read(file, latentChannels))
        return *std::move(known);
    LatentPreview made = make();
    made.write(file);
    return made;
}

std::optional<LatentPreview> LatentPreview::read(const std::filesystem::path& file, std::int64_t latentChannels)
{
    std::ifstream stream(file);
    const auto json = nlohmann::json::parse(stream, nullptr, /*allow_exceptions=*/false);
    const auto expected = static_cast<std::size_t>((latentChannels + 1) * 3);
    const bool numbers = json.is_array() && json.size() == expected
        && std::all_of(json.begin(), json.end(), [](const auto& value) { return value.is_number(); });
    if (!numbers)
        return {};
    const auto values = json.get<std::vector<float>>();
    return LatentPreview(at::tensor(values, at::kFloat).view({latentChannels + 1, 3}));
}

void LatentPreview::write(const std::filesystem::path& file) const
{
    const std::vector<float> values(m_map.const_data_ptr<float>(), m_map.const_data_ptr<float>() + m_map.numel());
    std::error_code ignored;
    std::filesystem::create_directories(file.parent_path(), ignored);
    const std::filesystem::path temporary = file.string() + "." + std::to_string(::getpid());
    std::ofstream(temporary) << nlohmann::json(values).dump() << '\n';
    std::filesystem::rename(temporary, file, ignored);
}

image::Pixels LatentPreview::render(const at::Tensor& z, std::int64_t scale) const
{
    const at::Tensor first = z.select(0, 0).to(c10::kCPU, at::kFloat); // [C, h, w]
    const at::Tensor weight = m_map.slice(0, 0, first.size(0)).t();    // [3, C]
    const at::Tensor bias = m_map.select(0, first.size(0));
    at::Tensor rgb = at::matmul(weight, first.flatten(1)) + bias.unsqueeze(1);
    rgb = rgb.view({1, 3, first.size(1), first.size(2)});
    const std::int64_t longest = std::max(first.size(1), first.size(2));
    const std::int64_t factor = std::clamp<std::int64_t>((kSmallestSide + longest - 1) / longest, 1, scale);
    if (factor > 1)
        rgb = at::upsample_bilinear2d(rgb, {first.size(1) * factor, first.size(2) * factor}, /*align_corners=*/false);
    return toPixels(rgb.select(0, 0));
}

std::filesystem::path cacheFolder()
{
    if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache && *cache)
        return std::filesystem::path(cache) / "tintype";
    const char* home = std::getenv("HOME");
    return std::filesystem::path(home ? home : ".") / ".cache" / "tintype";
}

image::Pixels toPixels(const at::Tensor& picture)
{
    at::Tensor scaled = (picture * 0.5 + 0.5).clamp(0, 1).to(c10::kCPU, at::kFloat);
    scaled = (scaled * 255).round().to(at::kByte).permute({1, 2, 0}).contiguous(); // [3, H, W] -> [H, W, 3]
    const auto* data = scaled.const_data_ptr<std::uint8_t>();
    return {static_cast<int>(scaled.size(1)), static_cast<int>(scaled.size(0)), {data, data + scaled.numel()}};
}

} // namespace tintype::engine
