// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/endpoint_fields.h"

#include "deploy/domain/input_values.h"

#include <algorithm>

namespace tintype::domain {
namespace {

using Json = nlohmann::json;
using Call = GenerateRequest;

constexpr std::uint64_t kLongestPrompt = 10'000;
constexpr std::uint64_t kLongestName = 100;
constexpr std::size_t kLongestShown = 100;

constexpr std::array kFields{
    InputField{.name = "prompt", .target = &Call::prompt, .high = kLongestPrompt,
        .help = "What to draw.", .isPrompt = true},
    InputField{.name = "negative_prompt", .target = &Call::negativePrompt, .high = kLongestPrompt,
        .help = "What to stay away from. Needs guidance_scale above 1, or true_cfg_scale above 1 with FLUX.",
        .isPrompt = true},
    InputField{.name = "image_size", .target = PictureSize{},
        .help = "Size of the picture: a preset, or width and height in pixels. Absent: the model's own."},
    InputField{.name = "num_inference_steps", .target = &Call::steps, .low = 1, .high = 1000,
        .help = "Denoising steps. More take longer and may show more detail."},
    InputField{.name = "guidance_scale", .target = &Call::guidanceScale, .low = 0, .high = 100,
        .help = "How closely the picture follows the prompt."},
    InputField{.name = "true_cfg_scale", .target = &Call::trueCfgScale, .low = 0, .high = 100,
        .help = "FLUX: guidance by the negative prompt, above 1."},
    InputField{.name = "guidance_rescale", .target = &Call::guidanceRescale, .low = 0, .high = 1,
        .help = "SDXL: works against over-exposure."},
    InputField{.name = "seed", .target = &Call::seed, .low = 0, .high = UINT64_MAX,
        .help = "The same seed and input draw the same picture. Absent: a random one, told in the output."},
    InputField{.name = "num_images", .target = &Call::numImages, .low = 1, .high = 64,
        .help = "Pictures to draw, as one batch."},
    InputField{.name = "scheduler", .target = &Call::scheduler, .high = kLongestName,
        .help = "Class name of the sampler, such as EulerDiscreteScheduler. Absent: the model's own."},
    InputField{.name = "max_sequence_length", .target = &Call::maxSequenceLength, .low = 1, .high = 512,
        .help = "FLUX: tokens of the prompt that the T5 encoder reads."},
    InputField{.name = "output_format", .target = &Call::format, .help = "File format of the pictures."},
    InputField{.name = "sync_mode", .target = &EndpointInput::syncMode,
        .help = "Pictures come back as data URIs inside the JSON and are not kept."},
};

// fal.md 4.5
constexpr std::array kPresets{
    SizePreset{"square_hd", 1024, 1024},
    SizePreset{"square", 512, 512},
    SizePreset{"portrait_4_3", 768, 1024},
    SizePreset{"portrait_16_9", 576, 1024},
    SizePreset{"landscape_4_3", 1024, 768},
    SizePreset{"landscape_16_9", 1024, 576},
};

/// What was given, where it may be told: one plain value that is neither a prompt nor long.
std::string shown(const Json& value, bool isPrompt)
{
    if (isPrompt || value.is_structured())
        return {};
    if (value.is_string() && value.get_ref<const std::string&>().size() > kLongestShown)
        return {};
    return value.dump();
}

/// Reads one field's value into the place that its target names.
class FieldReading {
public:
    FieldReading(const InputField& field, Json& value, EndpointInput& input, std::vector<FieldError>& errors)
        : m_field(field)
        , m_value(value)
        , m_input(input)
        , m_errors(errors)
    {
    }

