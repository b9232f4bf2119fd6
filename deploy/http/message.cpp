// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/message.h"

#include "engine/base/json_text.h"
#include "engine/base/utf8.h"

#include <algorithm>
#include <array>

namespace tintype::http {
namespace {

char lower(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

int hexValue(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    const char letter = lower(digit);
    return letter >= 'a' && letter <= 'f' ? letter - 'a' + 10 : -1;
}

bool isUnreserved(char byte)
{
    return (byte >= '0' && byte <= '9') || (lower(byte) >= 'a' && lower(byte) <= 'z')
        || std::string_view("-._~").find(byte) != std::string_view::npos;
}

bool isControl(char byte)
{
    return static_cast<unsigned char>(byte) < 0x20 || byte == 0x7f;
}

/// fal.md 2.5; empty where fal has no type for it.
std::string_view errorTypeOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "bad_request";
    case ErrorCode::Timeout:
        return "request_timeout";
    case ErrorCode::Cancelled:
        return "client_cancelled";
    case ErrorCode::Corrupt:
    case ErrorCode::Io:
    case ErrorCode::Internal:
        return "internal_error";
    case ErrorCode::NotFound:
    case ErrorCode::Conflict:
    case ErrorCode::Unauthorized:
    case ErrorCode::QuotaExceeded:
    case ErrorCode::Unavailable:
    case ErrorCode::OutOfMemory:
    case ErrorCode::DeviceLost:
    case ErrorCode::Protocol:
    case ErrorCode::Unsupported:
        return {};
    }
    return {};
}

struct Phrase {
    int status;
    std::string_view text;
};

constexpr std::array kPhrases{
    Phrase{200, "OK"},
    Phrase{100, "Continue"},
    Phrase{101, "Switching Protocols"},
    Phrase{201, "Created"},
    Phrase{202, "Accepted"},
    Phrase{204, "No Content"},
    Phrase{206, "Partial Content"},
    Phrase{301, "Moved Permanently"},
    Phrase{302, "Found"},
    Phrase{303, "See Other"},
    Phrase{304, "Not Modified"},
    Phrase{307, "Temporary Redirect"},
    Phrase{308, "Permanent Redirect"},
    Phrase{400, "Bad Request"},
    Phrase{401, "Unauthorized"},
    Phrase{403, "Forbidden"},
    Phrase{404, "Not Found"},
    Phrase{405, "Method Not Allowed"},
    Phrase{408, "Request Timeout"},
    Phrase{409, "Conflict"},
    Phrase{410, "Gone"},
    Phrase{412, "Precondition Failed"},
    Phrase{413, "Content Too Large"},
    Phrase{415, "Unsupported Media Type"},
    Phrase{416, "Range Not Satisfiable"},
    Phrase{422, "Unprocessable Content"},
    Phrase{426, "Upgrade Required"},
    Phrase{429, "Too Many Requests"},
    Phrase{431, "Request Header Fields Too Large"},
    Phrase{499, "Client Closed Request"},
    Phrase{500, "Internal Server Error"},
    Phrase{501, "Not Implemented"},
    Phrase{502, "Bad Gateway"},
    Phrase{503, "Service Unavailable"},
    Phrase{504, "Gateway Timeout"},
    Phrase{505, "HTTP Version Not Supported"},
    Phrase{507, "Insufficient Storage"},
};

} // namespace

bool sameName(std::string_view left, std::string_view right)
{
    return left.size() == right.size()
        && std::equal(left.begin(), left.end(), right.begin(), [](char a, char b) { return lower(a) == lower(b); });
}

bool listHas(std::string_view list, std::string_view token)
{
    while (!list.empty()) {
        const auto comma = std::min(list.find(','), list.size());
        auto item = list.substr(0, comma);
        list.remove_prefix(std::min(comma + 1, list.size()));
        item.remove_prefix(std::min(item.find_first_not_of(" \t"), item.size()));
        item = item.substr(0, item.find_last_not_of(" \t") + 1);
        if (sameName(item, token))
            return true;
    }
    return false;
}

