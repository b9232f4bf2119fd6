// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/endpoint_input.h"
#include "std_string.h"

#include <QTest>
#include <algorithm>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::domain;

namespace {

const EndpointSpec kPlain;

/// JSON written with single quotes, since moc does not know raw strings.
std::string quoted(std::string json)
{
    std::ranges::replace(json, '\'', '"');
    return json;
}

/// The body of a call with prompt x and more fields.
std::string xWith(const std::string& fields) { return R"({"prompt":"x",)" + fields + "}"; }

GenerateRequest drawing(const std::string& prompt)
{
    GenerateRequest call;
    call.prompt = prompt;
    return call;
}

GenerateRequest sized(int width, int height)
{
    GenerateRequest call = drawing("x");
    call.width = width;
    call.height = height;
    return call;
}

GenerateRequest callOf(const std::string& body, const EndpointSpec& endpoint = kPlain)
{
    const auto input = parseEndpointInput(endpoint, body);
    return input ? input->call : drawing("REFUSED");
}

/// One line for each error: "body.seed int_type {ctx} input".
std::string errorsOf(const std::string& body, const EndpointSpec& endpoint = kPlain)
{
    const auto input = parseEndpointInput(endpoint, body);
    if (input)
        return "none";
    std::string text;
    for (const FieldError& error : input.error()) {
        text += text.empty() ? "" : "\n";
        for (const std::string& step : error.loc)
            text += (step == "body" ? "" : ".") + step;
        text += " " + error.type + " " + error.ctx + " " + error.input;
    }
    return text;
}

} // namespace

class tst_endpoint_input : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryField();
    void takesDefaultsOfTheEndpoint();
    void nullMeansTheModelsOwn();
    void takesPresets();
    void isAsLenientAsPydantic_data();
    void isAsLenientAsPydantic();
    void refuses_data();
    void refuses();
    void tellsEverythingThatIsWrong();
    void ignoresUnknownFields();
    void refusesWhatIsNotAnObject();
    void tellsWhereJsonBreaks();
    void neverRepeatsAPrompt();
    void countsCharactersNotBytes();
    void writesTheBodyOfA422();
    void badDefaultsDoNotCount();
};

void tst_endpoint_input::readsEveryField()
{
    const auto input = parseEndpointInput(
        kPlain, R"({"prompt": "a fox", "negative_prompt": "blur", "image_size": {"width": 64, "height": 4096},
        "num_inference_steps": 7, "guidance_scale": 3.5, "true_cfg_scale": 2, "guidance_rescale": 0.5,
        "seed": 18446744073709551615, "num_images": 4, "scheduler": "EulerDiscreteScheduler", "max_sequence_length": 256,
        "output_format": "webp", "sync_mode": true})");
    QVERIFY(input);
    EndpointInput expected;
    expected.call = {.prompt = "a fox",
        .negativePrompt = "blur",
        .width = 64,
        .height = 4096,
        .steps = 7,
        .guidanceScale = 3.5,
        .trueCfgScale = 2.0,
        .guidanceRescale = 0.5,
        .seed = UINT64_MAX,
        .scheduler = "EulerDiscreteScheduler",
        .maxSequenceLength = 256,
        .numImages = 4,
        .format = ImageFormat::Webp,
        .previews = false,
        .returnLatents = false,
        .returnImages = true};
    expected.syncMode = true;
    QCOMPARE(*input, expected);
    QCOMPARE(callOf(R"({"prompt": ""})"), GenerateRequest());
}

void tst_endpoint_input::takesDefaultsOfTheEndpoint()
{
    const EndpointSpec endpoint{.path = "/",
        .task = "text-to-image",
        .defaults
        = R"({"prompt":"a cat","num_inference_steps":4,"guidance_scale":0.0,"image_size":{"width":128,"height":256}})"};
    GenerateRequest defaults = sized(128, 256);
    defaults.prompt = "a cat";
    defaults.steps = 4;
    defaults.guidanceScale = 0.0;
    QCOMPARE(callOf("", endpoint), defaults);
    QCOMPARE(callOf("{}", endpoint), defaults);
    auto changed = defaults;
    changed.steps = 9;
    changed.width = changed.height = 512;
    QCOMPARE(callOf(R"({"num_inference_steps": 9, "image_size": "square"})", endpoint), changed);
    const EndpointSchema schema(endpoint);
    QCOMPARE(schema.parse(R"({"prompt": "a dog"})")->call.prompt, std::string("a dog"));
    QCOMPARE(schema.parse("")->call.prompt, std::string("a cat")); // the call before left nothing behind
    QVERIFY(!schema.needsPrompt());
}

