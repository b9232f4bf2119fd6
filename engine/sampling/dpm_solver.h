// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/sampling/dpm_update.h"
#include "engine/sampling/noise_schedule.h"
#include "engine/sampling/prediction.h"
#include "engine/sampling/scheduler_base.h"

#include <array>

namespace tintype::engine {

/// How the two classes of DPM solvers differ in the fields that they know.
struct DpmTraits {
    bool canRescale = false;         ///< rescale_betas_zero_snr
    bool hasLu = false;              ///< use_lu_lambdas
    bool hasStochasticNoise = false; ///< algorithm_type = sde-dpmsolver
    bool thresholdsNoise = false;    ///< thresholding works with algorithm_type = dpmsolver
    bool lowersByDefault = false;    ///< the default of lower_order_final
};

/// The fields of scheduler_config.json that the DPM solvers read.
struct DpmFields {
    NoiseSchedule noise;
    Prediction prediction = Prediction::Epsilon;
    Bounds bounds {};
    DpmMethod method {};
    int order = 2;
    bool usesLowerOrderFinal = true;
    bool usesEulerAtFinal = false;
    TimestepSpacing timestepSpacing = TimestepSpacing::Linspace;
    int stepsOffset = 0;
    SigmaSpacing sigmaSpacing = SigmaSpacing::Timesteps;
    SigmaEnds ends {};
    FinalSigma finalSigma = FinalSigma::Zero;
    double lambdaMinimum = 0;
    bool isFlow = false; ///< use_flow_sigmas: alpha = 1 - sigma, also where Karras' or other sigmas go first
    double flowShift = 1;
    bool shiftsDynamically = false;
    bool shiftIsExponential = true;
    FlowShift dynamicShift {};
    bool roundsTimesteps = true; ///< those found through Karras' or Lu's sigmas; the rest are cut off

    /// Reads those that both classes have.
    static Result<DpmFields> read(const JsonFields& fields, const DpmTraits& traits);
};

/// What the multistep and the singlestep solver share: the schedule, and a step that is a weighted sum of the sample,
/// up to three differences of outputs, and noise.
class DpmSolver : public SchedulerBase {
public:
    bool isFlowMatch() const override { return m_fields.isFlow; }
    std::optional<double> dynamicShift(int imageTokens) const override;

protected:
    explicit DpmSolver(DpmFields fields)
        : m_fields(std::move(fields))
    {
    }

    const DpmFields& fields() const { return m_fields; }

    /// A config with use_flow_sigmas makes its own; those that are passed are not used, as FluxPipeline passes none.
    bool takesSigmas() const override { return isFlowMatch(); }
    Result<std::vector<double>> computeSchedule(
        int steps, std::optional<double> mu, const std::vector<double>& sigmas) override;

    /// The weights of every step, from one sigma more than there are steps.
    virtual std::vector<DpmUpdate> makeUpdates(const std::vector<float>& sigmas) const = 0;

    const DpmUpdate& updateAt(int index) const { return m_updates.at(static_cast<std::size_t>(index)); }

    /// Keeps what this output implies (the clean sample, or the noise) as the newest of three.
    /// Returns the clean sample for previews.
    at::Tensor remember(const at::Tensor& modelOutput, int index, const at::Tensor& sample);
    const std::array<at::Tensor, 3>& outputs() const { return m_outputs; } ///< newest first

private:
    std::vector<double> flowSigmas(int steps, std::optional<double> mu) const;
    std::vector<double> sigmasFor(std::vector<double>& timesteps, int steps, std::optional<double> mu) const;

    const DpmFields m_fields;
    std::vector<DpmUpdate> m_updates;
    std::array<at::Tensor, 3> m_outputs;
};

} // namespace tintype::engine
