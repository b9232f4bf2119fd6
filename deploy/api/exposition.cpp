// SPDX-License-Identifier: Apache-2.0
#include "deploy/api/exposition.h"

#include <fmt/format.h>

namespace tintype::api {
namespace {

std::string escaped(std::string_view text)
{
    std::string out;
    for (const char byte : text) {
        if (byte == '\n')
            out += "\\n";
        else if (byte == '\\' || byte == '"')
            out.append("\\").push_back(byte);
        else
            out.push_back(byte);
    }
    return out;
}

} // namespace

MetricFamily::MetricFamily(std::string name, std::string_view type, std::string_view help)
    : m_name(std::move(name))
    , m_text(fmt::format("# HELP {} {}\n# TYPE {} {}\n", m_name, help, m_name, type))
{
}

MetricFamily& MetricFamily::add(const Labels& labels, double value, std::string_view suffix)
{
    std::string inBraces;
    for (const auto& [name, text] : labels)
        inBraces += fmt::format("{}{}=\"{}\"", inBraces.empty() ? "" : ",", name, escaped(text));
    m_text += inBraces.empty() ? fmt::format("{}{} {}\n", m_name, suffix, value)
                               : fmt::format("{}{}{{{}}} {}\n", m_name, suffix, inBraces, value);
    return *this;
}

} // namespace tintype::api
