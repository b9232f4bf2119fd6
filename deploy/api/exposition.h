// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tintype::api {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

/// One metric in Prometheus' text format 0.0.4.
class MetricFamily {
public:
    /// @param type "counter", "gauge" or "histogram"
    MetricFamily(std::string name, std::string_view type, std::string_view help);

    /// @param suffix of a histogram's lines: "_bucket", "_sum", "_count"
    MetricFamily& add(const Labels& labels, double value, std::string_view suffix = {});
    const std::string& text() const { return m_text; }

private:
    const std::string m_name;
    std::string m_text;
};

} // namespace tintype::api
