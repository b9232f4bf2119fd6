// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/dpm_solver.h"
#include "engine/sampling/scheduler_fields.h"
#include "engine/sampling/torch_scalar.h"

#include <ATen/ATen.h>

namespace tintype::engine {
namespace {

/// @source diffusers 0.42.1 scheduling_dpmsolver_singlestep.py
class DpmSolverSinglestep final : public DpmSolver {
public:
    explicit DpmSolverSinglestep(DpmFields fields)
        : DpmSolver(std::move(fields))
    {
    }

    std::string className() const override { return "DPMSolverSinglestepScheduler"; }

    StepResult step(const at::Tensor& modelOutput, int index, const at::Tensor& sample,
        std::optional<at::Generator> generator) override;

protected:
    std::vector<DpmUpdate> makeUpdates(const std::vector<float>& sigmas) const override;

private:
    std::vector<int> orders(int steps) const;

    at::Tensor m_base; // the sample at the last step of order 1
};

/// @source diffusers 0.42.1 DPMSolverSinglestepScheduler.set_timesteps, get_order_list
std::vector<int> DpmSolverSinglestep::orders(int steps) const
{
    const int order = fields().order;
    const bool endsInZero = fields().finalSigma == FinalSigma::Zero;
    std::vector<int> orders;
    for (int i = 0; i < steps; ++i)
        orders.push_back(i % order + 1);
    if (endsInZero || (fields().usesLowerOrderFinal && steps % order == 0))
        orders.back() = 1;
    return orders;
}

std::vector<DpmUpdate> DpmSolverSinglestep::makeUpdates(const std::vector<float>& sigmas) const
{
    std::vector<DpmUpdate> updates;
    std::size_t i = 0;
    for (const int order : orders(static_cast<int>(sigmas.size()) - 1)) {
        DpmPath path{.target = sigmas[i + 1], .startsAtOldest = true, .isFlow = isFlowMatch()};
        for (std::size_t back = 0; back < static_cast<std::size_t>(order); ++back)
            path.history.push_back(sigmas[i - back]);
        updates.push_back(makeUpdate(fields().method, path));
        ++i;
    }
    return updates;
}

StepResult DpmSolverSinglestep::step(
    const at::Tensor& modelOutput, int index, const at::Tensor& sample, std::optional<at::Generator> generator)
{
    const at::Tensor original = remember(modelOutput, index, sample);
    const DpmUpdate& update = updateAt(index);
    const auto& [m0, m1, m2] = outputs();
    const at::Tensor noise = fields().method.isStochastic ? noiseLike(m0, generator) : at::Tensor();
    if (update.order == 1)
        m_base = sample;
    std::array<at::Tensor, 3> derivatives{m0};
    if (update.order == 2)
        derivatives = {m1, times(1 / update.r0, m0 - m1)};
    if (update.order == 3) {
        const at::Tensor near = times(1 / update.r1, m1 - m2);
        const at::Tensor far = times(1 / update.r0, m0 - m2);
        const float span = update.r0 - update.r1;
        if (fields().method.isHeun)
            derivatives = {m2, (times(update.r0, near) - times(update.r1, far)) / span, (far - near) * 2.0 / span};
        else
            derivatives = {m2, far};
    }
    return {applyUpdate(update, m_base, derivatives, noise), original};
}

} // namespace

Result<std::unique_ptr<Scheduler>> makeDpmSolverSinglestep(const JsonFields& fields)
{
    TINTYPE_TRY_ASSIGN(auto read, DpmFields::read(fields, {}));
    return std::make_unique<DpmSolverSinglestep>(std::move(read));
}

} // namespace tintype::engine