std::string_view Headers::value(std::string_view name) const
{
    for (const auto& [key, value] : m_fields) {
        if (sameName(key, name))
            return value;
    }
    return {};
}

bool Headers::has(std::string_view name) const
{
    return std::any_of(
        m_fields.begin(), m_fields.end(), [&](const auto& field) { return sameName(field.first, name); });
}

void Headers::add(std::string name, std::string value)
{
    constexpr std::size_t usual = 12;
    if (m_fields.empty())
        m_fields.reserve(usual);
    m_fields.emplace_back(std::move(name), std::move(value));
}

void Headers::set(std::string name, std::string value)
{
    remove(name);
    add(std::move(name), std::move(value));
}

void Headers::remove(std::string_view name)
{
    std::erase_if(m_fields, [&](const auto& field) { return sameName(field.first, name); });
}

Response Response::json(int status, std::string body)
{
    return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
}

Response Response::text(int status, std::string body)
{
    return {.status = status, .headers = {{"Content-Type", "text/plain; charset=utf-8"}}, .body = std::move(body)};
}

Response Response::error(int status, std::string_view detail, std::string_view errorType)
{
    std::string body = "{\"detail\": " + jsonString(detail);
    if (!errorType.empty())
        body += ", \"error_type\": " + jsonString(errorType);
    Response response = json(status, body + '}');
    if (!errorType.empty())
        response.headers.add("X-Fal-Error-Type", std::string(errorType));
    return response;
}

Response Response::error(const Error& error)
{
    return Response::error(httpStatus(error.code), error.message, errorTypeOf(error.code));
}

std::string_view reasonPhrase(int status)
{
    for (const auto& [code, text] : kPhrases) {
        if (code == status)
            return text;
    }
    return "Unknown";
}

std::optional<std::string> percentDecoded(std::string_view text, bool plusIsSpace)
{
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        char byte = text[at];
        if (byte == '%') {
            if (at + 2 >= text.size() || hexValue(text[at + 1]) < 0 || hexValue(text[at + 2]) < 0)
                return std::nullopt;
            byte = static_cast<char>(hexValue(text[at + 1]) * 16 + hexValue(text[at + 2]));
            at += 2;
        } else if (byte == '+' && plusIsSpace) {
            byte = ' ';
        }
        if (byte == '\0')
            return std::nullopt;
        decoded += byte;
    }
    return decoded;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string encoded;
    for (const char byte : text) {
        if (isUnreserved(byte)) {
            encoded += byte;
            continue;
        }
        const auto value = static_cast<unsigned char>(byte);
        encoded += {'%', digits[value >> 4], digits[value & 15]};
    }
    return encoded;
}

std::optional<Query> parseQuery(std::string_view text)
{
    Query query;
    while (!text.empty()) {
        const auto end = std::min(text.find('&'), text.size());
        const auto pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty())
            continue;
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = percentDecoded(pair.substr(0, equals), true);
        auto value = percentDecoded(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!name || !value || !isUtf8(*name) || !isUtf8(*value))
            return std::nullopt;
        query.emplace(*std::move(name), *std::move(value));
    }
    return query;
}

std::optional<std::string> normalizedPath(std::string_view raw)
{
    const auto path = percentDecoded(raw);
    if (!path || !path->starts_with('/') || path->find('\\') != std::string::npos
        || std::any_of(path->begin(), path->end(), isControl) || !isUtf8(*path))
        return std::nullopt;
    std::string normal;
    normal.reserve(path->size());
    for (std::size_t at = 1; at <= path->size();) {
        const auto end = std::min(path->find('/', at), path->size());
        const auto segment = std::string_view(*path).substr(at, end - at);
        const bool last = end == path->size();
        at = end + 1;
        if (segment == "..") {
            if (normal.empty())
                return std::nullopt;
            normal.erase(normal.rfind('/'));
        } else if (!segment.empty() && segment != ".") {
            normal.append("/").append(segment);
            continue;
        }
        if (last)
            normal += '/';
    }
    return normal;
}

std::string jsonString(std::string_view text)
{
    std::string json;
    appendJsonString(json, text);
    return json;
}

} // namespace tintype::http