void tst_endpoint_input::nullMeansTheModelsOwn()
{
    const EndpointSpec endpoint{
        .path = "/", .task = "text-to-image", .defaults = R"({"seed":7,"image_size":"square"})"};
    QCOMPARE(callOf(R"({"prompt":"x","seed":null,"image_size":null,"scheduler":null})", endpoint), drawing("x"));
    QCOMPARE(errorsOf(R"({"prompt":null,"num_images":null,"output_format":null,"sync_mode":null})"),
        std::string("body.prompt string_type  \n"
                    "body.num_images int_type  null\n"
                    "body.output_format one_of {\"expected\":[\"png\",\"jpeg\",\"webp\"]} null\n"
                    "body.sync_mode bool_type  null"));
}

void tst_endpoint_input::takesPresets()
{
    for (const auto& [name, width, height] : std::vector<std::tuple<std::string, int, int>>{{"square_hd", 1024, 1024},
             {"square", 512, 512}, {"portrait_4_3", 768, 1024}, {"portrait_16_9", 576, 1024},
             {"landscape_4_3", 1024, 768}, {"landscape_16_9", 1024, 576}})
        QCOMPARE(callOf(xWith(quoted("'image_size':'" + name + "'"))), sized(width, height));
    QCOMPARE(callOf(xWith(quoted("'image_size':{'width':'640'}"))), sized(640, 512));
}

// The expectations were read off pydantic 2.14 with the same fields.
void tst_endpoint_input::isAsLenientAsPydantic_data()
{
    QTest::addColumn<QString>("fields");
    QTest::addColumn<int>("steps");
    for (const char* four : {"4", "\"4\"", "\" 4 \"", "\"4.0\"", "\"+4\"", "\"04\"", "4.0", "0.4e1"})
        QTest::newRow(four) << QStringLiteral("\"num_inference_steps\":") + QString::fromUtf8(four) << 4;
    for (const char* yes : {"true", "\"yes\"", "\"on\"", "\"T\"", "\"y\"", "1", "1.0", "\"TRUE\"", "\"1\""})
        QTest::newRow(yes) << QStringLiteral("\"num_inference_steps\":4,\"sync_mode\":") + QString::fromUtf8(yes) << 4;
    for (const char* number : {"1.5", "\"1.5\"", "\" 1e1 \"", "\"+1\"", "100", "0", "-0", "-0.0"})
        QTest::newRow(number) << QStringLiteral("\"num_inference_steps\":4,\"seed\":-0,\"guidance_scale\":")
                + QString::fromUtf8(number)
                              << 4;
}

void tst_endpoint_input::isAsLenientAsPydantic()
{
    QFETCH(QString, fields);
    const GenerateRequest call = callOf("{\"prompt\":\"x\"," + fields.toStdString() + "}");
    QCOMPARE(call.prompt, std::string("x"));
    QTEST(call.steps.value_or(-1), "steps");
}

