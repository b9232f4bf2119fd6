// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/call_output.h"

#include "deploy/domain/endpoint_fields.h"
#include "ui/models/format.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kDeepest = 32;
constexpr int kMostPictures = 256;
constexpr int kLongestSide = 1 << 20;

double numberAt(const Json& object, const char* name)
{
    const auto found = object.find(name);
    const double value = found != object.end() && found->is_number() ? found->get<double>() : 0;
    return std::isfinite(value) && value > 0 ? value : 0;
}

int pixelsAt(const Json& object, const char* name)
{
    return static_cast<int>(std::min<double>(numberAt(object, name), kLongestSide));
}

bool isPicture(const Json& object, bool isUnderImage)
{
    const auto type = object.find("content_type");
    if (type != object.end() && type->is_string())
        return type->get_ref<const std::string&>().starts_with("image/");
    return isUnderImage;
}

/// Walks an answer and notes its pictures.
class PictureSearch {
public:
    explicit PictureSearch(CallOutput& output)
        : m_output(output)
    {
    }

    void visit(const Json& value, bool isUnderImage, int depth)
    {
        if (depth > kDeepest)
            return;
        if (value.is_string()) {
            const auto& text = value.get_ref<const std::string&>();
            if (text.starts_with("data:image/") || (isUnderImage && text.starts_with("http")))
                add(text, {});
        } else if (value.is_array()) {
            for (const Json& item : value)
                visit(item, isUnderImage, depth + 1);
        } else if (value.is_object()) {
            visitObject(value, isUnderImage, depth);
        }
    }

private:
    void visitObject(const Json& object, bool isUnderImage, int depth)
    {
        const auto url = object.find("url");
        if (url != object.end() && url->is_string() && isPicture(object, isUnderImage))
            return add(url->get_ref<const std::string&>(), {pixelsAt(object, "width"), pixelsAt(object, "height")});
        for (const auto& [name, value] : object.items())
            visit(value, name == "image" || name == "images", depth + 1);
    }

    void add(const std::string& text, const QSize& size)
    {
        const QString url = qs(text);
        if (m_output.pictureUrls.size() >= kMostPictures || m_output.pictureUrls.contains(url))
            return;
        if (m_output.pictureUrls.isEmpty())
            m_output.size = size;
        m_output.pictureUrls += url;
    }

    CallOutput& m_output;
};

CallTimings timingsFrom(const Json& object)
{
    CallTimings timings{numberAt(object, "queue"), numberAt(object, "setup"), numberAt(object, "text"), numberAt(object, "denoise"),
        numberAt(object, "decode"), numberAt(object, "encode"), numberAt(object, "total"), {}};
    if (const auto steps = object.find("steps"); steps != object.end() && steps->is_array()) {
        for (const Json& step : *steps)
            timings.steps += step.is_number() ? step.get<double>() : 0;
    }
    return timings;
}

} // namespace

CallOutput readCallOutput(const QByteArray& json)
{
    CallOutput output;
    const Json answer = Json::parse(json.begin(), json.end(), nullptr, false);
    if (answer.is_discarded())
        return output;
    PictureSearch(output).visit(answer, false, 0);
    if (!answer.is_object())
        return output;
    if (const auto seed = answer.find("seed"); seed != answer.end() && seed->is_number_integer())
        output.seed = seed->get<quint64>();
    if (const auto timings = answer.find("timings"); timings != answer.end() && timings->is_object())
        output.timings = timingsFrom(*timings);
    if (const auto warnings = answer.find("warnings"); warnings != answer.end() && warnings->is_array()) {
        for (const Json& warning : *warnings) {
            if (warning.is_string())
                output.warnings += qs(warning.get<std::string>());
        }
    }
    return output;
}

QSize wantedSize(const QString& input)
{
    const Json json = Json::parse(input.toStdString(), nullptr, false);
    if (!json.is_object())
        return {};
    const auto size = json.find("image_size");
    if (size != json.end() && size->is_string()) {
        for (const domain::SizePreset& preset : domain::sizePresets()) {
            if (size->get_ref<const std::string&>() == preset.name)
                return {preset.width, preset.height};
        }
        return {};
    }
    const Json& sides = size != json.end() && size->is_object() ? *size : json;
    return {pixelsAt(sides, "width"), pixelsAt(sides, "height")};
}

} // namespace tintype::ui
