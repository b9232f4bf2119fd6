// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/beta_distribution.h"

#include <cmath>
#include <limits>

namespace tintype::engine {
namespace {

/// Lentz's evaluation of the continued fraction of the incomplete beta function.
/// @source NIST Digital Library of Mathematical Functions 8.17.22
double continuedFraction(double x, double a, double b)
{
    constexpr int kMostTerms = 1000;
    constexpr double kTiny = 1e-300;
    const auto awayFromZero = [](double value) { return std::abs(value) < kTiny ? kTiny : value; };
    double c = 1;
    double d = 1 / awayFromZero(1 - (a + b) * x / (a + 1));
    double fraction = d;
    for (int m = 1; m <= kMostTerms; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        double change = 1;
        for (const double term : {even, odd}) {
            d = 1 / awayFromZero(1 + term * d);
            c = awayFromZero(1 + term / c);
            change = c * d;
            fraction *= change;
        }
        if (std::abs(change - 1) < std::numeric_limits<double>::epsilon())
            break;
    }
    return fraction;
}

/// The regularised incomplete beta function: the probability of a number below x.
double probabilityBelow(double x, double a, double b)
{
    if (x <= 0 || x >= 1)
        return x <= 0 ? 0 : 1;
    const double logFront
        = std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log1p(-x);
    const double front = std::exp(logFront);
    if (x < (a + 1) / (a + b + 2))
        return front * continuedFraction(x, a, b) / a;
    return 1 - front * continuedFraction(1 - x, b, a) / b;
}

} // namespace

double betaQuantile(double p, double a, double b)
{
    if (p <= 0 || p >= 1)
        return p <= 0 ? 0 : 1;
    double low = 0;
    double high = 1;
    // Bisection down to neighbouring doubles: a schedule needs at most a thousand of these.
    for (double middle = 0.5; low < middle && middle < high; middle = (low + high) / 2)
        (probabilityBelow(middle, a, b) < p ? low : high) = middle;
    return high;
}

} // namespace tintype::engine
