// SPDX-License-Identifier: Apache-2.0
#include "engine/sampling/scheduler.h"

#include "engine/sampling/scheduler_base.h"
#include "engine/sampling/scheduler_fields.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace tintype::engine {
namespace {

struct SchedulerClass {
    std::string_view name;
    Result<std::unique_ptr<Scheduler>> (*make)(const JsonFields&);
};

constexpr std::array kClasses {
    SchedulerClass {"FlowMatchEulerDiscreteScheduler", makeFlowMatchEuler},
    SchedulerClass {"EulerDiscreteScheduler", makeEuler},
    SchedulerClass {"EulerAncestralDiscreteScheduler", makeEulerAncestral},
    SchedulerClass {"DPMSolverMultistepScheduler", makeDpmSolverMultistep},
    SchedulerClass {"DPMSolverSinglestepScheduler", makeDpmSolverSinglestep},
    SchedulerClass {"DDIMScheduler", makeDdim},
    SchedulerClass {"LCMScheduler", makeLcm},
};

/// Fields that were defaults when the config was saved, and so are not carried over to a class.
/// @source diffusers 0.42.1 configuration_utils.py ConfigMixin.extract_init_dict
nlohmann::json withoutSavedDefaults(const nlohmann::json& config)
{
    nlohmann::json kept = config;
    if (const auto defaults = config.find("_use_default_values"); defaults != config.end() && defaults->is_array()) {
        for (const auto& name : *defaults) {
            if (name.is_string())
                kept.erase(name.get<std::string>());
        }
    }
    return kept;
}

bool isWordCharacter(char character)
{
    return std::isalnum(static_cast<unsigned char>(character)) || character == '_';
}

/// Length of a number at the front that Python writes and JSON lacks, or 0.
std::size_t pythonNumberLength(std::string_view text)
{
    for (const std::string_view name : {"-Infinity", "Infinity", "NaN"}) {
        if (text.starts_with(name) && (text.size() == name.size() || !isWordCharacter(text[name.size()])))
            return name.size();
    }
    return 0;
}

std::string quotedPythonNumbers(std::string_view text)
{
    std::string quoted;
    bool isInString = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const std::size_t length = isInString ? 0 : pythonNumberLength(text.substr(i));
        if (length > 0) {
            quoted += fmt::format("\"{}\"", text.substr(i, length));
            i += length - 1;
            continue;
        }
        quoted += text[i];
        if (text[i] == '"')
            isInString = !isInString;
        else if (isInString && text[i] == '\\' && i + 1 < text.size())
            quoted += text[++i];
    }
    return quoted;
}

} // namespace

Result<nlohmann::json> parseSchedulerConfig(std::string_view text, const std::string& source)
{
    return JsonFields::parseObject(quotedPythonNumbers(text), source);
}

Result<std::unique_ptr<Scheduler>> makeScheduler(
    const nlohmann::json& config, const std::string& className, const std::string& source)
{
    const nlohmann::json kept = withoutSavedDefaults(config);
    const JsonFields fields(kept, source);
    TINTYPE_TRY_ASSIGN(const std::string ownName, fields.string("_class_name", ""));
    const std::string& name = className.empty() ? ownName : className;
    const auto found = std::ranges::find(kClasses, name, &SchedulerClass::name);
    if (found != kClasses.end())
        return found->make(fields);
    if (name.empty())
        return fail(ErrorCode::InvalidArgument, fmt::format("{}: _class_name is missing", source));
    std::vector<std::string_view> names;
    std::ranges::transform(kClasses, std::back_inserter(names), &SchedulerClass::name);
    return fail(ErrorCode::Unsupported,
        fmt::format("scheduler {} is not supported here (known: {})", name, fmt::join(names, ", ")));
}

} // namespace tintype::engine
