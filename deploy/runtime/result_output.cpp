// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/result_output.h"

#include "engine/base/json_text.h"

#include <QByteArray>
#include <algorithm>
#include <fmt/format.h>

namespace tintype::runtime {
namespace {

double secondsBetween(TimePoint from, TimePoint to)
{
    return std::max(0.0, std::chrono::duration<double>(to - from).count());
}

void writeImage(JsonText& json, const EncodedImage& image, const std::string& url, const std::string& fileName)
{
    json.beginObject().field("url", url).field("width", image.width).field("height", image.height);
    json.field("content_type", image.contentType).field("file_name", fileName).field("file_size", image.bytes.size()).endObject();
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
    const std::size_t count = std::min(result.images.size(), urls.size());
    const auto writeOne = [&](JsonText& json, std::size_t index) {
        const EncodedImage& image = result.images[index];
        writeImage(json, image, urls[index], fmt::format("{}-{}.{}", live.request.id, index + 1, fileExtension(image.contentType)));
    };
    JsonText json;
    json.beginObject().key("images").beginList();
    for (std::size_t index = 0; index < count; ++index)
        writeOne(json, index);
    json.endList().key("image");
    if (count > 0)
        writeOne(json, 0);
    else
        json.value(nullptr);
    json.field("seed", result.seed).field("prompt", live.call.prompt);
    const WaitingTimes waited = waitingTimes(live);
    const Timings& timings = result.timings;
    json.key("timings").beginObject().field("queue", waited.queue).field("setup", waited.setup).field("text", timings.text);
    json.field("denoise", timings.denoise).field("steps", timings.steps).field("decode", timings.decode);
    json.field("encode", timings.encode).field("total", secondsBetween(live.request.submittedAt, finishedAt)).endObject();
    if (!result.warnings.empty())
        json.field("warnings", result.warnings);
    return json.endObject().take();
}

std::string failureJson(const Error& error, const std::string& errorType)
{
    JsonText json;
    json.beginObject().field("detail", error.message);
    if (!errorType.empty())
        json.field("error_type", errorType);
    return json.endObject().take();
}

} // namespace tintype::runtime
