// SPDX-License-Identifier: Apache-2.0
#include "engine/protocol/messages.h"

#include <QTest>
#include <limits>

using namespace tintype;
using namespace tintype::protocol;

namespace {

std::string errorOf(FrameType type, std::string header, std::vector<std::uint8_t> binary = {})
{
    const auto message = decode({.type = type, .header = std::move(header), .binary = std::move(binary)});
    if (message)
        return "no error";
    return message.error().code == ErrorCode::Protocol ? message.error().message
                                                       : "wrong code: " + message.error().message;
}

EncodedImage picture(std::size_t size, std::uint8_t fill)
{
    return {.bytes = std::vector<std::uint8_t>(size, fill), .contentType = "image/png", .width = 8, .height = 4};
}

Generate fullGenerate()
{
    Generate message{.request = "r-1", .input = {}};
    auto& input = message.input;
    input.prompt = "ein roter Kreis, 紅圈 🟥 \"\\\n";
    input.negativePrompt = "";
    input.width = 1024;
    input.height = 768;
    input.steps = 20;
    input.guidanceScale = 3.5;
    input.trueCfgScale = 1.1;
    input.guidanceRescale = 0.7;
    input.seed = std::numeric_limits<std::uint64_t>::max();
    input.scheduler = "EulerDiscreteScheduler";
    input.maxSequenceLength = 256;
    input.numImages = 4;
    input.format = ImageFormat::Webp;
    input.previews = true;
    input.returnLatents = true;
    input.returnImages = false;
    return message;
}

Finished fullResult()
{
    Finished message{.request = "r-1", .result = {}};
    auto& result = message.result;
    result.images = {picture(3, 0x89), picture(0, 0), picture(1000, 0xff)};
    result.latents.assign(17, 0x11);
    result.seed = 1ULL << 63;
    result.width = 8;
    result.height = 4;
    result.steps = 2;
    result.guidanceScale = 0.1;
    result.scheduler = "FlowMatchEulerDiscreteScheduler";
    result.warnings = {"the prompt was cut: \"…\""};
    result.timings = {.text = 0.1, .denoise = 1.0 / 3, .steps = {0.25, 1e-9}, .decode = 2, .encode = 3, .total = 4};
    return message;
}

Progressed progressed(std::optional<EncodedImage> preview)
{
    Progressed message{.request = "r", .progress = {}};
    message.progress.step = 1;
    message.progress.steps = 20;
    message.progress.stepSeconds = 0.5;
    message.progress.etaSeconds = 9.5;
    message.progress.preview = std::move(preview);
    return message;
}

std::vector<Message> oneOfEach()
{
    Load load;
    load.request = {.model = "org/name@main", .variant = "fp16", .dtype = "bfloat16", .device = "cuda:1", .threads = 8,
        .schedulerOverrides = R"({"shift": 3})"};
    Loaded loaded;
    loaded.card = {.family = "flux", .pipelineClass = "FluxPipeline", .device = "cpu", .dtype = "float32",
        .parameters = 12'000'000'000, .weightBytes = 24'000'000'000, .licence = "apache-2.0", .commit = "abc",
        .loadSeconds = 1.5};
    const Stats stats{.state = WorkerState::Busy, .requestsDone = 3, .requestsFailed = 1,
        .memory = {.used = 1, .peak = 2, .free = std::numeric_limits<std::uint64_t>::max()}};
    return {Hello{.build = "0.1.0", .device = "cuda"}, load, Generate{.request = "r", .input = {}}, fullGenerate(),
        Cancel{"r"}, Cancel{""}, Ping{7}, StatsRequest{}, Drain{},
        LoadProgressed{{.stage = "vae", .bytesDone = 1, .bytesTotal = 2}}, loaded, progressed({}),
        progressed(picture(20, 1)), Finished{.request = "r", .result = {}}, fullResult(),
        Failed{.request = "r", .error = {ErrorCode::OutOfMemory, "needs 40 GB, 24 GB are free", "detail"}}, Pong{7},
        stats};
}

/// A well-formed result of one picture of 3 bytes, in which one text is replaced.
std::string resultHeader(const std::string& what = {}, const std::string& by = {})
{
    std::string header = R"({"request":"r","seed":1,"width":8,"height":4,"steps":2,"guidance_scale":0.0,"scheduler":"s",
        "warnings":[],"timings":{"text":0,"denoise":0,"steps":[],"decode":0,"encode":0,"total":0},
        "images":[{"content_type":"image/png","width":8,"height":4,"bytes":3}],"latents_bytes":0})";
    if (const auto at = header.find(what); !what.empty() && at != std::string::npos)
        header.replace(at, what.size(), by);
    return header;
}

} // namespace

