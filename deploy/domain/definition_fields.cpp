// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_reader.h"
#include "deploy/domain/scaling_fields.h"

#include <algorithm>
#include <fmt/format.h>

namespace tintype::domain {
namespace {

std::string typeName(const ScalingField& field)
{
    if (field.name == "machine_type")
        return "name or list of names";
    if (field.name == "regions")
        return "list of names";
    const bool isTime = std::holds_alternative<ScalingSlot<std::chrono::seconds>>(field.slot);
    return fmt::format("{}, {} to {}", isTime ? "seconds" : "integer", field.low, field.high);
}

std::string defaultOf(const ScalingField& field)
{
    const Scaling defaults;
    return std::visit(
        [&defaults](auto slot) {
            const auto& value = defaults.*slot.value;
            using Value = std::remove_cvref_t<decltype(value)>;
            if constexpr (std::is_same_v<Value, std::chrono::seconds>)
                return fmt::format("{}", value.count());
            else if constexpr (std::is_same_v<Value, Names>)
                return value.empty() ? std::string("[]") : value.front();
            else
                return fmt::format("{}", value);
        },
        field.slot);
}

std::vector<FieldHelp> makeFields()
{
    std::vector<FieldHelp> fields{
        {"name", "kebab-case, at most 64 characters", "", "Name of the app; a host serves it at /OWNER/NAME."},
        {"app", "FILE.py::CLASS", "", "A Python app, in place of setup and endpoints. Not run yet."},
        {"num_gpus", "integer, 1 to 8", "1", "GPUs of one replica, on a GPU machine type."},
        {"requirements", "list of file:FOLDER, hf:ORG/NAME[@REVISION]", "[]",
            "What a host fetches once and keeps: folders beside the definition, repositories of the hub."},
    };
    for (const ScalingField& field : scalingFields())
        fields.push_back({std::string(field.name), typeName(field), defaultOf(field), std::string(field.help)});
    const std::vector<FieldHelp> rest{
        {"auth", "one of private, public, shared", "private",
            "Who may call: the owner's keys, anyone, or anyone with a key of the host."},
        {"secrets", "list of environment names", "[]",
            "Secrets of the host that replicas get as environment variables."},
        {"setup", "map", "", "What a replica does once, before its first request."},
        {"setup.model", "file: or hf: requirement", "", "The requirement that holds the weights."},
        {"setup.variant", "name", "", "Weight files of this variant, such as fp16. Absent: whichever is there."},
        {"setup.dtype", "one of auto, float32, bfloat16, float16", "auto",
            "Number format to compute in; auto is that of the weight files."},
        {"setup.scheduler", "map", "{}", "Overrides of the model's own scheduler; class names another one."},
        {"setup.loras", "empty list", "[]", "LoRAs are not supported yet."},
        {"setup.warmup", "map: an input of text-to-image", "", "A call that is made before the first request."},
        {"endpoints", "map of path to endpoint", "{/: {task: text-to-image}}", "What the app serves, by path."},
        {"endpoints.PATH.task", "one of text-to-image", "text-to-image", "What the endpoint does."},
        {"endpoints.PATH.defaults", "map: an input of text-to-image", "{}",
            "Values that input fields take when a call leaves them out."},
    };
    fields.insert(fields.end(), rest.begin(), rest.end());
    return fields;
}

} // namespace

const std::vector<FieldHelp>& definitionFields()
{
    static const std::vector<FieldHelp> fields = makeFields();
    return fields;
}

std::vector<std::string_view> knownFields(std::string_view prefix)
{
    std::vector<std::string_view> names;
    for (const FieldHelp& field : definitionFields()) {
        const std::string_view name(field.name);
        if (name.starts_with(prefix) && name.find('.', prefix.size()) == std::string_view::npos)
            names.push_back(name.substr(prefix.size()));
    }
    return names;
}

} // namespace tintype::domain
