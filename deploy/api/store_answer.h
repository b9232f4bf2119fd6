// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/api/context.h"
#include "deploy/api/schemas.h"
#include "deploy/store/stores.h"

#include <functional>

// Included by .cpp files only.

namespace tintype::api {

/// Answers with what a query reads, on another thread and through a connection of its own.
void answerFromStore(
    const Context& context, const CallPointer& call, std::function<Result<Json>(store::Database&)> query);

/// Writes, and answers once that is committed. `answer` runs on the control thread.
void answerWhenWritten(const Context& context, const CallPointer& call, store::Writer::Job job,
    std::function<http::Response()> answer);

} // namespace tintype::api
