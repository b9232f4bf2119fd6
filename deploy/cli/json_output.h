// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/standard_output.h"

#include <nlohmann/json.hpp>
#include <string>

// What `--json` prints. Included by .cpp files only.

namespace tintype::cli {

using Json = nlohmann::ordered_json;

inline Result<> printJson(const Json& value)
{
    return print(value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// One object a line, for output that goes on.
inline Result<> printJsonLine(const Json& value)
{
    return print(value.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
}

/// JSON that came as text: indented, fields in their order.
inline Result<> printJsonText(const std::string& text)
{
    return printJson(Json::parse(text, nullptr, false));
}

inline Json textOrNull(const std::string& text) { return text.empty() ? Json() : Json(text); }

} // namespace tintype::cli
