// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/dpm_update.h"

#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>
#include <limits>

namespace tintype::engine {
namespace {

// Scalars are zero-dimensional float32 tensors on the CPU here, as in diffusers: libm's exp and log differ from ATen's
// in the last bit, and the differences of logarithms below magnify that.

/// One point of the path.
struct Point {
    at::Tensor alpha;
    at::Tensor sigma;
    at::Tensor lambda;

    Point(float sigmaValue, bool isFlow)
    {
        const at::Tensor raw = at::scalar_tensor(sigmaValue, at::kFloat);
        alpha = isFlow ? 1 - raw : 1 / (raw.pow(2) + 1).pow(0.5);
        sigma = isFlow ? raw : raw * alpha;
        lambda = at::log(alpha) - at::log(sigma);
    }
};

float valueOf(const at::Tensor& scalar)
{
    return scalar.item<float>();
}

/// The growth that every weight of a method is made of; h is the step's length in lambda.
/// dpmsolver++: e^-h - 1, of the sample's alpha. dpmsolver: e^h - 1, of its sigma. The SDE ones: 1 - e^-2h and twice
/// e^h - 1.
struct Weights {
    at::Tensor sample;
    at::Tensor first;    ///< of D0
    at::Tensor midpoint; ///< of D1
    at::Tensor heun;     ///< of D1
    at::Tensor third;    ///< of D2
    at::Tensor noise;
};

Weights weightsOfOriginal(const Point& target, const Point& base, const at::Tensor& h)
{
    const at::Tensor growth = at::exp(-h) - 1.0;
    return {
        .sample = target.sigma / base.sigma,
        .first = -(target.alpha * growth),
        .midpoint = -(0.5 * (target.alpha * growth)),
        .heun = target.alpha * (growth / h + 1.0),
        .third = -(target.alpha * ((growth + h) / h.pow(2) - 0.5)),
        .noise = {},
    };
}

Weights weightsOfNoise(const Point& target, const Point& base, const at::Tensor& h)
{
    const at::Tensor growth = at::exp(h) - 1.0;
    return {
        .sample = target.alpha / base.alpha,
        .first = -(target.sigma * growth),
        .midpoint = -(0.5 * (target.sigma * growth)),
        .heun = -(target.sigma * (growth / h - 1.0)),
        .third = -(target.sigma * ((growth - h) / h.pow(2) - 0.5)),
        .noise = {},
    };
}

Weights stochasticWeightsOfOriginal(const Point& target, const Point& base, const at::Tensor& h)
{
    const at::Tensor growth = 1.0 - at::exp(-2.0 * h);
    return {
        .sample = target.sigma / base.sigma * at::exp(-h),
        .first = target.alpha * growth,
        .midpoint = 0.5 * (target.alpha * growth),
        .heun = target.alpha * (growth / (-2.0 * h) + 1.0),
        .third = target.alpha * ((growth - 2.0 * h) / (2.0 * h).pow(2) - 0.5),
        .noise = target.sigma * at::sqrt(growth),
    };
}

Weights stochasticWeightsOfNoise(const Point& target, const Point& base, const at::Tensor& h)
{
    const at::Tensor growth = at::exp(h) - 1.0;
    return {
        .sample = target.alpha / base.alpha,
        .first = -(2.0 * (target.sigma * growth)),
        .midpoint = -(target.sigma * growth),
        .heun = -(2.0 * (target.sigma * (growth / h - 1.0))),
        .third = at::full({}, std::numeric_limits<float>::quiet_NaN(), at::kFloat), // diffusers has none
        .noise = target.sigma * at::sqrt(at::exp(2.0 * h) - 1.0),
    };
}

Weights weightsOf(const DpmMethod& method, const Point& target, const Point& base, const at::Tensor& h)
{
    if (method.isStochastic)
        return method.predictsOriginal ? stochasticWeightsOfOriginal(target, base, h)
                                       : stochasticWeightsOfNoise(target, base, h);
    return method.predictsOriginal ? weightsOfOriginal(target, base, h) : weightsOfNoise(target, base, h);
}

} // namespace

DpmUpdate makeUpdate(const DpmMethod& method, const DpmPath& path)
{
    std::vector<Point> points;
    for (const float sigma : path.history)
        points.emplace_back(sigma, path.isFlow);
    const Point target(path.target, path.isFlow);
    const Point& base = path.startsAtOldest ? points.back() : points.front();
    const at::Tensor h = target.lambda - base.lambda;
    const Weights weights = weightsOf(method, target, base, h);

    DpmUpdate update;
    update.order = static_cast<int>(points.size());
    update.mix = {valueOf(points.front().alpha), valueOf(points.front().sigma), path.history.front()};
    update.sample = valueOf(weights.sample);
    update.derivatives = {valueOf(weights.first), 0, 0};
    if (update.order == 2)
        update.derivatives[1] = valueOf(method.isHeun ? weights.heun : weights.midpoint);
    if (update.order == 3)
        update.derivatives = {valueOf(weights.first), valueOf(weights.heun), valueOf(weights.third)};
    if (method.isStochastic)
        update.noise = valueOf(weights.noise);
    if (update.order == 2)
        update.r0 = valueOf((points[0].lambda - points[1].lambda) / h);
    if (update.order == 3) {
        const std::size_t from = path.startsAtOldest ? 2 : 1;
        update.r0 = valueOf((points[0].lambda - points[from].lambda) / h);
        update.r1 = valueOf((points[1].lambda - points[2].lambda) / h);
    }
    return update;
}

at::Tensor applyUpdate(const DpmUpdate& update, const at::Tensor& sample, const std::array<at::Tensor, 3>& derivatives,
    const at::Tensor& noise)
{
    at::Tensor moved = times(update.sample, sample);
    for (std::size_t i = 0; i < derivatives.size(); ++i) {
        if (derivatives[i].defined())
            moved = moved + times(update.derivatives[i], derivatives[i]);
    }
    return noise.defined() ? moved + times(update.noise, noise) : moved;
}

} // namespace tintype::engine
