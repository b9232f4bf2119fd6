// SPDX-License-Identifier: Apache-2.0
#include "engine/runtime/torch_guard.h"

#include "engine/nn/engine_error.h"

#include <c10/util/Exception.h>
#include <new>

namespace tintype::engine {
namespace {

std::string firstLine(const std::string& text)
{
    return text.substr(0, text.find('\n'));
}

bool contains(const std::string& text, std::initializer_list<const char*> needles)
{
    for (const char* needle : needles) {
        if (text.find(needle) != std::string::npos)
            return true;
    }
    return false;
}

} // namespace

Error errorFrom(const std::exception& exception)
{
    if (const auto* own = dynamic_cast<const EngineError*>(&exception))
        return own->error();
    const std::string text = firstLine(exception.what());
    const bool outOfMemory = dynamic_cast<const c10::OutOfMemoryError*>(&exception) || dynamic_cast<const std::bad_alloc*>(&exception)
        || contains(text, {"can't allocate memory", "out of memory"}); // the CPU allocator throws a plain c10::Error
    if (outOfMemory)
        return {ErrorCode::OutOfMemory, "the device ran out of memory; try a smaller picture, fewer images or a 16-bit dtype", text};
    if (contains(text, {"CUDA error", "device-side assert", "CUBLAS_STATUS", "CUDNN_STATUS", "unspecified launch failure"}))
        return {ErrorCode::DeviceLost, "the GPU failed; the worker must be started again", text};
    return {ErrorCode::Internal, "the computation failed: " + text, {}};
}

} // namespace tintype::engine
