// SPDX-License-Identifier: Apache-2.0
// The frame decoder and the messages: no crash on any bytes; what decodes encodes again, to bytes that decode to the
// same. The stream is fed in pieces whose size its first byte chooses.

#include "engine/protocol/messages.h"
#include "seeds.h"

#include <algorithm>
#include <cstdlib>

using namespace tintype;
using namespace tintype::protocol;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

/// A number that the wire had and JSON has not, such as 1e999, decodes to an error, so encode never refuses what
/// decode gave; a text that came through the JSON parser is UTF-8.
void checkRoundTrip(const Message& message)
{
    const auto once = encode(message);
    require(once.has_value());
    FrameDecoder decoder;
    decoder.feed(*once);
    auto frame = decoder.next();
    require(frame.has_value() && frame->has_value());
    const auto again = decode(**std::move(frame));
    require(again.has_value());
    const auto twice = encode(*again);
    require(twice.has_value() && *twice == *once);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size == 0)
        return 0;
    const std::size_t piece = 1 + data[0];
    std::span<const std::uint8_t> rest(data + 1, size - 1);
    FrameDecoder decoder;
    while (!rest.empty()) {
        const auto part = rest.first(std::min(piece, rest.size()));
        rest = rest.subspan(part.size());
        decoder.feed(part);
        while (true) {
            auto frame = decoder.next();
            if (!frame || !*frame)
                break;
            require(encodeFrame(**frame).has_value());
            if (const auto message = decode(**std::move(frame)))
                checkRoundTrip(*message);
        }
    }
    std::ignore = decoder.finish();
    return 0;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    Generate generate{.request = "r", .input = {}};
    generate.input.prompt = "a red circle";
    generate.input.width = 64;
    generate.input.guidanceScale = 3.5;
    Finished finished{.request = "r", .result = {}};
    finished.result.images.push_back({.bytes = {1, 2, 3}, .contentType = "image/png", .width = 1, .height = 1});
    finished.result.latents = {4, 5};
    finished.result.timings.steps = {0.1, 0.2};
    Progressed progressed{.request = "r", .progress = {}};
    progressed.progress.preview = finished.result.images.front();
    const Failed failed{.request = "r", .error = {ErrorCode::Cancelled, "cancelled", {}}};

    std::vector<Bytes> seeds;
    Bytes conversation{13}; // pieces of 14 bytes
    for (const Message& message : std::vector<Message>{Hello{}, Load{}, generate, Cancel{"r"}, Ping{7}, StatsRequest{},
             Drain{}, LoadProgressed{}, Loaded{}, progressed, finished, failed, Pong{7}, Stats{}}) {
        const Bytes frame = encode(message).value();
        conversation.insert(conversation.end(), frame.begin(), frame.end());
        Bytes& seed = seeds.emplace_back(1, std::uint8_t{255});
        seed.insert(seed.end(), frame.begin(), frame.end());
    }
    seeds.push_back(std::move(conversation));
    return seeds;
}
