// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <exception>
#include <fmt/format.h>

namespace tintype::engine {

/// The exception of the engine's compute. It never leaves the engine: runtime/torch_guard.h turns it into a Result.
class EngineError final : public std::exception {
public:
    explicit EngineError(Error error)
        : m_error(std::move(error))
    {
    }
    const Error& error() const { return m_error; }
    const char* what() const noexcept override { return m_error.message.c_str(); }

private:
    Error m_error;
};

template <class... Arguments>
[[noreturn]] void raise(ErrorCode code, fmt::format_string<Arguments...> text, Arguments&&... arguments)
{
    throw EngineError(Error{code, fmt::format(text, std::forward<Arguments>(arguments)...), {}});
}

/// The value of a Result, or its error as an EngineError.
template <class T>
T valueOrRaise(Result<T>&& result)
{
    if (!result)
        throw EngineError(std::move(result).error());
    return *std::move(result);
}

inline void valueOrRaise(Result<>&& result)
{
    if (!result)
        throw EngineError(std::move(result).error());
}

} // namespace tintype::engine
