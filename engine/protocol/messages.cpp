// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/messages.h"

#include "engine/protocol/message_fields.h"

#include <fmt/format.h>
#include <span>

namespace tintype::protocol {
namespace {

// The binary parts: a preview, or the pictures one after the other and then the latents.

template <class T>
void writeBinary(FieldWriter& /*visit*/, std::vector<std::uint8_t>& /*binary*/, const T& /*message*/)
{
}

void writeBinary(FieldWriter& visit, std::vector<std::uint8_t>& binary, const Progressed& message)
{
    if (const auto& preview = message.progress.preview) {
        visit.nested("preview", *preview);
        binary = preview->bytes;
    }
}

void writeBinary(FieldWriter& visit, std::vector<std::uint8_t>& binary, const Finished& message)
{
    visit.beginList("images");
    for (const EncodedImage& image : message.result.images) {
        visit.beginEntry();
        describe(visit, image);
        visit.required("bytes", std::uint64_t{image.bytes.size()});
        visit.endEntry();
        binary.insert(binary.end(), image.bytes.begin(), image.bytes.end());
    }
    visit.endList();
    visit.required("latents_bytes", std::uint64_t{message.result.latents.size()});
    binary.insert(binary.end(), message.result.latents.begin(), message.result.latents.end());
}

template <class T>
void readBinary(FieldReader& visit, std::vector<std::uint8_t>&& binary, T& /*message*/)
{
    if (!binary.empty())
        visit.refuse(fmt::format("frame: {} bytes of binary in a message that has none", binary.size()));
}

void readBinary(FieldReader& visit, std::vector<std::uint8_t>&& binary, Progressed& message)
{
    if (visit.object().contains("preview")) {
        visit.nested("preview", message.progress.preview.emplace());
        message.progress.preview->bytes = std::move(binary);
    } else if (!binary.empty()) {
        visit.refuse("progress: binary without a preview");
    }
}

/// Cuts the next `size` bytes off the front of `rest`.
std::vector<std::uint8_t> takeBytes(FieldReader& visit, std::span<const std::uint8_t>& rest, std::uint64_t size)
{
    if (size > rest.size()) {
        visit.refuse(fmt::format("result: names {} bytes where {} are left", size, rest.size()));
        return {};
    }
    const auto part = rest.first(static_cast<std::size_t>(size));
    rest = rest.subspan(part.size());
    return {part.begin(), part.end()};
}

void readBinary(FieldReader& visit, std::vector<std::uint8_t>&& binary, Finished& message)
{
    std::span<const std::uint8_t> rest(binary);
    const auto list = visit.object().objects("images");
    if (!list)
        return visit.refuse("result: images is not a list");
    for (const auto& entry : *list) {
        if (!entry)
            return visit.refuse("result: an entry of images is not an object");
        FieldReader fields(*entry);
        EncodedImage image;
        std::uint64_t size = 0;
        describe(fields, image);
        fields.required("bytes", size);
        if (fields.error())
            return visit.refuse(fields.error()->message);
        image.bytes = takeBytes(visit, rest, size);
        message.result.images.push_back(std::move(image));
    }
    std::uint64_t latentsBytes = 0;
    visit.required("latents_bytes", latentsBytes);
    message.result.latents = takeBytes(visit, rest, latentsBytes);
    if (!rest.empty())
        visit.refuse(fmt::format("result: {} bytes of binary that nothing names", rest.size()));
}

// One row per message: its type on the wire, and its name in errors.

template <class T>
struct Wire;
#define TINTYPE_WIRE(message, frameType, wireName)                                                                     \
    template <>                                                                                                        \
    struct Wire<message> {                                                                                             \
        static constexpr FrameType type = FrameType::frameType;                                                        \
        static constexpr const char* name = wireName;                                                                  \
    };
TINTYPE_WIRE(Hello, Hello, "hello")
TINTYPE_WIRE(Load, Load, "load")
TINTYPE_WIRE(Generate, Generate, "generate")
TINTYPE_WIRE(Cancel, Cancel, "cancel")
TINTYPE_WIRE(Ping, Ping, "ping")
TINTYPE_WIRE(StatsRequest, StatsRequest, "stats request")
TINTYPE_WIRE(Drain, Drain, "drain")
TINTYPE_WIRE(LoadProgressed, LoadProgress, "load progress")
TINTYPE_WIRE(Loaded, Loaded, "loaded")
TINTYPE_WIRE(Progressed, Progress, "progress")
TINTYPE_WIRE(Finished, Result, "result")
TINTYPE_WIRE(Failed, Failed, "failed")
TINTYPE_WIRE(Pong, Pong, "pong")
TINTYPE_WIRE(Stats, Stats, "stats")
#undef TINTYPE_WIRE

/// What a person typed is passed on as it is or refused; what a worker says may quote bytes of a broken file.
constexpr BadText badTextOf(FrameType type)
{
    return type >= FrameType::LoadProgress ? BadText::Mend : BadText::Refuse;
}

template <class T>
Result<std::vector<std::uint8_t>> encodeAs(const T& message)
{
    Frame frame{.type = Wire<T>::type, .header = {}, .binary = {}};
    FieldWriter visit(Wire<T>::name, badTextOf(frame.type));
    describe(visit, message);
    writeBinary(visit, frame.binary, message);
    if (visit.error())
        return tl::unexpected(*visit.error());
    frame.header = visit.take();
    return encodeFrame(frame);
}

template <class T>
Result<Message> decodeAs(Frame&& frame)
{
    auto object = JsonObject::parse(frame.header, Wire<T>::name);
    if (!object)
        return fail(ErrorCode::Protocol, object.error().message);
    T message;
    FieldReader visit(*std::move(object));
    describe(visit, message);
    readBinary(visit, std::move(frame.binary), message);
    if (visit.error())
        return fail(ErrorCode::Protocol, visit.error()->message);
    return message;
}

} // namespace

std::string_view workerStateName(WorkerState state)
{
    for (const auto& [known, name] : kStates) {
        if (known == state)
            return name;
    }
    return "starting";
}

Result<std::vector<std::uint8_t>> encode(const Message& message)
{
    return std::visit([](const auto& alternative) { return encodeAs(alternative); }, message);
}

Result<Message> decode(Frame frame)
{
    switch (frame.type) {
    case FrameType::Hello:
        return decodeAs<Hello>(std::move(frame));
    case FrameType::Load:
        return decodeAs<Load>(std::move(frame));
    case FrameType::Generate:
        return decodeAs<Generate>(std::move(frame));
    case FrameType::Cancel:
        return decodeAs<Cancel>(std::move(frame));
    case FrameType::Ping:
        return decodeAs<Ping>(std::move(frame));
    case FrameType::StatsRequest:
        return decodeAs<StatsRequest>(std::move(frame));
    case FrameType::Drain:
        return decodeAs<Drain>(std::move(frame));
    case FrameType::LoadProgress:
        return decodeAs<LoadProgressed>(std::move(frame));
    case FrameType::Loaded:
        return decodeAs<Loaded>(std::move(frame));
    case FrameType::Progress:
        return decodeAs<Progressed>(std::move(frame));
    case FrameType::Result:
        return decodeAs<Finished>(std::move(frame));
    case FrameType::Failed:
        return decodeAs<Failed>(std::move(frame));
    case FrameType::Pong:
        return decodeAs<Pong>(std::move(frame));
    case FrameType::Stats:
        return decodeAs<Stats>(std::move(frame));
    }
    return fail(ErrorCode::Protocol, fmt::format("frame: unknown type {}", static_cast<int>(frame.type)));
}

} // namespace tintype::protocol
