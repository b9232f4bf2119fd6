// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/image/pixels.h"
#include "engine/pipelines/pipeline.h"

#include <functional>
#include <stop_token>

namespace tintype::engine {

/// The state of a generation after a step, for whoever watches.
struct StepReport {
    int step = 0; ///< finished steps, 1..steps
    int steps = 0;
    double seconds = 0;
    at::Tensor predictedOriginal; ///< in the loop's latent shape
};

/// From noise to final latents. Stops before the next step when asked to.
/// @error (EngineError) Cancelled · Internal: latents that are not finite
at::Tensor denoise(const Predictor& predictor, Scheduler& scheduler, at::Tensor latents, at::Generator generator,
    const std::function<void(const StepReport&)>& report, const std::stop_token& stop);

/// From final latents to pictures [B, 3, H, W] in about -1..1; in tiles if `tiled`.
at::Tensor decode(const Pipeline& pipeline, const at::Tensor& latents, const Settings& settings, bool tiled, const std::stop_token& stop);

void throwIfStopped(const std::stop_token& stop);

} // namespace tintype::engine
