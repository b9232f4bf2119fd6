// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/fused.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

// The loops are compiled for several instruction sets and chosen when the program starts.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__)
#define TINTYPE_VECTORISED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default"), optimize("O3", "fast-math")))
#else
#define TINTYPE_VECTORISED
#endif

namespace tintype::engine {
namespace {

constexpr std::int64_t kGrainElements = 16384; // below this one thread does it all

bool takesLoop(const at::Tensor& x)
{
    return x.is_cpu() && x.scalar_type() == at::kFloat;
}

std::int64_t grainRows(std::int64_t width)
{
    return std::max<std::int64_t>(1, kGrainElements / width);
}

TINTYPE_VECTORISED
void normModulateRow(
    const float* x, const float* scale, const float* shift, float* out, std::int64_t width, float eps)
{
    float sum = 0;
    for (std::int64_t i = 0; i < width; ++i)
        sum += x[i];
    const float mean = sum / static_cast<float>(width);
    float squares = 0;
    for (std::int64_t i = 0; i < width; ++i)
        squares += (x[i] - mean) * (x[i] - mean);
    const float inverse = 1.0f / __builtin_sqrtf(squares / static_cast<float>(width) + eps);
    for (std::int64_t i = 0; i < width; ++i)
        out[i] = (x[i] - mean) * inverse * (1.0f + scale[i]) + shift[i];
}

TINTYPE_VECTORISED
void normRotateRow(const float* x, const float* weight, const float* cos, const float* sin, float* out,
    std::int64_t width, float eps)
{
    float squares = 0;
    for (std::int64_t i = 0; i < width; ++i)
        squares += x[i] * x[i];
    const float inverse = 1.0f / __builtin_sqrtf(squares / static_cast<float>(width) + eps);
    for (std::int64_t i = 0; i < width; i += 2) {
        const float real = x[i] * inverse * weight[i];
        const float imaginary = x[i + 1] * inverse * weight[i + 1];
        out[i] = real * cos[i] - imaginary * sin[i];
        out[i + 1] = imaginary * cos[i + 1] + real * sin[i + 1];
    }
}

} // namespace

at::Tensor layerNormModulate(const at::Tensor& x, const at::Tensor& scale, const at::Tensor& shift, double eps)
{
    const std::int64_t width = x.size(-1);
    if (!takesLoop(x) || !x.is_contiguous() || scale.size(0) != 1)
        return at::layer_norm(x, {width}, {}, {}, eps) * (1 + scale.unsqueeze(1)) + shift.unsqueeze(1);
    const at::Tensor denseScale = scale.contiguous();
    const at::Tensor denseShift = shift.contiguous();
    at::Tensor out = at::empty_like(x);
    const float* in = x.const_data_ptr<float>();
    const float* scaleData = denseScale.const_data_ptr<float>();
    const float* shiftData = denseShift.const_data_ptr<float>();
    float* outData = out.mutable_data_ptr<float>();
    at::parallel_for(0, x.numel() / width, grainRows(width), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t row = begin; row < end; ++row)
            normModulateRow(in + row * width, scaleData, shiftData, outData + row * width, width, static_cast<float>(eps));
    });
    return out;
}

at::Tensor gatedAdd(const at::Tensor& x, const at::Tensor& gate, const at::Tensor& y)
{
    return at::addcmul(x, gate.unsqueeze(1), y);
}

void rmsNormRotate(const at::Tensor& x, const at::Tensor& weight, double eps, const at::Tensor& cos,
    const at::Tensor& sin, at::Tensor out)
{
    const std::int64_t length = x.size(1);
    const std::int64_t heads = x.size(2);
    const std::int64_t width = x.size(3);
    if (!takesLoop(x) || x.stride(3) != 1 || out.stride(3) != 1) {
        const at::Tensor wide = x.to(at::kFloat);
        at::Tensor normed = wide * at::rsqrt(wide.square().mean(-1, /*keepdim=*/true) + eps);
        normed = normed.to(weight.scalar_type()) * weight;
        const at::Tensor pairs = normed.unflatten(-1, {-1, 2});
        const at::Tensor rotated = at::stack({-pairs.select(-1, 1), pairs.select(-1, 0)}, -1).flatten(-2);
        const at::Tensor c = cos.unsqueeze(1); // [S, 1, D]
        const at::Tensor s = sin.unsqueeze(1);
        out.copy_(normed.to(at::kFloat) * c + rotated.to(at::kFloat) * s);
        return;
    }
    const float* in = x.const_data_ptr<float>();
    const float* weightData = weight.const_data_ptr<float>();
    const float* cosData = cos.const_data_ptr<float>();
    const float* sinData = sin.const_data_ptr<float>();
    float* outData = out.mutable_data_ptr<float>();
    const auto xs = x.strides();
    const auto os = out.strides();
    at::parallel_for(0, x.size(0) * length, grainRows(heads * width), [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t index = begin; index < end; ++index) {
            const std::int64_t b = index / length;
            const std::int64_t s = index % length;
            for (std::int64_t h = 0; h < heads; ++h) {
                normRotateRow(in + b * xs[0] + s * xs[1] + h * xs[2], weightData, cosData + s * width, sinData + s * width,
                    outData + b * os[0] + s * os[1] + h * os[2], width, static_cast<float>(eps));
            }
        }
    });
}

at::Tensor geglu(const at::Tensor& x)
{
    const auto halves = x.chunk(2, -1);
    return halves[0] * at::gelu(halves[1]);
}

} // namespace tintype::engine
