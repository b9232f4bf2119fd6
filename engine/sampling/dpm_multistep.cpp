// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/dpm_solver.h"
#include "engine/sampling/scheduler_fields.h"
#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>
#include <algorithm>

namespace tintype::engine {
namespace {

/// @source diffusers 0.42.1 scheduling_dpmsolver_multistep.py
class DpmSolverMultistep final : public DpmSolver {
public:
    explicit DpmSolverMultistep(DpmFields fields)
        : DpmSolver(std::move(fields))
    {
    }

    std::string className() const override { return "DPMSolverMultistepScheduler"; }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator> generator) override;

protected:
    std::vector<DpmUpdate> makeUpdates(const std::vector<float>& sigmas) const override;

private:
    int orderAt(int index, int steps) const;
};

/// @source diffusers 0.42.1 DPMSolverMultistepScheduler.step
int DpmSolverMultistep::orderAt(int index, int steps) const
{
    constexpr int kFewSteps = 15;
    const bool isLowerForFew = fields().usesLowerOrderFinal && steps < kFewSteps;
    const bool isFirstOrderFinal
        = index == steps - 1 && (fields().usesEulerAtFinal || isLowerForFew || fields().finalSigma == FinalSigma::Zero);
    if (index == 0 || isFirstOrderFinal)
        return 1;
    return std::min({fields().order, index + 1, index == steps - 2 && isLowerForFew ? 2 : 3});
}

std::vector<DpmUpdate> DpmSolverMultistep::makeUpdates(const std::vector<float>& sigmas) const
{
    const int steps = static_cast<int>(sigmas.size()) - 1;
    std::vector<DpmUpdate> updates;
    for (int i = 0; i < steps; ++i) {
        DpmPath path{.target = sigmas[static_cast<std::size_t>(i) + 1], .isFlow = isFlowMatch()};
        for (int back = 0; back < orderAt(i, steps); ++back)
            path.history.push_back(sigmas[static_cast<std::size_t>(i - back)]);
        updates.push_back(makeUpdate(fields().method, path));
    }
    return updates;
}

StepResult DpmSolverMultistep::step(
    const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator> generator)
{
    const at::Tensor original = remember(modelOutput, index, sample);
    const DpmUpdate& update = updateAt(index);
    const auto& [m0, m1, m2] = outputs();
    const at::Tensor wide = sample.to(at::kFloat);
    const at::Tensor noise = fields().method.isStochastic ? noiseLike(m0.to(at::kFloat), generator) : at::Tensor();
    std::array<at::Tensor, 3> derivatives{m0};
    if (update.order == 2)
        derivatives[1] = times(1 / update.r0, m0 - m1);
    if (update.order == 3) {
        const at::Tensor newer = times(1 / update.r0, m0 - m1);
        const at::Tensor older = times(1 / update.r1, m1 - m2);
        const float span = update.r0 + update.r1;
        derivatives[1] = newer + times(update.r0 / span, newer - older);
        derivatives[2] = times(1 / span, newer - older);
    }
    return {applyUpdate(update, wide, derivatives, noise).to(m0.scalar_type()), original};
}

} // namespace

Result<std::unique_ptr<Scheduler>> makeDpmSolverMultistep(const JsonFields& fields)
{
    constexpr DpmTraits kTraits {.canRescale = true,
        .hasLu = true,
        .hasStochasticNoise = true,
        .thresholdsNoise = true,
        .lowersByDefault = true};
    TINTYPE_TRY_ASSIGN(auto read, DpmFields::read(fields, kTraits));
    TINTYPE_TRY_ASSIGN(read.usesEulerAtFinal, fields.boolean("euler_at_final", false));
    TINTYPE_TRY_ASSIGN(read.timestepSpacing, readTimestepSpacing(fields, TimestepSpacing::Linspace));
    TINTYPE_TRY_ASSIGN(read.stepsOffset, readStepsOffset(fields));
    TINTYPE_TRY_ASSIGN(read.roundsTimesteps,
        choice(fields, "beta_schedule", true,
            {{"linear", true}, {"scaled_linear", true}, {"squaredcos_cap_v2", false}}));
    return std::make_unique<DpmSolverMultistep>(std::move(read));
}

} // namespace tintype::engine
