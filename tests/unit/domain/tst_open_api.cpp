// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/open_api.h"
#include "std_string.h"

#include <QTest>
#include <nlohmann/json.hpp>
#include <set>

using namespace tintype::domain;
using Json = nlohmann::ordered_json;

namespace {

const EndpointSpec kFast{.path = "/fast/hd",
    .task = "text-to-image",
    .defaults = R"({"num_inference_steps":4,"image_size":{"width":128,"height":128},"prompt":"a cat"})"};

AppDefinition definition()
{
    AppDefinition definition;
    definition.name = "my-app";
    definition.endpoints = {EndpointSpec{}, kFast};
    return definition;
}

std::string text(const Json& value) { return value.dump(); }

void collectReferences(const Json& value, std::set<std::string>& references)
{
    if (value.is_object() && value.contains("$ref"))
        references.insert(value["$ref"].get<std::string>());
    if (value.is_structured()) {
        for (const auto& item : value)
            collectReferences(item, references);
    }
}

/// Every reference leads somewhere, and everything that is described is used.
void checkReferences(const Json& document)
{
    std::set<std::string> references;
    collectReferences(document, references);
    std::set<std::string> described;
    for (const auto& [name, schema] : document["components"]["schemas"].items())
        described.insert("#/components/schemas/" + name);
    QCOMPARE(references, described);
}

std::vector<std::string> keysOf(const Json& object)
{
    std::vector<std::string> keys;
    for (const auto& [key, value] : object.items())
        keys.push_back(key);
    return keys;
}

/// Properties are listed in their order, and what is required is one of them.
void checkObjects(const Json& schemas)
{
    for (const auto& [name, schema] : schemas.items()) {
        const auto properties = keysOf(schema["properties"]);
        if (schema.contains("x-fal-order-properties"))
            QCOMPARE(schema["x-fal-order-properties"].get<std::vector<std::string>>(), properties);
        for (const auto& required : schema.value("required", Json::array()))
            QVERIFY2(schema["properties"].contains(required.get<std::string>()), name.c_str());
    }
}

} // namespace

class tst_open_api : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void appDocumentIsWhole();
    void appDescribesEveryWayToCall();
    void inputTellsLimitsAndDefaults();
    void outputHasWhatACallGives();
    void queueDocumentHasFalsShape();
    void aPythonAppHasNoPaths();
};

void tst_open_api::appDocumentIsWhole()
{
    const Json document = Json::parse(appOpenApi(definition()));
    QCOMPARE(text(document["openapi"]), text(Json("3.1.0")));
    QCOMPARE(text(document["info"]["title"]), text(Json("my-app")));
    checkReferences(document);
    checkObjects(document["components"]["schemas"]);
    std::set<std::string> ids;
    for (const auto& [path, item] : document["paths"].items())
        ids.insert(item["post"]["operationId"].get<std::string>());
    QCOMPARE(ids.size(), document["paths"].size());
}

void tst_open_api::appDescribesEveryWayToCall()
{
    const Json document = Json::parse(appOpenApi(definition()));
    const std::vector<std::string> paths{
        "/", "/stream", "/realtime", "/fast/hd", "/fast/hd/stream", "/fast/hd/realtime"};
    QCOMPARE(keysOf(document["paths"]), paths);
    QCOMPARE(document["x-fal-order-paths"].get<std::vector<std::string>>(), paths);
    QVERIFY(document["paths"]["/stream"]["post"]["responses"]["200"]["content"].contains("text/event-stream"));
    QCOMPARE(text(document["paths"]["/fast/hd/realtime"]["x-fal-protocol"]["type"]), text(Json("realtime")));
    QVERIFY(!document["paths"]["/"].contains("x-fal-protocol"));
    QCOMPARE(
        text(document["paths"]["/fast/hd"]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]),
        text(Json("#/components/schemas/fast.hd.Input")));
}

