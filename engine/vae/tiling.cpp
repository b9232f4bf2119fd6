// SPDX-License-Identifier: Apache-2.0
#include "engine/vae/tiling.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

constexpr double kOverlap = 0.25;

/// Fades the last `extent` rows (dim 2) or columns (dim 3) of `before` into the first of `tile`, in place.
void blend(const at::Tensor& before, at::Tensor& tile, std::int64_t extent, std::int64_t dim)
{
    extent = std::min({before.size(dim), tile.size(dim), extent});
    if (extent < 1)
        return;
    at::Tensor weight = at::arange(extent, tile.options()) / static_cast<double>(extent);
    weight = dim == 2 ? weight.unsqueeze(1) : weight.unsqueeze(0);
    at::Tensor start = tile.slice(dim, 0, extent);
    const at::Tensor end = before.slice(dim, before.size(dim) - extent);
    start.copy_(end * (1 - weight) + start * weight);
}

} // namespace

at::Tensor runTiled(
    const at::Tensor& x, const Tiling& tiling, const std::function<at::Tensor(const at::Tensor&)>& run)
{
    const auto stride = static_cast<std::int64_t>(static_cast<double>(tiling.inTile) * (1 - kOverlap));
    const auto extent = static_cast<std::int64_t>(static_cast<double>(tiling.outTile) * kOverlap);
    const std::int64_t kept = tiling.outTile - extent;
    std::vector<std::vector<at::Tensor>> rows;
    std::vector<at::Tensor> resultRows;
    for (std::int64_t top = 0; top < x.size(2); top += stride) {
        std::vector<at::Tensor> row;
        for (std::int64_t left = 0; left < x.size(3); left += stride)
            row.push_back(run(x.slice(2, top, top + tiling.inTile).slice(3, left, left + tiling.inTile)));
        std::vector<at::Tensor> resultRow;
        for (std::size_t j = 0; j < row.size(); ++j) {
            if (!rows.empty())
                blend(rows.back()[j], row[j], extent, 2);
            if (j > 0)
                blend(row[j - 1], row[j], extent, 3);
            resultRow.push_back(row[j].slice(2, 0, kept).slice(3, 0, kept));
        }
        resultRows.push_back(at::cat(resultRow, 3));
        rows.push_back(std::move(row));
    }
    return at::cat(resultRows, 2);
}

} // namespace tintype::engine
