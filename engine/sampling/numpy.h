// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

// The few functions of numpy 2.4 that diffusers computes schedules with, to the last bit.

namespace tintype::engine::numpy {

/// np.linspace in float64; one value is `start`.
std::vector<double> linspace(double start, double stop, int count, bool endpoint = true);

/// np.arange in float64. Its length is a rounded quotient and can be one more than expected.
std::vector<double> arange(double start, double stop, double step);

/// np.interp(x, np.arange(len(values)), values): constant beyond both ends.
double interpolate(double x, const std::vector<double>& values);

/// np.log of a float32, which is not libm's: timesteps found through it are truncated to integers, where one bit
/// moves them by one.
float log(float x);

} // namespace tintype::engine::numpy