class TestMessages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesHeadersThatAreNoJsonObject()
    {
        QCOMPARE(errorOf(FrameType::Ping, ""), std::string("ping: not valid JSON"));
        QCOMPARE(errorOf(FrameType::Ping, "{\"number\":"), std::string("ping: not valid JSON"));
        QCOMPARE(errorOf(FrameType::Ping, "{} {}"), std::string("ping: not valid JSON"));
        QCOMPARE(errorOf(FrameType::Ping, "[7]"), std::string("ping: the top of the JSON is not an object"));
        QCOMPARE(errorOf(FrameType::Cancel, "{\"request\":\"\xff\xfe\"}"), std::string("cancel: not valid JSON"));
        const std::string deep = "{\"number\":" + std::string(1000, '[') + std::string(1000, ']') + "}";
        QVERIFY(errorOf(FrameType::Ping, deep).find("nested deeper") != std::string::npos);
    }

    void refusesMissingFields()
    {
        QCOMPARE(errorOf(FrameType::Hello, "{}"), std::string("hello: protocol is missing"));
        QCOMPARE(errorOf(FrameType::Load, "{}"), std::string("load: model is missing"));
        QCOMPARE(errorOf(FrameType::Generate, R"({"request":"r"})"), std::string("generate: prompt is missing"));
        QCOMPARE(errorOf(FrameType::Generate, R"({"request":"r","prompt":null})"),
            std::string("generate: prompt is missing"));
        QCOMPARE(errorOf(FrameType::Stats, R"({"requests_done":0,"requests_failed":0})"),
            std::string("stats: memory is not an object"));
    }

    void refusesWrongTypesAndRanges()
    {
        QCOMPARE(errorOf(FrameType::Ping, R"({"number":-1})"),
            std::string("ping: number = -1 is not a whole number from 0 to 2^64 - 1"));
        QCOMPARE(errorOf(FrameType::Ping, R"({"number":1.5})"),
            std::string("ping: number = 1.5 is not a whole number from 0 to 2^64 - 1"));
        QCOMPARE(errorOf(FrameType::Generate, R"({"request":"r","prompt":7})"),
            std::string("generate: prompt = 7 is not a string"));
        QCOMPARE(errorOf(FrameType::Generate, R"({"request":"r","prompt":"","width":3000000000})"),
            std::string("generate: width = 3000000000 is not within -2147483648 to 2147483647"));
        QCOMPARE(errorOf(FrameType::Generate, R"({"request":"r","prompt":"","output_format":"gif"})"),
            std::string("output_format = \"gif\" is not a known value"));
    }

    void refusesBinaryWhereNoneBelongs()
    {
        QCOMPARE(errorOf(FrameType::Ping, R"({"number":7})", {1}),
            std::string("frame: 1 bytes of binary in a message that has none"));
        QCOMPARE(errorOf(FrameType::Progress,
                     R"({"request":"r","step":1,"steps":2,"step_seconds":0,"eta_seconds":0})", {1}),
            std::string("progress: binary without a preview"));
    }

    void refusesResultsWhoseSizesLie()
    {
        QCOMPARE(errorOf(FrameType::Result, resultHeader(), {1, 2, 3}), std::string("no error"));
        QCOMPARE(errorOf(FrameType::Result, resultHeader(), {1, 2}),
            std::string("result: names 3 bytes where 2 are left"));
        QCOMPARE(errorOf(FrameType::Result, resultHeader(), {1, 2, 3, 4}),
            std::string("result: 1 bytes of binary that nothing names"));
        QCOMPARE(errorOf(FrameType::Result, resultHeader("\"bytes\":3", "\"bytes\":18446744073709551615"), {1, 2, 3}),
            std::string("result: names 18446744073709551615 bytes where 3 are left"));
        QCOMPARE(errorOf(FrameType::Result, resultHeader("\"latents_bytes\":0", "\"latents_bytes\":1"), {1, 2, 3}),
            std::string("result: names 1 bytes where 0 are left"));
        QCOMPARE(errorOf(FrameType::Result, resultHeader("\"images\":[", "\"images\":[7,"), {1, 2, 3}),
            std::string("result: an entry of images is not an object"));
        QCOMPARE(errorOf(FrameType::Result, resultHeader("\"images\"", "\"pictures\""), {1, 2, 3}),
            std::string("result: images is not a list"));
    }

    void encoderRefusesBadTextOfAPerson()
    {
        Generate generate = fullGenerate();
        generate.input.prompt = "\xff";
        const auto encoded = encode(generate);
        QVERIFY(!encoded);
        QCOMPARE(encoded.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(encoded.error().message, std::string("generate: a text is not valid UTF-8"));
    }

    void encoderRefusesNumbersThatJsonHasNot()
    {
        Generate generate = fullGenerate();
        generate.input.guidanceScale = std::numeric_limits<double>::quiet_NaN();
        QCOMPARE(encode(generate).error().message, std::string("generate: guidance_scale is not finite"));
    }

    void encoderMendsBadTextOfAWorker()
    {
        const auto bytes = encode(Failed{.request = "r", .error = {ErrorCode::Corrupt, "\xff: not JSON", {}}});
        QVERIFY(bytes.has_value());
        FrameDecoder decoder;
        decoder.feed(*bytes);
        const auto failed = decode(**decoder.next());
        QCOMPARE(std::get<Failed>(*failed).error.message, std::string("\xef\xbf\xbd: not JSON"));
    }

    void everyMessageSurvivesTheWire()
    {
        for (const Message& message : oneOfEach()) {
            const auto bytes = encode(message);
            QVERIFY(bytes.has_value());
            FrameDecoder decoder;
            decoder.feed(*bytes);
            auto frame = decoder.next();
            QVERIFY(frame.has_value() && frame->has_value());
            const auto again = decode(**std::move(frame));
            QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
            QVERIFY2(*again == message, ("message " + std::to_string(message.index())).c_str());
        }
    }

    void skipsUnknownFields()
    {
        QCOMPARE(errorOf(FrameType::Ping, R"({"number":7,"from_the_future":[1,2]})"), std::string("no error"));
    }

    void absentFieldsHaveTheDefaults()
    {
        const auto message
            = decode({.type = FrameType::Generate, .header = R"({"request":"r","prompt":"p"})", .binary = {}});
        Generate expected{.request = "r", .input = {}};
        expected.input.prompt = "p";
        QVERIFY(std::get<Generate>(*message) == expected);
    }
};

QTEST_GUILESS_MAIN(TestMessages)
#include "tst_messages.moc"
