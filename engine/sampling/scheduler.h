// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <ATen/core/Generator.h>
#include <ATen/core/Tensor.h>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tintype::engine {

/// What one step of a scheduler yields.
struct StepResult {
    at::Tensor previousSample;      ///< same shape, dtype and device as the model's output
    at::Tensor predictedOriginal;   ///< x0 as the model sees it now: for previews; same shape
};

/// A sampler as diffusers defines it: all of its scalars are computed by setTimesteps, on the CPU; a step is a few
/// tensor operations. One object serves one generation at a time. Not thread-safe.
class Scheduler {
public:
    virtual ~Scheduler() = default;

    /// Prepares `steps` inference steps. `mu` is the dynamic shift of flow-matching schedulers: pass what
    /// dynamicShift() says. `sigmas` replaces the scheduler's own where its class takes them (FLUX passes
    /// linspace(1, 1/steps, steps), in double); a scheduler whose config has use_flow_sigmas keeps its own.
    /// @error InvalidArgument: more steps than the scheduler was trained with, or other limits of its class
    virtual Result<> setTimesteps(int steps, std::optional<double> mu, const std::vector<double>& sigmas) = 0;

    /// One entry per call of the model: loop over these. Almost always as many as `steps`; diffusers makes one more
    /// for some numbers of steps with timestep_spacing = trailing (61 of 1000), and fewer with lambda_min_clipped.
    virtual const std::vector<double>& timesteps() const = 0;

    /// Factor of the initial noise. Valid after setTimesteps.
    virtual double initNoiseSigma() const = 0;

    /// The model's input for step `index` (0-based): same shape and dtype as `sample`.
    virtual at::Tensor scaleModelInput(const at::Tensor& sample, int index) const = 0;

    /// Moves `sample` from step `index` to the next, given the model's output. Steps are made in order from 0.
    /// `generator` is drawn from by ancestral and LCM steps only, as diffusers does (randn_tensor in the dtype of the
    /// model's output, on the generator's device).
    virtual StepResult step(
        const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator> generator)
        = 0;

    /// Class name in diffusers, e.g. "EulerDiscreteScheduler".
    virtual std::string className() const = 0;

    /// Whether timesteps are the flow-matching kind (FLUX) and setTimesteps takes sigmas and mu. True also of a DPM
    /// solver with use_flow_sigmas, which diffusers lets SDXL use too; SDXL cannot use FlowMatchEulerDiscreteScheduler.
    virtual bool isFlowMatch() const { return false; }
    /// For flow matching with use_dynamic_shifting: mu for this many image tokens; nothing otherwise.
    virtual std::optional<double> dynamicShift(int /*imageTokens*/) const { return {}; }
};

/// Parses scheduler_config.json as Python writes it: -Infinity, Infinity and NaN become strings.
/// @error Corrupt
Result<nlohmann::json> parseSchedulerConfig(std::string_view text, const std::string& source);

/// Makes the scheduler named by `className` (or, if that is empty, by the config's `_class_name`) from the fields of
/// scheduler_config.json. As diffusers' from_config does, fields that the class does not have are left out; a field of
/// the class with a value that is not supported here is refused by name.
/// @error Unsupported: unknown class, or a field's value not supported · InvalidArgument: wrong type or out of range
Result<std::unique_ptr<Scheduler>> makeScheduler(
    const nlohmann::json& config, const std::string& className, const std::string& source);

} // namespace tintype::engine
