// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <exception>
#include <functional>

namespace tintype::engine {

/// What an exception of the compute means as an error: EngineError its own, out of memory OutOfMemory, a failed launch or
/// device assert DeviceLost, anything else Internal with the first line of its text.
Error errorFrom(const std::exception& exception);

/// Runs compute and turns every exception into a Result: the one place where exceptions stop. The exception is gone (and
/// with it the tensors it may hold) before the error is returned.
template <class Function>
auto torchGuard(Function&& function) -> Result<decltype(function())>
{
    Error error;
    try {
        if constexpr (std::is_void_v<decltype(function())>) {
            function();
            return {};
        } else {
            return function();
        }
    } catch (const std::exception& exception) {
        error = errorFrom(exception);
    }
    return tl::unexpected(std::move(error));
}

} // namespace tintype::engine
