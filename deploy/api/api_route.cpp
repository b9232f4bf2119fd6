// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/api_route.h"

namespace tintype::api {

std::string_view scopeName(Scope scope)
{
    switch (scope) {
    case Scope::Anyone: return "anyone";
    case Scope::AppCallers: return "callers of the app";
    case Scope::KeyHolders: return "any key";
    case Scope::Admin: return "admin";
    }
    return "";
}

std::string Call::query(const std::string& name) const
{
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

void Call::reply(Result<http::Response> response)
{
    responder.send(response ? *std::move(response) : http::Response::error(response.error()));
}

std::function<void(CallPointer)> answer(std::function<Result<http::Response>(const Call&)> handler)
{
    return [handler = std::move(handler)](const CallPointer& call) { call->reply(handler(*call)); };
}

std::vector<std::string> pathParameters(const std::string& pattern)
{
    std::vector<std::string> names;
    for (auto open = pattern.find('{'); open != std::string::npos; open = pattern.find('{', open + 1))
        names.push_back(pattern.substr(open + 1, pattern.find('}', open) - open - 1));
    return names;
}

std::vector<Field> queryParameters(const ApiRoute& route)
{
    std::vector<Field> fields = route.query;
    if (route.answer.starts_with("page of ")) {
        fields.push_back({"limit", "integer", "items of a page, 1 to 1000"});
        fields.push_back({"cursor", "string", "next_cursor of the page before"});
    }
    return fields;
}

} // namespace tintype::api
