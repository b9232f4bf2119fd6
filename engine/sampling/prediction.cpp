// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/prediction.h"

#include "engine/sampling/noise.h"
#include "engine/sampling/scheduler_fields.h"
#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>

namespace tintype::engine {

Result<Prediction> readPrediction(const JsonFields& fields, PredictionChoice offered)
{
    TINTYPE_TRY_ASSIGN(const auto name, fields.string("prediction_type", "epsilon"));
    if (name == "epsilon")
        return Prediction::Epsilon;
    if (name == "v_prediction")
        return Prediction::Velocity;
    if ((name == "sample" && offered.sample) || (name == "original_sample" && offered.originalSample))
        return Prediction::Sample;
    if (name == "flow_prediction" && offered.flow)
        return Prediction::Flow;
    return tl::unexpected(fields.refuse("prediction_type", "is not a prediction that this scheduler knows"));
}

at::Tensor impliedOriginal(Prediction prediction, NoiseMix mix, const at::Tensor& output, const at::Tensor& sample)
{
    switch (prediction) {
    case Prediction::Epsilon:
        return (sample - times(mix.sigma, output)) / mix.alpha;
    case Prediction::Sample:
        return output;
    case Prediction::Velocity:
        return times(mix.alpha, sample) - times(mix.sigma, output);
    case Prediction::Flow:
        return sample - times(mix.flowSigma, output);
    }
    return {};
}

at::Tensor impliedNoise(Prediction prediction, NoiseMix mix, const at::Tensor& output, const at::Tensor& sample)
{
    switch (prediction) {
    case Prediction::Epsilon:
        return output;
    case Prediction::Sample:
        return (sample - times(mix.alpha, output)) / mix.sigma;
    case Prediction::Velocity:
        return times(mix.alpha, output) + times(mix.sigma, sample);
    case Prediction::Flow: // refused when the scheduler was made
        break;
    }
    return {};
}

Result<Bounds> Bounds::fromFields(const JsonFields& fields)
{
    Bounds bounds;
    TINTYPE_TRY_ASSIGN(bounds.m_thresholds, fields.boolean("thresholding", false));
    TINTYPE_TRY_ASSIGN(bounds.m_ratio, fields.number("dynamic_thresholding_ratio", 0.995));
    TINTYPE_TRY_ASSIGN(bounds.m_largest, fields.number("sample_max_value", 1.0));
    if (bounds.m_ratio < 0 || bounds.m_ratio > 1) {
        return tl::unexpected(
            fields.refuse("dynamic_thresholding_ratio", "is not within 0 to 1", ErrorCode::InvalidArgument));
    }
    return bounds;
}

Result<Bounds> Bounds::fromFields(const JsonFields& fields, bool clipsByDefault)
{
    TINTYPE_TRY_ASSIGN(Bounds bounds, fromFields(fields));
    TINTYPE_TRY_ASSIGN(bounds.m_clips, fields.boolean("clip_sample", clipsByDefault));
    TINTYPE_TRY_ASSIGN(bounds.m_clipRange, fields.number("clip_sample_range", 1.0));
    return bounds;
}

/// @source diffusers 0.42.1 scheduling_ddpm.py DDPMScheduler._threshold_sample
at::Tensor Bounds::apply(const at::Tensor& sample) const
{
    if (!m_thresholds)
        return m_clips ? sample.clamp(-m_clipRange, m_clipRange) : sample;
    const bool isWide = sample.scalar_type() == at::kFloat || sample.scalar_type() == at::kDouble;
    const at::Tensor flat = (isWide ? sample : sample.to(at::kFloat)).flatten(1); // [B, ...] -> [B, values]
    const at::Tensor limit = at::quantile(flat.abs(), m_ratio, 1).clamp(1, m_largest).unsqueeze(1);
    return (at::clamp(flat, -limit, limit) / limit).reshape(sample.sizes()).to(sample.scalar_type());
}

at::Tensor noiseLike(const at::Tensor& like, const std::optional<at::Generator>& generator)
{
    return drawNoise(like.sizes(), generator, like.device(), like.scalar_type());
}

} // namespace tintype::engine
