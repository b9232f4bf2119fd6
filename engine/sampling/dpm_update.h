// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/sampling/prediction.h"

#include <ATen/core/Tensor.h>
#include <array>
#include <vector>

namespace tintype::engine {

/// Which integral a DPM solver approximates, and how.
struct DpmMethod {
    bool predictsOriginal = true; ///< DPM-Solver++: of the clean sample; else of the noise
    bool isStochastic = false;    ///< the SDE variants
    bool isHeun = false;          ///< else midpoint
};

/// Everything that one step needs to know, in float32 values.
struct DpmUpdate {
    int order = 1;
    NoiseMix mix;                     ///< of the sample that the step starts from
    float sample = 0;                 ///< weight of the sample at the step's base
    std::array<float, 3> derivatives {}; ///< weights of D0, D1, D2
    float noise = 0;
    float r0 = 0; ///< distances in lambda to earlier points, over the step's length
    float r1 = 0;
};

/// A step from the points of `history` (newest first; lambda is log(alpha/sigma)) to `target`.
struct DpmPath {
    float target = 0;                 ///< sigma where the step ends
    std::vector<float> history {};    ///< sigmas of the outputs in use: as many as the order
    bool startsAtOldest = false;      ///< singlestep: from the oldest point; multistep: from the newest
    bool isFlow = false;              ///< alpha = 1 - sigma in place of variance preservation
};

/// @source diffusers 0.42.1 DPMSolverMultistepScheduler and DPMSolverSinglestepScheduler: _sigma_to_alpha_sigma_t,
///         dpm_solver_first_order_update, *_second_order_update, *_third_order_update
DpmUpdate makeUpdate(const DpmMethod& method, const DpmPath& path);

/// weight * sample + the weighted derivatives + weighted noise. Those undefined are left out.
at::Tensor applyUpdate(const DpmUpdate& update, const at::Tensor& sample, const std::array<at::Tensor, 3>& derivatives,
    const at::Tensor& noise);

} // namespace tintype::engine
