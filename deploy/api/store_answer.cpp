// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/store_answer.h"

#include "deploy/api/json_views.h"

namespace tintype::api {

void answerFromStore(
    const Context& context, const CallPointer& call, std::function<Result<Json>(store::Database&)> query)
{
    const store::Stores& stores = context.host.stores();
    const auto work = [&stores, query = std::move(query)]() -> Result<http::Response> {
        TINTYPE_TRY_ASSIGN(store::Database database, stores.openReader());
        TINTYPE_TRY_ASSIGN(const Json json, query(database));
        return jsonAnswer(json);
    };
    context.background.run(work, [call](Result<http::Response> response) { call->reply(std::move(response)); });
}

void answerWhenWritten(const Context& context, const CallPointer& call, store::Writer::Job job,
    std::function<http::Response()> answer)
{
    context.host.stores().writer().write(std::move(job), [call, answer = std::move(answer)](const Result<>& written) {
        call->reply(written.map(answer));
    });
}

} // namespace tintype::api
