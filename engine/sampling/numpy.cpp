// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/numpy.h"

#include <cmath>
#include <cstddef>
#include <limits>
#include <numbers>

namespace tintype::engine::numpy {
namespace {

// numpy 2.4.6 numpy/_core/src/umath/npy_simd_data.h: log(1 + x) = P(x) / Q(x), highest power first
constexpr float kLogNumerator[] = {2.589979117907922693523e-02F, 3.808837741388407920751e-01F,
    1.480000633576506585156e+00F, 2.112677543073053063722e+00F, 9.999999999999998702752e-01F, 0.0F};
constexpr float kLogDenominator[] = {5.875095403124574342950e-03F, 1.546476374983906719538e-01F,
    9.864942958519418960339e-01F, 2.453006071784736363091e+00F, 2.612677543073109236779e+00F, 1.0F};

template <std::size_t N>
float polynomial(const float (&coefficients)[N], float x)
{
    float value = coefficients[0];
    for (std::size_t i = 1; i < N; ++i)
        value = std::fma(value, x, coefficients[i]);
    return value;
}

} // namespace

/// @source numpy 2.4.6 numpy/_core/function_base.py linspace
std::vector<double> linspace(double start, double stop, int count, bool endpoint)
{
    const int divisions = endpoint ? count - 1 : count;
    const double delta = stop - start;
    const double step = divisions > 0 ? delta / divisions : 0;
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back((step != 0 ? i * step : divisions > 0 ? i / double(divisions) * delta : i * delta) + start);
    if (endpoint && count > 1)
        values.back() = stop;
    return values;
}

/// @source numpy 2.4.6 numpy/_core/src/multiarray: ctors.c PyArray_ArangeObj, arraytypes.c.src DOUBLE_fill
std::vector<double> arange(double start, double stop, double step)
{
    const double delta = (start + step) - start;
    const int count = static_cast<int>(std::ceil((stop - start) / step));
    std::vector<double> values;
    for (int i = 0; i < count; ++i)
        values.push_back(start + i * delta);
    return values;
}

/// @source numpy 2.4.6 numpy/_core/src/multiarray/compiled_base.c arr_interp
double interpolate(double x, const std::vector<double>& values)
{
    if (x <= 0)
        return values.front();
    if (x >= double(values.size() - 1))
        return values.back();
    const double below = std::floor(x);
    const auto index = static_cast<std::size_t>(below);
    return x == below ? values[index] : (values[index + 1] - values[index]) * (x - below) + values[index];
}

/// @source numpy 2.4.6 numpy/_core/src/umath/loops_exponent_log.dispatch.c.src simd_log_FLOAT (CPUs with FMA)
float log(float x)
{
    if (!(x > 0) || std::isinf(x))
        return x == 0 ? -std::numeric_limits<float>::infinity() : x > 0 ? x : std::numeric_limits<float>::quiet_NaN();
    int exponent = 0;
    float mantissa = std::frexp(x, &exponent);
    if (mantissa <= std::numbers::sqrt2_v<float> / 2) {
        mantissa += mantissa;
        --exponent;
    }
    mantissa -= 1;
    const float logMantissa = polynomial(kLogNumerator, mantissa) / polynomial(kLogDenominator, mantissa);
    return std::fma(static_cast<float>(exponent), std::numbers::ln2_v<float>, logMantissa);
}

} // namespace tintype::engine::numpy
