// SPDX-License-Identifier: Apache-2.0
#include "engine/nn/activation.h"

#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>

namespace tintype::engine {

Activation activationByName(const std::string& name, const std::string& source)
{
    static const std::map<std::string, Activation> names{
        {"silu", Activation::Silu},
        {"swish", Activation::Silu},
        {"gelu", Activation::Gelu},
        {"gelu_new", Activation::GeluTanh},
        {"gelu_pytorch_tanh", Activation::GeluTanh},
        {"gelu_fast", Activation::GeluTanh},
        {"quick_gelu", Activation::QuickGelu},
        {"relu", Activation::Relu},
        {"mish", Activation::Mish},
    };
    const auto found = names.find(name);
    if (found == names.end())
        raise(ErrorCode::Unsupported, "{}: activation '{}' is not supported", source, name);
    return found->second;
}

at::Tensor activate(Activation activation, const at::Tensor& x)
{
    constexpr double kQuickGeluSlope = 1.702; // transformers 5.23, QuickGELUActivation
    switch (activation) {
    case Activation::None:
        return x;
    case Activation::Silu:
        return at::silu(x);
    case Activation::Gelu:
        return at::gelu(x);
    case Activation::GeluTanh:
        return at::gelu(x, "tanh");
    case Activation::QuickGelu:
        return x * at::sigmoid(x * kQuickGeluSlope);
    case Activation::Relu:
        return at::relu(x);
    case Activation::Mish:
        return at::mish(x);
    }
    return x;
}

} // namespace tintype::engine
