// SPDX-License-Identifier: Apache-2.0
#include "engine/pipelines/pipeline.h"

#include "engine/nn/engine_error.h"

#include <ATen/ATen.h>

namespace tintype::engine {

int checkedCount(const char* name, std::optional<int> value, int fallback, int low, int high)
{
    const int result = value.value_or(fallback);
    if (result < low || result > high)
        raise(ErrorCode::InvalidArgument, "{} = {} is not within {} to {}", name, result, low, high);
    return result;
}

double checkedNumber(const char* name, std::optional<double> value, double fallback, double low, double high)
{
    const double result = value.value_or(fallback);
    if (!(result >= low && result <= high))
        raise(ErrorCode::InvalidArgument, "{} = {} is not within {} to {}", name, result, low, high);
    return result;
}

std::string truncationWarning(const char* reader, std::size_t cutBytes, std::int64_t limit)
{
    return fmt::format("the prompt is longer than the {} tokens that {} reads: its last {} bytes were cut", limit, reader, cutBytes);
}

} // namespace tintype::engine
