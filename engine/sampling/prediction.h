// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <optional>

namespace tintype {
class JsonFields;
}

namespace tintype::engine {

/// What the model's output stands for.
enum class Prediction { Epsilon, Sample, Velocity, Flow };

/// Reads prediction_type. @error Unsupported: a name that the class does not know
struct PredictionChoice {
    bool sample = true;
    bool originalSample = false; ///< knows "original_sample" as another name of "sample"
    bool flow = false;
};
Result<Prediction> readPrediction(const JsonFields& fields, PredictionChoice offered = {});

/// How much of the clean picture (alpha) and of noise (sigma) a noisy sample holds; float32 values.
struct NoiseMix {
    float alpha = 1;
    float sigma = 0;
    float flowSigma = 0; ///< sigma before it was scaled by alpha: what a flow prediction is measured in
};

/// The clean sample or the noise that an output of the model implies; same shape as `sample`.
/// @source diffusers 0.42.1 DPMSolverMultistepScheduler.convert_model_output, DDIMScheduler.step, LCMScheduler.step
at::Tensor impliedOriginal(Prediction prediction, NoiseMix mix, const at::Tensor& output, const at::Tensor& sample);
at::Tensor impliedNoise(Prediction prediction, NoiseMix mix, const at::Tensor& output, const at::Tensor& sample);

/// What keeps a predicted clean sample in bounds: dynamic thresholding, or else clipping, or else nothing.
class Bounds {
public:
    /// Reads thresholding, dynamic_thresholding_ratio and sample_max_value.
    static Result<Bounds> fromFields(const JsonFields& fields);
    /// And clip_sample and clip_sample_range.
    static Result<Bounds> fromFields(const JsonFields& fields, bool clipsByDefault);

    bool thresholds() const { return m_thresholds; }
    at::Tensor apply(const at::Tensor& sample) const;

private:
    bool m_thresholds = false;
    double m_ratio = 0;
    double m_largest = 0;
    bool m_clips = false;
    double m_clipRange = 0;
};

/// Normal noise in the shape, dtype and device of `like`. Drawn on the generator's device and then moved.
/// @source diffusers 0.42.1 utils/torch_utils.py randn_tensor
at::Tensor noiseLike(const at::Tensor& like, const std::optional<at::Generator>& generator);

} // namespace tintype::engine
