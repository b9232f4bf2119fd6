// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_yaml.h"
#include "std_string.h"

#include <QTest>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tintype;
using namespace tintype::domain;

namespace {

std::string canonical(const std::string& yaml)
{
    const auto definition = readDefinition(yaml, "app.yaml");
    return definition ? canonicalJson(*definition) : definition.error().message;
}

constexpr const char* kSmallest = R"({"endpoints":{"/":{"task":"text-to-image"}},"name":"a",)"
                                  R"("requirements":["hf:o/n"],"setup":{"model":"hf:o/n"}})";

} // namespace

class tst_definition_json : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void leavesDefaultsOut();
    void isTheSameForEqualDefinitions();
    void tellsDifferentOnesApart();
    void comesBackAsItWent();
    void refuses_data();
    void refuses();
};

void tst_definition_json::leavesDefaultsOut()
{
    QCOMPARE(canonical("name: a\nrequirements: [hf:o/n]\nsetup: {model: hf:o/n}\n"), std::string(kSmallest));
    QCOMPARE(canonical(R"(# Everything that is the default anyway.
endpoints: {/: {defaults: {seed: }}}
setup: {loras: [], dtype: auto, scheduler: {}, warmup: , model: 'hf:o/n@main'}
regions: []
secrets: []
termination_grace_period_seconds: 5
startup_timeout: 600
request_timeout: 3600
max_multiplexing: 1
scaling_delay: 0
concurrency_buffer_perc: 0
concurrency_buffer: 0
max_concurrency: 2
min_concurrency: 0
keep_alive: 10
requirements: ["hf:o/n@main"]
num_gpus: 1
machine_type: [XS]
name: "a"
)"),
        std::string(kSmallest));
}

void tst_definition_json::isTheSameForEqualDefinitions()
{
    const std::string one = canonical(R"(name: a
machine_type: L
requirements: [file:m, torch]
setup:
  model: file:m
  scheduler: {b: 1, a: 0.50}
endpoints:
  /b:
  /: {defaults: {num_inference_steps: 4, guidance_scale: 0, image_size: square_hd, output_format: png}}
)");
    QCOMPARE(canonical(R"(endpoints:
  /:
    defaults: {output_format: "png", image_size: {height: 1024, width: 1024.0}, guidance_scale: 0.0, num_inference_steps: "4"}
    task: text-to-image
  /b: {task: text-to-image, defaults: {}}
setup: {scheduler: {a: .5, b: 1}, model: "file:./m"}
requirements: ["file:./m/", torch]
machine_type: [L]
name: a
)"),
        one);
    QCOMPARE(one,
        std::string(
            R"({"endpoints":{"/":{"defaults":{"guidance_scale":0.0,"image_size":{"height":1024,"width":1024},)"
            R"("num_inference_steps":4,"output_format":"png"},"task":"text-to-image"},"/b":{"task":"text-to-image"}},)"
            R"("machine_type":["L"],"name":"a","requirements":["file:m","torch"],)"
            R"("setup":{"model":"file:m","scheduler":{"a":0.5,"b":1}}})"));
}

void tst_definition_json::tellsDifferentOnesApart()
{
    const std::string smallest = "name: a\nrequirements: [hf:o/n]\nsetup: {model: hf:o/n}\n";
    for (const char* more :
        {"auth: private\n", "keep_alive: 11\n", "num_gpus: 2\n", "secrets: [X]\n", "regions: [us-east]\n",
            "machine_type: [XS, S]\n", "endpoints: {/: {defaults: {prompt: x}}}\n", "endpoints: {/x: }\n"})
        QVERIFY2(canonical(smallest + more) != kSmallest, more);
}

void tst_definition_json::comesBackAsItWent()
{
    std::vector<std::string> texts{kSmallest, canonical("name: a\napp: x.py::A\nrequirements: [torch]\n")};
    for (const auto& folder : std::filesystem::directory_iterator(TINTYPE_SOURCE_DIR "/examples")) {
        std::ifstream file(folder.path() / "app.yaml");
        if (file)
            texts.push_back(canonical(std::string(std::istreambuf_iterator<char>(file), {})));
    }
    texts.push_back(
        canonical("name: a\nauth: public\nmin_concurrency: 2\nmax_concurrency: 9\nregions: [eu-west]\nsecrets: [A]\n"
                  "requirements: [file:m]\nsetup:\n  model: file:m\n  variant: fp16\n"
                  "  warmup: {prompt: \"t\\xEBxt \\U0001F600 \\\"quoted\\\"\\n\", seed: 18446744073709551615}\n"
                  "  scheduler: {x: 1.0e-5, y: -3, z: [1, {a: \"007\"}], n: , t: True}\n"));
    for (const std::string& text : texts) {
        const auto back = definitionFromJson(text);
        QVERIFY2(back.has_value(), text.c_str());
        QCOMPARE(canonicalJson(*back), text);
    }
    QVERIFY(texts.size() >= 7);
    const AppDefinition definition = definitionFromJson(texts.back()).value();
    QCOMPARE(definitionFromJson(canonicalJson(definition)).value(), definition);
}

void tst_definition_json::refuses_data()
{
    QTest::addColumn<QString>("json");
    QTest::addColumn<QString>("message");
    const auto row = [](const std::string& json, const char* message) {
        QTest::newRow(message) << QString::fromStdString(json) << QString::fromUtf8(message);
    };
    row("{", "definition: not valid JSON");
    row("[]", "definition: the top of the JSON is not an object");
    row("{}", "definition: name is missing; setup is missing: it names the model");
    row(R"({"name":"a","keep_alive":"3","requirements":["hf:o/n"],"setup":{"model":"hf:o/n"}})",
        "definition: keep_alive must be a whole number of seconds, not the text '3'");
    row(R"({"name":"a","keep_alive":1e3,"requirements":["hf:o/n"],"setup":{"model":"hf:o/n"}})",
        "definition: keep_alive must be a whole number of seconds, not '1000.0'");
    row(R"({"nam":"a","requirements":["hf:o/n"],"setup":{"model":"hf:o/n"}})",
        "definition: unknown field 'nam'; did you mean name?; name is missing");
    row(std::string(R"({"name":)") + std::string(1000, '[') + std::string(1000, ']') + "}",
        "definition: JSON is nested deeper than 100 levels");
}

void tst_definition_json::refuses()
{
    QFETCH(QString, json);
    const auto result = definitionFromJson(json.toStdString());
    QVERIFY(!result);
    QTEST(QString::fromStdString(result.error().message), "message");
}

QTEST_GUILESS_MAIN(tst_definition_json)
#include "tst_definition_json.moc"
