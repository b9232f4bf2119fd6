// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/verb.h"

#include "deploy/cli/standard_output.h"

#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr const char* kHowToStart = "; start one here with: tintype serve --data DIR, or name another with --host";

Error withAdvice(Error error, bool isDefaultHost)
{
    if (isDefaultHost && error.code == ErrorCode::Unavailable && error.message.starts_with("no host answers"))
        error.message += kHowToStart;
    return error;
}

} // namespace

int runVerb(const CommonOptions& options, const std::function<Result<>(Session&)>& run)
{
    const auto book = control::HostBook::load(control::HostBook::defaultFile());
    if (!book)
        return reportFailure(book.error(), options.json);
    const auto chosen = chooseHost(options.host, *book);
    if (!chosen)
        return reportFailure(chosen.error(), options.json);
    Session session(chosen->address);
    if (const Result<> done = run(session); !done)
        return reportFailure(withAdvice(done.error(), chosen->isDefault), options.json);
    return 0;
}

} // namespace tintype::cli