void tst_endpoint_input::refuses_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("errors");
    const auto row = [](const char* field, const char* errors) {
        QTest::newRow(field) << QString::fromUtf8(field) << QStringLiteral("body.") + QString::fromUtf8(errors);
    };
    row(R"("num_inference_steps":0)", R"(num_inference_steps greater_than_equal {"ge":1} 0)");
    row(R"("num_inference_steps":-1)", R"(num_inference_steps greater_than_equal {"ge":1} -1)");
    row(R"("num_inference_steps":1001)", R"(num_inference_steps less_than_equal {"le":1000} 1001)");
    row(R"("num_inference_steps":1e300)", R"(num_inference_steps less_than_equal {"le":1000} 1e+300)");
    row(R"("num_inference_steps":"1001")", R"(num_inference_steps less_than_equal {"le":1000} "1001")");
    row(R"("num_inference_steps":4.5)", R"(num_inference_steps int_from_float  4.5)");
    row(R"("num_inference_steps":"4.5")", R"(num_inference_steps int_parsing  "4.5")");
    row(R"("num_inference_steps":"0x4")", R"(num_inference_steps int_parsing  "0x4")");
    row(R"("num_inference_steps":"")", R"(num_inference_steps int_parsing  "")");
    row(R"("num_inference_steps":"nan")", R"(num_inference_steps int_parsing  "nan")");
    row(R"("num_inference_steps":true)", R"(num_inference_steps int_type  true)");
    row(R"("num_inference_steps":[4])", R"(num_inference_steps int_type  )");
    row(R"("seed":-1)", R"(seed greater_than_equal {"ge":0} -1)");
    row(R"("seed":18446744073709551616)", R"(seed less_than_equal {"le":18446744073709551615} 1.8446744073709552e+19)");
    row(R"("guidance_scale":-0.1)", R"(guidance_scale greater_than_equal {"ge":0} -0.1)");
    row(R"("guidance_scale":100.1)", R"(guidance_scale less_than_equal {"le":100} 100.1)");
    row(R"("guidance_scale":"inf")", R"(guidance_scale float_parsing  "inf")");
    row(R"("guidance_scale":"3,5")", R"(guidance_scale float_parsing  "3,5")");
    row(R"("guidance_scale":false)", R"(guidance_scale float_type  false)");
    row(R"("guidance_scale":{})", R"(guidance_scale float_type  )");
    row(R"("guidance_rescale":1.5)", R"(guidance_rescale less_than_equal {"le":1} 1.5)");
    row(R"("num_images":65)", R"(num_images less_than_equal {"le":64} 65)");
    row(R"("max_sequence_length":513)", R"(max_sequence_length less_than_equal {"le":512} 513)");
    row(R"("scheduler":3)", R"(scheduler string_type  3)");
    row(R"("output_format":"jpg")", R"(output_format one_of {"expected":["png","jpeg","webp"]} "jpg")");
    row(R"("sync_mode":"maybe")", R"(sync_mode bool_parsing  "maybe")");
    row(R"("sync_mode":2)", R"(sync_mode bool_parsing  2)");
    row(R"("sync_mode":[])", R"(sync_mode bool_type  )");
    row(R"("image_size":{"width":100})", R"(image_size.width multiple_of {"multiple_of":8} 100)");
    row(R"("image_size":{"width":56,"height":4104})",
        "image_size.width greater_than_equal {\"ge\":64} 56\nbody.image_size.height less_than_equal {\"le\":4096} "
        "4104");
    row(R"("image_size":{"height":null})", R"(image_size.height int_type  null)");
    row(R"("image_size":"huge")",
        R"(image_size one_of {"expected":["square_hd","square","portrait_4_3","portrait_16_9","landscape_4_3","landscape_16_9"]} "huge")");
    row(R"("image_size":512)",
        R"(image_size one_of {"expected":["square_hd","square","portrait_4_3","portrait_16_9","landscape_4_3","landscape_16_9"]} 512)");
}

void tst_endpoint_input::refuses()
{
    QFETCH(QString, field);
    QTEST(QString::fromStdString(errorsOf("{\"prompt\":\"x\"," + field.toStdString() + "}")), "errors");
}

void tst_endpoint_input::tellsEverythingThatIsWrong()
{
    QCOMPARE(errorsOf(R"({"seed":-1,"num_images":0})"),
        std::string("body.prompt missing  \nbody.seed greater_than_equal {\"ge\":0} -1\n"
                    "body.num_images greater_than_equal {\"ge\":1} 0"));
    QCOMPARE(errorsOf(""), std::string("body.prompt missing  "));
}

void tst_endpoint_input::ignoresUnknownFields()
{
    QCOMPARE(
        callOf(R"({"prompt":"x","enable_safety_checker":true,"loras":[{"path":"y"}],"previews":true})"), drawing("x"));
}

