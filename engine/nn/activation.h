// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <ATen/core/Tensor.h>
#include <string>

namespace tintype::engine {

enum class Activation { None, Silu, Gelu, GeluTanh, QuickGelu, Relu, Mish };

/// By the names that diffusers' and transformers' configs use: silu, swish, gelu, gelu_new, gelu_pytorch_tanh,
/// quick_gelu, relu, mish. `source` names the config in the error.
/// @error (EngineError) Unsupported: another name
Activation activationByName(const std::string& name, const std::string& source);

at::Tensor activate(Activation activation, const at::Tensor& x);

} // namespace tintype::engine
