// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/app_definition.h"
#include "engine/base/generation.h"
#include "engine/base/result.h"

#include <string>
#include <string_view>
#include <vector>

namespace tintype::domain {

/// A call's input after validation: what the worker gets, and what the host itself has to know.
struct EndpointInput {
    GenerateRequest call;
    bool syncMode = false; ///< pictures come back inside the JSON and are not kept

    bool operator==(const EndpointInput&) const = default;
};

/// One entry of a 422's `detail`, as pydantic 2 gives it.
struct FieldError {
    std::vector<std::string> loc; ///< starts with "body"; list indexes as decimal text
    std::string msg;
    std::string type; ///< "missing", "greater_than_equal", …: clients branch on it
    std::string ctx; ///< JSON object or empty
    std::string input; ///< JSON of what was given; empty = not told (a prompt is never repeated)

    bool operator==(const FieldError&) const = default;
};

/// What an endpoint takes, with its defaults prepared: made once for a revision, used for each of its calls.
class EndpointSchema {
public:
    /// Defaults that are not valid do not count; reading the definition refuses them.
    explicit EndpointSchema(const EndpointSpec& endpoint);

    /// Validates a call's body. What it leaves out takes the endpoint's default, what it says as null the model's own.
    /// @return the input, or a non-empty list of everything that is wrong
    tl::expected<EndpointInput, std::vector<FieldError>> parse(std::string_view body) const;

    const EndpointInput& defaults() const { return m_defaults; }
    bool needsPrompt() const { return m_needsPrompt; } ///< no default says one

private:
    EndpointInput m_defaults;
    bool m_needsPrompt = true;
};

/// EndpointSchema(endpoint).parse(body), for a single call.
tl::expected<EndpointInput, std::vector<FieldError>> parseEndpointInput(
    const EndpointSpec& endpoint, std::string_view body);

/// `{"detail": [...]}` with `url` of each type.
std::string validationErrorBody(const std::vector<FieldError>& errors);

} // namespace tintype::domain
