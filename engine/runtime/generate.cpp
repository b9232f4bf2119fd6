// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/generate.h"

#include "engine/base/clock.h"
#include "engine/nn/engine_error.h"
#include "engine/runtime/device.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

void requireFinite(const at::Tensor& tensor, const char* stage)
{
    if (!at::isfinite(tensor).all().item<bool>())
        raise(ErrorCode::Internal, "[{}] the result is not finite: the model's numbers left the range of {}; try float32", stage, c10::toString(tensor.scalar_type()));
}

} // namespace

void throwIfStopped(const std::stop_token& stop)
{
    if (stop.stop_requested())
        raise(ErrorCode::Cancelled, "the request was cancelled");
}

at::Tensor denoise(const Predictor& predictor, Scheduler& scheduler, at::Tensor latents, at::Generator generator,
    const std::function<void(const StepReport&)>& report, const std::stop_token& stop)
{
    const int steps = static_cast<int>(scheduler.timesteps().size());
    const at::ScalarType dtype = latents.scalar_type();
    for (int index = 0; index < steps; ++index) {
        throwIfStopped(stop);
        const Stopwatch watch;
        const at::Tensor prediction = predictor(latents, index);
        const StepResult result = scheduler.step(prediction, index, latents, generator);
        latents = result.previousSample.to(dtype);
        synchronize(latents.device());
        report({.step = index + 1, .steps = steps, .seconds = watch.seconds(), .predictedOriginal = result.predictedOriginal});
    }
    requireFinite(latents, "denoise");
    return latents;
}

at::Tensor decode(const Pipeline& pipeline, const at::Tensor& latents, const Settings& settings, bool tiled, const std::stop_token& stop)
{
    throwIfStopped(stop);
    const at::Tensor z = pipeline.unscale(pipeline.latentPicture(latents, settings).to(pipeline.vaeDtype()));
    at::Tensor pictures = tiled ? pipeline.vae().decodeTiled(z, stop) : pipeline.vae()(z);
    requireFinite(pictures, "vae");
    return pictures;
}

} // namespace tintype::engine
