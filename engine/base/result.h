// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/error.h"

#include <tl/expected.hpp>
#include <utility>

namespace tintype {

/// What a call that can fail returns. Dropping one is a compiler warning.
template <class T = void>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::NotFound, "…");` in any function that returns a Result.
inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string detail = {})
{
    return tl::unexpected<Error>(Error{code, std::move(message), std::move(detail)});
}

} // namespace tintype

#define TINTYPE_CONCAT_INNER(a, b) a##b
#define TINTYPE_CONCAT(a, b) TINTYPE_CONCAT_INNER(a, b)

/// Evaluates a Result and returns its error from the enclosing function.
#define TINTYPE_TRY(expression)                                                                                        \
    do {                                                                                                               \
        if (auto tintypeResult = (expression); !tintypeResult)                                                         \
            return tl::unexpected<::tintype::Error>(std::move(tintypeResult).error());                                 \
    } while (false)

/// `TINTYPE_TRY_ASSIGN(auto file, open(path));` declares `file` or returns the error.
#define TINTYPE_TRY_ASSIGN(declaration, expression)                                                                    \
    TINTYPE_TRY_ASSIGN_INNER(TINTYPE_CONCAT(tintypeResult, __LINE__), declaration, expression)
#define TINTYPE_TRY_ASSIGN_INNER(result, declaration, expression)                                                      \
    auto result = (expression);                                                                                        \
    if (!result)                                                                                                       \
        return tl::unexpected<::tintype::Error>(std::move(result).error());                                            \
    declaration = *std::move(result)