void tst_endpoint_input::refusesWhatIsNotAnObject()
{
    for (const char* body : {"[]", "null", "\"prompt\"", "7"})
        QCOMPARE(errorsOf(body), std::string("body model_attributes_type  "));
}

void tst_endpoint_input::tellsWhereJsonBreaks()
{
    const std::string ctx = R"( json_invalid {"error":"not valid JSON"} )";
    QCOMPARE(errorsOf("{"), "body.1" + ctx);
    QCOMPARE(errorsOf(R"({"prompt": x})"), "body.11" + ctx);
    QCOMPARE(errorsOf(" "), "body.1" + ctx);
    QCOMPARE(errorsOf(R"({"seed":1e999})"), "body.0" + ctx);
    QVERIFY(errorsOf("{\"prompt\":\"\xE4\"}").find("json_invalid") != std::string::npos);
    QVERIFY(errorsOf(R"({"prompt":NaN})").find("json_invalid") != std::string::npos);
    QVERIFY(errorsOf(std::string(1000000, '[')).find("json_invalid") != std::string::npos);
    const std::string deep = R"({"prompt":)" + std::string(500000, '[') + std::string(500000, ']') + "}";
    QCOMPARE(errorsOf(deep), std::string("body.prompt string_type  "));
}

void tst_endpoint_input::neverRepeatsAPrompt()
{
    for (const char* body : {"{'prompt':['secret']}", "{'prompt':{'a':'secret'}}",
             "{'prompt':'x','negative_prompt':['secret'],'seed':-1}", "{'prompt':'secret' 'seed'}",
             "{'prompt':'secret','seed':1e999}", "{'prompt':'secret\xFF'}", "['secret']", "'secret'"}) {
        const auto input = parseEndpointInput(kPlain, quoted(body));
        QVERIFY2(!input, body);
        QVERIFY2(validationErrorBody(input.error()).find("secret") == std::string::npos, body);
    }
    const std::string scheduler = quoted("'scheduler':'") + std::string(101, 's') + quoted("'");
    QCOMPARE(errorsOf(xWith(scheduler)), std::string("body.scheduler string_too_long {\"max_length\":100} "));
}

void tst_endpoint_input::countsCharactersNotBytes()
{
    std::string prompt;
    for (int i = 0; i < 10000; ++i)
        prompt += "ä";
    QCOMPARE(callOf("{\"prompt\":\"" + prompt + "\"}").prompt, prompt);
    QCOMPARE(errorsOf("{\"prompt\":\"" + prompt + "a\"}"),
        std::string("body.prompt string_too_long {\"max_length\":10000} "));
}

void tst_endpoint_input::writesTheBodyOfA422()
{
    const auto input = parseEndpointInput(kPlain, R"({"seed":-1})");
    const std::string expected = quoted(
        "{'detail':[{'type':'missing','loc':['body','prompt'],'msg':'Field "
        "required','url':'https://docs.fal.ai/errors/#missing'},"
        "{'type':'greater_than_equal','loc':['body','seed'],'msg':'Input should be greater than or equal to 0',"
        "'input':-1,'ctx':{'ge':0},'url':'https://docs.fal.ai/errors/#greater_than_equal'}]}");
    QCOMPARE(validationErrorBody(input.error()), expected);
    const auto broken = nlohmann::json::parse(validationErrorBody(parseEndpointInput(kPlain, "{x").error()));
    QVERIFY(broken["detail"][0]["loc"][1] == 1);
}

void tst_endpoint_input::badDefaultsDoNotCount()
{
    for (const char* defaults : {"", "{", "[]", "7", R"({"seed":-1})"}) {
        const EndpointSpec endpoint{.path = "/", .task = "text-to-image", .defaults = defaults};
        auto expected = drawing("x");
        expected.seed = 1;
        QCOMPARE(callOf(xWith(quoted("'seed':1")), endpoint), expected);
    }
}

QTEST_GUILESS_MAIN(tst_endpoint_input)
#include "tst_endpoint_input.moc"
