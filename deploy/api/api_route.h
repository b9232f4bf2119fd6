// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/http/router.h"
#include "deploy/runtime/access.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace tintype::api {

/// Whom a route answers.
enum class Scope {
    Anyone,
    AppCallers, ///< whoever may call the app of the path
    KeyHolders, ///< any key of this host; one of scope api sees its own requests only
    Admin,
};
std::string_view scopeName(Scope scope);

/// A query parameter or a field of a body or an answer. `type` in the short form of schemas.h.
struct Field {
    std::string name;
    std::string type;
    std::string help = {};
};

/// One call of a route whose caller may call and whose path and query have their form. Answer it once, now or later.
struct Call {
    http::Request request;
    http::Responder responder;
    runtime::Caller caller;

    const std::string& parameter(const std::string& name) const { return request.parameters.at(name); }
    std::string query(const std::string& name) const; ///< empty if absent
    void reply(Result<http::Response> response);
};

using CallPointer = std::shared_ptr<Call>;

/// A row of the one table that the router, the check of parameters and the OpenAPI document are made from.
struct ApiRoute {
    std::string method; ///< "WS" for a WebSocket
    std::string pattern;
    std::string summary;
    Scope scope = Scope::Admin;
    std::vector<Field> query = {};
    std::string body = {};   ///< its schema; empty = none
    std::string answer = {}; ///< its type; "page of T" adds limit and cursor to the query, "nothing" = 204, empty = text
    std::function<void(CallPointer)> handle = {};

    std::size_t maxBody = std::size_t{1} << 20;
    bool bodyToFile = false;

    std::function<Result<>(const http::Request&)> admit = {}; ///< a further condition of a WebSocket
    http::SocketHandler handleSocket = {};
};

using ApiRoutes = std::vector<ApiRoute>;

/// A handler that has its answer at once.
std::function<void(CallPointer)> answer(std::function<Result<http::Response>(const Call&)> handler);

/// Names in braces of a pattern.
std::vector<std::string> pathParameters(const std::string& pattern);

/// All query parameters of a route, those of paging too.
std::vector<Field> queryParameters(const ApiRoute& route);

} // namespace tintype::api
