// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/analytics_csv.h"

#include "deploy/control/json_values.h"

#include <fmt/format.h>

namespace tintype::ui {
namespace {

constexpr const char* kLineEnd = "\r\n";

void appendPercentiles(std::string& line, const Percentiles& values)
{
    line += fmt::format(",{},{},{},{},{}", values.p50, values.p75, values.p90, values.p95, values.p99);
}

void appendHeads(std::string& line, const char* name)
{
    for (const char* percentile : {"p50", "p75", "p90", "p95", "p99"})
        line += fmt::format(",{}_{}_s", name, percentile);
}

std::string timeField(const std::optional<TimePoint>& time) { return time ? control::isoTime(*time) : std::string(); }

} // namespace

std::string csvField(const std::string& text)
{
    const bool isFormula = !text.empty() && std::string_view("=+-@\t\r").find(text.front()) != std::string_view::npos;
    if (!isFormula && text.find_first_of(",\"\r\n") == std::string::npos)
        return text;
    std::string field = isFormula ? "\"'" : "\"";
    for (const char character : text) {
        if (character == '"')
            field += '"';
        field += character;
    }
    return field + '"';
}

std::string seriesCsv(const AnalyticsData& data)
{
    std::string csv = "time,success,user_error,error,cancelled";
    appendHeads(csv, "latency");
    appendHeads(csv, "startup");
    appendHeads(csv, "execution");
    if (data.queue)
        csv += ",queue_max,queue_mean";
    for (const std::string& state : data.replicas ? data.replicas->states : std::vector<std::string>())
        csv += ',' + csvField("replicas_" + state);
    csv += kLineEnd;
    for (std::size_t index = 0; index < data.series.size(); ++index) {
        const AnalyticsColumn& column = data.series[index];
        csv += fmt::format("{},{},{},{},{}", control::isoTime(column.start), column.counts.success, column.counts.userError,
            column.counts.error, column.counts.cancelled);
        appendPercentiles(csv, column.latency);
        appendPercentiles(csv, column.startup);
        appendPercentiles(csv, column.execution);
        if (data.queue)
            csv += fmt::format(",{},{}", data.queue->most[index], data.queue->mean[index]);
        for (std::size_t state = 0; data.replicas && state < data.replicas->states.size(); ++state)
            csv += data.replicas->means[index] ? fmt::format(",{}", (*data.replicas->means[index])[state]) : ",";
        csv += kLineEnd;
    }
    return csv;
}

std::string recordsCsvHead()
{
    return std::string("id,app,endpoint,outcome,status,submitted_at,started_at,finished_at,total_s,queue_s,setup_s,execution_s,via,replica,"
                       "revision,error")
        + kLineEnd;
}

std::string recordsCsv(std::span<const control::RequestInfo> records)
{
    std::string csv;
    for (const control::RequestInfo& record : records) {
        const double total = record.finishedAt ? std::chrono::duration<double>(*record.finishedAt - record.submittedAt).count() : 0;
        csv += fmt::format("{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}{}", csvField(record.id), csvField(record.app),
            csvField(record.endpoint), csvField(record.outcome), record.status, control::isoTime(record.submittedAt),
            timeField(record.startedAt), timeField(record.finishedAt), total, record.queueSeconds, record.setupSeconds,
            record.totalSeconds, csvField(record.via), csvField(record.replica), csvField(record.revision), csvField(record.error), kLineEnd);
    }
    return csv;
}

} // namespace tintype::ui
