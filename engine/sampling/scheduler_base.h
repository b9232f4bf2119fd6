// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/sampling/scheduler.h"

namespace tintype {
class JsonFields;
}

namespace tintype::engine {

/// What most schedulers have in common.
class SchedulerBase : public Scheduler {
public:
    Result<> setTimesteps(int steps, std::optional<double> mu, const std::vector<double>& sigmas) override;
    const std::vector<double>& timesteps() const override { return m_timesteps; }
    double initNoiseSigma() const override { return 1.0; }
    at::Tensor scaleModelInput(const at::Tensor& sample, int) const override { return sample; }

protected:
    /// Computes everything that the steps need, and returns the timesteps. The request was checked: steps >= 1, and
    /// as many sigmas or none.
    virtual Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double> mu, const std::vector<double>& sigmas)
        = 0;
    /// Whether sigmas may be passed to setTimesteps.
    virtual bool takesSigmas() const { return false; }

private:
    std::vector<double> m_timesteps;
};

/// The dynamic shift of flow matching: mu grows linearly with the number of image tokens.
/// @source diffusers 0.42.1 pipelines/flux/pipeline_flux.py calculate_shift
struct FlowShift {
    double baseShift = 0.5;
    double maxShift = 1.15;
    double baseTokens = 256;
    double maxTokens = 4096;

    static Result<FlowShift> fromFields(const JsonFields& fields);
    double at(int imageTokens) const;
};

/// InvalidArgument unless every sigma is a finite number: such a schedule would make pictures of NaN.
Result<> requireFinite(const std::vector<float>& sigmas, const std::string& className);

// One function for each class of diffusers; `fields` are those of scheduler_config.json.
Result<std::unique_ptr<Scheduler>> makeFlowMatchEuler(const JsonFields& fields);
Result<std::unique_ptr<Scheduler>> makeEuler(const JsonFields& fields);
Result<std::unique_ptr<Scheduler>> makeEulerAncestral(const JsonFields& fields);
Result<std::unique_ptr<Scheduler>> makeDpmSolverMultistep(const JsonFields& fields);
Result<std::unique_ptr<Scheduler>> makeDpmSolverSinglestep(const JsonFields& fields);
Result<std::unique_ptr<Scheduler>> makeDdim(const JsonFields& fields);
Result<std::unique_ptr<Scheduler>> makeLcm(const JsonFields& fields);

} // namespace tintype::engine
