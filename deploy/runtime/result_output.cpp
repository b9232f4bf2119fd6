// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/result_output.h"

#include <QByteArray>
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::runtime {
namespace {

using Json = nlohmann::ordered_json;

double secondsBetween(TimePoint from, TimePoint to)
{
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

Json imageJson(const EncodedImage& image, const std::string& url, const std::string& fileName)
{
    return {{"url", url}, {"width", image.width}, {"height", image.height}, {"content_type", image.contentType},
        {"file_name", fileName}, {"file_size", image.bytes.size()}};
}

} // namespace

WaitingTimes waitingTimes(const LiveRequest& live)
{
    const double waited = secondsBetween(live.request.submittedAt, live.startedAt);
    const double setup = std::min(live.setupSeconds, waited);
    return {waited - setup, setup};
}

std::string_view fileExtension(std::string_view contentType)
{
    if (contentType == "image/jpeg")
        return "jpeg";
    if (contentType == "image/webp")
        return "webp";
    return contentType == "image/png" ? "png" : "bin";
}

std::string fileUrl(const std::string& publicBase, const std::string& id, const std::string& name)
{
    return fmt::format("{}/files/{}/{}", publicBase, id, name);
}

std::string dataUri(const EncodedImage& image)
{
    const auto bytes = QByteArray::fromRawData(
        reinterpret_cast<const char*>(image.bytes.data()), static_cast<qsizetype>(image.bytes.size()));
    return fmt::format("data:{};base64,{}", image.contentType, bytes.toBase64().toStdString());
}

std::string outputJson(const LiveRequest& live, const GenerateResult& result, const std::vector<std::string>& urls,
    TimePoint finishedAt)
{
    Json images = Json::array();
    for (std::size_t index = 0; index < result.images.size() && index < urls.size(); ++index) {
        const EncodedImage& image = result.images[index];
        images.push_back(imageJson(
            image, urls[index], fmt::format("{}-{}.{}", live.request.id, index + 1, fileExtension(image.contentType))));
    }
    const WaitingTimes waited = waitingTimes(live);
    const Timings& timings = result.timings;
    Json output{{"images", images}, {"image", images.empty() ? Json() : images.front()}, {"seed", result.seed},
        {"prompt", live.call.prompt},
        {"timings",
            {{"queue", waited.queue}, {"setup", waited.setup}, {"text", timings.text}, {"denoise", timings.denoise},
                {"steps", timings.steps}, {"decode", timings.decode}, {"encode", timings.encode},
                {"total", secondsBetween(live.request.submittedAt, finishedAt)}}}};
    if (!result.warnings.empty())
        output["warnings"] = result.warnings;
    return output.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string failureJson(const Error& error, const std::string& errorType)
{
    Json body{{"detail", error.message}};
    if (!errorType.empty())
        body["error_type"] = errorType;
    return body.dump(-1, ' ', false, Json::error_handler_t::replace);
}

} // namespace tintype::runtime
