// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/protocol/messages.h"
#include "engine/protocol/wire_fields.h"

#include <array>
#include <fmt/format.h>
#include <string>
#include <utility>

// The fields of every message, in the order of README.md. Included by messages.cpp only.

namespace tintype::protocol {

/// An enum as its name on the wire.
template <class Enum, std::size_t Count>
void describeEnum(
    auto& visit, std::string_view name, auto& value, const std::array<std::pair<Enum, std::string_view>, Count>& names)
{
    if constexpr (std::is_const_v<std::remove_reference_t<decltype(value)>>) {
        for (const auto& [entry, text] : names) {
            if (entry == value)
                visit.required(name, std::string(text));
        }
    } else {
        std::string text(names.front().second);
        visit.optional(name, text);
        for (const auto& [entry, known] : names) {
            if (known == text) {
                value = entry;
                return;
            }
        }
        visit.refuse(fmt::format("{} = \"{}\" is not a known value", name, text));
    }
}

inline constexpr std::array<std::pair<ImageFormat, std::string_view>, 3> kFormats{
    {{ImageFormat::Png, "png"}, {ImageFormat::Jpeg, "jpeg"}, {ImageFormat::Webp, "webp"}}};
inline constexpr std::array<std::pair<WorkerState, std::string_view>, 5> kStates{
    {{WorkerState::Starting, "starting"}, {WorkerState::Loading, "loading"}, {WorkerState::Ready, "ready"},
        {WorkerState::Busy, "busy"}, {WorkerState::Draining, "draining"}}};

void describe(auto& visit, Is<EncodedImage> auto& image)
{
    visit.required("content_type", image.contentType);
    visit.required("width", image.width);
    visit.required("height", image.height);
}

void describe(auto& visit, Is<Timings> auto& timings)
{
    visit.required("text", timings.text);
    visit.required("denoise", timings.denoise);
    visit.required("steps", timings.steps);
    visit.required("decode", timings.decode);
    visit.required("encode", timings.encode);
    visit.required("total", timings.total);
}

void describe(auto& visit, Is<MemoryUse> auto& memory)
{
    visit.required("used", memory.used);
    visit.required("peak", memory.peak);
    visit.required("free", memory.free);
}

void describe(auto& visit, Is<Hello> auto& hello)
{
    visit.required("protocol", hello.protocol);
    visit.optional("build", hello.build);
    visit.optional("device", hello.device);
}

void describe(auto& visit, Is<Load> auto& load)
{
    visit.required("model", load.request.model);
    visit.optional("variant", load.request.variant);
    visit.optional("dtype", load.request.dtype);
    visit.optional("device", load.request.device);
    visit.optional("threads", load.request.threads);
    visit.optional("scheduler_overrides", load.request.schedulerOverrides);
}

void describe(auto& visit, Is<Generate> auto& generate)
{
    auto& input = generate.input;
    visit.required("request", generate.request);
    visit.required("prompt", input.prompt);
    visit.optional("negative_prompt", input.negativePrompt);
    visit.optional("width", input.width);
    visit.optional("height", input.height);
    visit.optional("num_inference_steps", input.steps);
    visit.optional("guidance_scale", input.guidanceScale);
    visit.optional("true_cfg_scale", input.trueCfgScale);
    visit.optional("guidance_rescale", input.guidanceRescale);
    visit.optional("seed", input.seed);
    visit.optional("scheduler", input.scheduler);
    visit.optional("max_sequence_length", input.maxSequenceLength);
    visit.optional("num_images", input.numImages);
    describeEnum(visit, "output_format", input.format, kFormats);
    visit.optional("previews", input.previews);
    visit.optional("return_latents", input.returnLatents);
    visit.optional("return_images", input.returnImages);
}

void describe(auto& visit, Is<Cancel> auto& cancel)
{
    visit.required("request", cancel.request);
}

void describe(auto& visit, Is<Ping> auto& ping)
{
    visit.required("number", ping.number);
}

void describe(auto& /*visit*/, Is<StatsRequest> auto& /*request*/) { }

void describe(auto& /*visit*/, Is<Drain> auto& /*drain*/) { }

void describe(auto& visit, Is<LoadProgressed> auto& message)
{
    visit.required("stage", message.progress.stage);
    visit.required("bytes_done", message.progress.bytesDone);
    visit.required("bytes_total", message.progress.bytesTotal);
}

void describe(auto& visit, Is<Loaded> auto& loaded)
{
    auto& card = loaded.card;
    visit.required("family", card.family);
    visit.required("pipeline_class", card.pipelineClass);
    visit.required("device", card.device);
    visit.required("dtype", card.dtype);
    visit.required("parameters", card.parameters);
    visit.required("weight_bytes", card.weightBytes);
    visit.optional("licence", card.licence);
    visit.optional("commit", card.commit);
    visit.required("load_seconds", card.loadSeconds);
}

void describe(auto& visit, Is<Progressed> auto& message)
{
    visit.required("request", message.request);
    visit.required("step", message.progress.step);
    visit.required("steps", message.progress.steps);
    visit.required("step_seconds", message.progress.stepSeconds);
    visit.required("eta_seconds", message.progress.etaSeconds);
}

void describe(auto& visit, Is<Finished> auto& finished)
{
    auto& result = finished.result;
    visit.required("request", finished.request);
    visit.required("seed", result.seed);
    visit.required("width", result.width);
    visit.required("height", result.height);
    visit.required("steps", result.steps);
    visit.required("guidance_scale", result.guidanceScale);
    visit.required("scheduler", result.scheduler);
    visit.required("warnings", result.warnings);
    visit.nested("timings", result.timings);
}

void describe(auto& visit, Is<Pong> auto& pong)
{
    visit.required("number", pong.number);
}

void describe(auto& visit, Is<Stats> auto& stats)
{
    describeEnum(visit, "state", stats.state, kStates);
    visit.required("requests_done", stats.requestsDone);
    visit.required("requests_failed", stats.requestsFailed);
    visit.nested("memory", stats.memory);
}

inline void describe(FieldWriter& visit, const Failed& failed)
{
    visit.required("request", failed.request);
    visit.required("code", std::string(errorCodeName(failed.error.code)));
    visit.required("message", failed.error.message);
    visit.required("detail", failed.error.detail);
}

inline void describe(FieldReader& visit, Failed& failed)
{
    std::string code;
    visit.required("request", failed.request);
    visit.required("code", code);
    visit.required("message", failed.error.message);
    visit.optional("detail", failed.error.detail);
    failed.error.code = errorCodeFromName(code);
}

} // namespace tintype::protocol