void tst_open_api::inputTellsLimitsAndDefaults()
{
    const Json schemas = Json::parse(appOpenApi(definition()))["components"]["schemas"];
    const Json& plain = schemas["Input"];
    QCOMPARE(text(plain["required"]), text(Json::array({"prompt"})));
    QVERIFY(!plain["properties"]["prompt"].contains("default"));
    QCOMPARE(text(plain["properties"]["prompt"]["ui"]["important"]), text(Json(true)));
    QCOMPARE(text(plain["properties"]["prompt"]["maxLength"]), text(Json(10000)));
    QCOMPARE(text(plain["properties"]["num_images"]["default"]), text(Json(1)));
    QCOMPARE(text(plain["properties"]["output_format"]["enum"]), text(Json::array({"png", "jpeg", "webp"})));
    QCOMPARE(text(plain["properties"]["output_format"]["default"]), text(Json("png")));
    QVERIFY(!plain["properties"]["num_inference_steps"].contains("default"));
    QCOMPARE(text(plain["properties"]["num_inference_steps"]["type"]), text(Json("integer")));
    QCOMPARE(text(plain["properties"]["num_inference_steps"]["title"]), text(Json("Num Inference Steps")));
    QCOMPARE(text(plain["properties"]["guidance_scale"]["type"]), text(Json("number")));
    QCOMPARE(text(plain["properties"]["seed"]["maximum"]), text(Json(UINT64_MAX)));
    QCOMPARE(text(plain["properties"]["sync_mode"]),
        std::string(
            R"({"title":"Sync Mode","type":"boolean",)"
            R"("description":"Pictures come back as data URIs inside the JSON and are not kept.","default":false})"));
    QCOMPARE(text(plain["properties"]["image_size"]["anyOf"][0]["$ref"]), text(Json("#/components/schemas/ImageSize")));
    QCOMPARE(plain["properties"]["image_size"]["anyOf"][1]["enum"].size(), 6UL);
    const Json& fast = schemas["fast.hd.Input"];
    QVERIFY(!fast.contains("required"));
    QCOMPARE(text(fast["properties"]["prompt"]["default"]), text(Json("a cat")));
    QCOMPARE(text(fast["properties"]["num_inference_steps"]["default"]), text(Json(4)));
    QCOMPARE(text(fast["properties"]["image_size"]["default"]["width"]), text(Json(128)));
}

void tst_open_api::outputHasWhatACallGives()
{
    const Json schemas = Json::parse(appOpenApi(definition()))["components"]["schemas"];
    QCOMPARE(keysOf(schemas["Image"]["properties"]),
        (std::vector<std::string>{"url", "width", "height", "content_type", "file_name", "file_size"}));
    QCOMPARE(keysOf(schemas["Output"]["properties"]),
        (std::vector<std::string>{"images", "image", "seed", "prompt", "timings", "warnings"}));
    QCOMPARE(keysOf(schemas["Timings"]["properties"]),
        (std::vector<std::string>{"queue", "setup", "text", "denoise", "steps", "decode", "encode", "total"}));
}

void tst_open_api::queueDocumentHasFalsShape()
{
    const Json document = Json::parse(queueOpenApi(kFast, "local/my-app/fast/hd", "https://host:7870"));
    QCOMPARE(text(document["openapi"]), text(Json("3.0.4")));
    QCOMPARE(text(document["info"]["title"]), text(Json("Queue OpenAPI for local/my-app/fast/hd")));
    QCOMPARE(text(document["info"]["x-fal-metadata"]["endpointId"]), text(Json("local/my-app/fast/hd")));
    QCOMPARE(text(document["servers"][0]["url"]), text(Json("https://host:7870")));
    QCOMPARE(text(document["components"]["securitySchemes"]["apiKeyAuth"]["name"]), text(Json("Authorization")));
    checkReferences(document);
    checkObjects(document["components"]["schemas"]);
    const std::string submit = "/local/my-app/fast/hd";
    const std::string request = submit + "/requests/{request_id}";
    QCOMPARE(keysOf(document["paths"]),
        (std::vector<std::string>{submit, request + "/status", request + "/cancel", request}));
    QCOMPARE(text(document["paths"][submit]["post"]["requestBody"]["content"]["application/json"]["schema"]["$ref"]),
        text(Json("#/components/schemas/Input")));
    QCOMPARE(
        text(document["paths"][request]["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]),
        text(Json("#/components/schemas/Output")));
    QVERIFY(document["paths"][request + "/cancel"].contains("put"));
    QCOMPARE(text(document["components"]["schemas"]["QueueStatus"]["required"]),
        text(Json::array({"status", "request_id"})));
    QVERIFY(document.dump().find("\"null\"") == std::string::npos); // OpenAPI 3.0 has no such type
}

void tst_open_api::aPythonAppHasNoPaths()
{
    AppDefinition python;
    python.pythonApp = "x.py::A";
    QCOMPARE(text(Json::parse(appOpenApi(python))["paths"]), text(Json::object()));
}

QTEST_GUILESS_MAIN(tst_open_api)
#include "tst_open_api.moc"
