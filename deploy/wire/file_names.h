// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace tintype::wire {

/// The last component of a name from outside, valid UTF-8 without control characters, at most 120 characters; "file" if
/// nothing is left.
std::string cleanFileName(std::string_view name);

/// The media type if it looks like one, else application/octet-stream.
std::string cleanContentType(std::string_view type);

/// "inline" with the name, in ASCII and as it is (RFC 6266).
std::string inlineDisposition(std::string_view name);

/// Whether a browser that opens it could run something in it: then it is served in a sandbox.
bool isActiveContent(std::string_view contentType);

} // namespace tintype::wire
