// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/onednn.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>

namespace tintype::engine::onednn {
namespace {

// Below these the fixed cost of a oneDNN call is more than its GEMM saves (measured on Zen 4, two threads).
constexpr std::int64_t kMinWeightElements = 128 * 128;
constexpr std::int64_t kMinRows = 64;

using PackLinear = at::Tensor(const at::Tensor&, std::optional<int64_t>);
using LinearPointwise = at::Tensor(const at::Tensor&, const at::Tensor&, const std::optional<at::Tensor>&,
    std::string_view, c10::List<std::optional<at::Scalar>>, std::optional<std::string_view>);

template <class Signature>
const c10::TypedOperatorHandle<Signature>& operatorHandle(const char* name)
{
    static const auto handle = c10::Dispatcher::singleton().findSchemaOrThrow(name, "").typed<Signature>();
    return handle;
}

} // namespace

bool packingPays(const at::Tensor& weight)
{
    const bool supported = weight.scalar_type() == at::kFloat || weight.scalar_type() == at::kBFloat16;
    return weight.is_cpu() && supported && at::hasMKLDNN() && weight.numel() >= kMinWeightElements;
}

at::Tensor packLinear(const at::Tensor& weight)
{
    return operatorHandle<PackLinear>("mkldnn::_reorder_linear_weight").call(weight, std::nullopt);
}

bool packedPays(const at::Tensor& x, const at::Tensor& weight)
{
    return x.numel() / weight.size(1) >= kMinRows;
}

at::Tensor linear(const at::Tensor& x, const at::Tensor& packed, const at::Tensor& bias, bool geluTanh)
{
    const std::optional<at::Tensor> optionalBias = bias.defined() ? std::optional(bias) : std::nullopt;
    const auto& call = operatorHandle<LinearPointwise>("mkldnn::_linear_pointwise");
    if (geluTanh)
        return call.call(x, packed, optionalBias, "gelu", c10::List<std::optional<at::Scalar>>(), "tanh");
    return call.call(x, packed, optionalBias, "none", c10::List<std::optional<at::Scalar>>(), std::nullopt);
}

} // namespace tintype::engine::onednn