    void operator()(std::string Call::*member) { store(text(m_value, m_field.high), m_input.call.*member); }
    void operator()(int Call::*member) { store(wholeNumber(m_value, range()), m_input.call.*member); }
    void operator()(bool EndpointInput::*member) { store(truth(m_value), m_input.*member); }
    void operator()(ImageFormat Call::*member) { store(choice(m_value, kFormatNames), m_input.call.*member); }
    void operator()(std::optional<std::string> Call::*member)
    {
        storeOptional(m_input.call.*member, [this] { return text(m_value, m_field.high); });
    }
    void operator()(std::optional<double> Call::*member)
    {
        storeOptional(m_input.call.*member, [this] { return number(m_value, range()); });
    }
    template <class Whole>
    void operator()(std::optional<Whole> Call::*member)
    {
        storeOptional(m_input.call.*member, [this] { return wholeNumber(m_value, range()); });
    }
    void operator()(PictureSize)
    {
        if (m_value.is_null()) {
            m_input.call.width.reset();
            m_input.call.height.reset();
        } else if (m_value.is_object()) {
            readSide("width", m_input.call.width);
            readSide("height", m_input.call.height);
        } else {
            readPreset();
        }
    }

private:
    ValueRange range() const { return {m_field.low, m_field.high}; }

    void refuse(const ValueFault& fault, const Json& value, std::string_view inner = {})
    {
        FieldError error{
            {"body", std::string(m_field.name)}, fault.msg, fault.type, fault.ctx, shown(value, m_field.isPrompt)};
        if (!inner.empty())
            error.loc.emplace_back(inner);
        m_errors.push_back(std::move(error));
    }

    template <class From, class To>
    void store(Checked<From>&& checked, To& place)
    {
        if (checked)
            place = static_cast<To>(*std::move(checked));
        else
            refuse(checked.error(), m_value);
    }

    template <class T, class Read>
    void storeOptional(std::optional<T>& place, Read read)
    {
        place.reset();
        if (!m_value.is_null())
            store(read(), place.emplace());
    }

    void readSide(const char* name, std::optional<int>& place)
    {
        place = kSideIfAbsent;
        const auto given = m_value.find(name);
        if (given == m_value.end())
            return;
        const auto side = wholeNumber(*given, {kSmallestSide, kLargestSide}).and_then([](std::uint64_t pixels) {
            return multipleOf(kSideStep, pixels);
        });
        if (side)
            place = static_cast<int>(*side);
        else
            refuse(side.error(), *given, name);
    }

    void readPreset()
    {
        std::array<std::string_view, kPresets.size()> names;
        std::ranges::transform(kPresets, names.begin(), &SizePreset::name);
        const auto index = choice(m_value, names);
        if (!index)
            return refuse(index.error(), m_value);
        m_input.call.width = kPresets[*index].width;
        m_input.call.height = kPresets[*index].height;
    }

    const InputField& m_field;
    Json& m_value;
    EndpointInput& m_input;
    std::vector<FieldError>& m_errors;
};

/// The inverse of FieldReading.
struct FieldWriting {
    const EndpointInput& input;

    Json operator()(bool EndpointInput::*member) const { return input.*member; }
    Json operator()(ImageFormat Call::*member) const
    {
        return kFormatNames[static_cast<std::size_t>(input.call.*member)];
    }
    Json operator()(std::string Call::*member) const { return input.call.*member; }
    Json operator()(int Call::*member) const { return input.call.*member; }
    template <class T>
    Json operator()(std::optional<T> Call::*member) const
    {
        return input.call.*member ? Json(*(input.call.*member)) : Json();
    }
    Json operator()(PictureSize) const
    {
        if (!input.call.width || !input.call.height)
            return {};
        return {{"width", *input.call.width}, {"height", *input.call.height}};
    }
};

} // namespace

std::span<const InputField> textToImageFields() { return kFields; }

std::span<const SizePreset> sizePresets() { return kPresets; }

Json fieldValue(const InputField& field, const EndpointInput& input)
{
    return std::visit(FieldWriting{input}, field.target);
}

void readFields(Json& object, EndpointInput& input, std::vector<FieldError>& errors)
{
    for (const InputField& field : kFields) {
        if (const auto given = object.find(field.name); given != object.end())
            std::visit(FieldReading(field, *given, input, errors), field.target);
    }
}

Json canonicalInput(Json object)
{
    Json canonical = Json::object();
    EndpointInput input;
    std::vector<FieldError> errors;
    readFields(object, input, errors);
    for (const InputField& field : kFields) {
        if (!object.contains(field.name)) // moving a text out left its key
            continue;
        if (Json value = fieldValue(field, input); !value.is_null())
            canonical[std::string(field.name)] = std::move(value);
    }
    return canonical;
}

} // namespace tintype::domain
