// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_yaml.h"
#include "std_string.h"

#include <QTest>
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace tintype;
using namespace tintype::domain;
using namespace std::chrono_literals;

namespace {

constexpr std::string_view kSmallest = "name: a\n"
                                       "requirements: [file:m]\n"
                                       "setup: {model: file:m}\n";

constexpr std::string_view kEverything = R"(name: shapes-flux
machine_type: [GPU-H100, L]
num_gpus: 2
requirements:
  - file:./models/shapes-flux/
  - hf:black-forest-labs/FLUX.1-schnell@refs/pr/1
  - diffusers==0.32.2
keep_alive: 300
min_concurrency: 1
max_concurrency: 3
concurrency_buffer: 4
concurrency_buffer_perc: 50
scaling_delay: 6
max_multiplexing: 7
request_timeout: 8
startup_timeout: 9
termination_grace_period_seconds: 10
auth: shared
secrets: [HF_TOKEN, _X1]
regions: [us-west, eu-north]
setup:
  model: file:./models/shapes-flux/
  variant: fp16
  dtype: bfloat16
  scheduler: {class: DPMSolverSinglestepScheduler, shift: 3.5, use_karras_sigmas: true, name: "true", none: }
  loras: []
  warmup: {prompt: "a red circle", num_inference_steps: 4}
endpoints:
  /fast:
    task: text-to-image
    defaults: {num_inference_steps: 4, guidance_scale: 0.0, image_size: {width: 128, height: 256}}
  /:
)";

std::string problemsOf(std::string_view yaml)
{
    std::string text;
    for (const DefinitionProblem& problem : parseDefinition(yaml).problems)
        text += (text.empty() ? "" : "\n") + std::to_string(problem.line) + ":" + std::to_string(problem.column) + " "
            + problem.message;
    return text;
}

/// The smallest definition that is valid, with more lines.
std::string smallestWith(const std::string& lines) { return std::string(kSmallest) + lines; }

} // namespace

class tst_definition : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEveryField();
    void takesDefaults();
    void readsTheExamples();
    void refuses_data();
    void refuses();
    void tellsAllProblemsInTheOrderOfTheFile();
    void tellsWhereFieldsStand();
    void neverRepeatsASecret();
    void namesTheFileInItsError();
    void saysWhatIsNotSupportedYet();
    void knowsEveryFieldOfItsReadme();
};

void tst_definition::readsEveryField()
{
    QCOMPARE(problemsOf(kEverything), std::string());
    const AppDefinition definition = parseDefinition(kEverything).definition;
    QCOMPARE(definition.name, std::string("shapes-flux"));
    QCOMPARE(definition.numGpus, 2);
    QCOMPARE(definition.requirements.size(), 3UL);
    QCOMPARE(definition.requirements[0],
        (Requirement{Requirement::Kind::File, "file:./models/shapes-flux/", "models/shapes-flux", ""}));
    QCOMPARE(definition.requirements[1],
        (Requirement{Requirement::Kind::Hub, "hf:black-forest-labs/FLUX.1-schnell@refs/pr/1",
            "black-forest-labs/FLUX.1-schnell", "refs/pr/1"}));
    QCOMPARE(definition.requirements[2],
        (Requirement{Requirement::Kind::Pip, "diffusers==0.32.2", "diffusers==0.32.2", ""}));
    QCOMPARE(definition.scaling,
        (ScalingSettings{1, 3, 4, 50, 6s, 300s, 8s, 9s, 10s, 7, {{"GPU-H100", "L"}}, {{"us-west", "eu-north"}}}));
    QCOMPARE(definition.auth, std::optional(AuthMode::Shared));
    QCOMPARE(definition.secrets, (std::vector<std::string>{"HF_TOKEN", "_X1"}));
    QCOMPARE(definition.setup.model, std::string("file:./models/shapes-flux/"));
    QCOMPARE(definition.setup.variant, std::string("fp16"));
    QCOMPARE(definition.setup.dtype, std::string("bfloat16"));
    QCOMPARE(definition.setup.scheduler,
        std::string(
            R"({"class":"DPMSolverSinglestepScheduler","name":"true","none":null,"shift":3.5,"use_karras_sigmas":true})"));
    QCOMPARE(
        definition.setup.warmup, std::optional<std::string>(R"({"num_inference_steps":4,"prompt":"a red circle"})"));
    QCOMPARE(definition.endpoints,
        (std::vector<EndpointSpec>{{"/", "text-to-image", ""},
            {"/fast", "text-to-image",
                R"({"guidance_scale":0.0,"image_size":{"height":256,"width":128},"num_inference_steps":4})"}}));
}

void tst_definition::takesDefaults()
{
    QCOMPARE(problemsOf(kSmallest), std::string());
    const AppDefinition definition = parseDefinition(kSmallest).definition;
    QCOMPARE(definition.scaling, ScalingSettings());
    QCOMPARE(definition.numGpus, 1);
    QVERIFY(!definition.auth && !definition.setup.warmup && definition.setup.scheduler.empty());
    QCOMPARE(definition.endpoints, std::vector<EndpointSpec>{EndpointSpec{}});
    // Lists whose entries are all commented out.
    QCOMPARE(problemsOf(smallestWith("secrets:\nregions:\n")), std::string());
    QCOMPARE(problemsOf(std::string("\xEF\xBB\xBF") + std::string(kSmallest)), std::string());
    QCOMPARE(problemsOf("---\r\nname: a\r\nrequirements: [hf:o/n]\r\nsetup: {model: hf:o/n@main}\r\n...\r\n"),
        std::string());
}

void tst_definition::readsTheExamples()
{
    int count = 0;
    for (const auto& folder : std::filesystem::directory_iterator(TINTYPE_SOURCE_DIR "/examples")) {
        std::ifstream file(folder.path() / "app.yaml");
        if (!file)
            continue;
        const std::string yaml(std::istreambuf_iterator<char>(file), {});
        QCOMPARE(problemsOf(yaml), std::string());
        ++count;
    }
    QVERIFY(count >= 4);
}

void tst_definition::refuses_data()
{
    QTest::addColumn<QString>("yaml");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const std::string& yaml, const char* problem) {
        QTest::newRow(name) << QString::fromStdString(yaml) << QString::fromUtf8(problem);
    };
    const auto more = [&row](const char* lines, const char* problem) { row(lines, smallestWith(lines), problem); };
    const auto setup = [&row](const char* fields, const char* problem) {
        row(fields, std::string("name: a\nrequirements: [file:m]\nsetup: {model: file:m, ") + fields + "}\n", problem);
    };

    row("empty", "", "1:1 the file is empty");
    row("only a comment", "# nothing\n", "1:1 the file is empty");
    row("null", "---\n...\n", "1:1 the file is empty");
    row("list", "- a\n", "1:1 the file must be a map of fields, not a list");
    row("two documents", std::string(kSmallest) + "---\nname: b\n",
        "4:1 the file has more than one document; write each app into a file of its own");
    row("tab", "name: a\nsetup:\n\tmodel: file:m\n", "3:1 a tab stands where YAML takes only spaces");
    row("unclosed", "name: [a\n", "2:1 not valid YAML: end of sequence flow not found");
    row("latin-1", "name: a\n# \xE4\n", "2:3 not valid UTF-8");
    row("control character", std::string("name: a\n\x04more"), "2:1 a control character (U+0004) stands in the text");
    row("tag", "name: !!str a\nrequirements: [file:m]\nsetup: {model: file:m}\n",
        "1:7 the tag tag:yaml.org,2002:str is not supported");
    row("map as a key", "{a: 1}: 2\n", "1:1 a field's name must be plain text");

    row("no name", "requirements: [file:m]\nsetup: {model: file:m}\n", "1:1 name is missing");
    row("no setup", "name: a\n", "1:1 setup is missing: it names the model");
    row("no model", "name: a\nsetup: {dtype: auto}\n", "2:1 setup.model is missing");
    more("keep_alve: 3\n", "4:1 unknown field 'keep_alve'; did you mean keep_alive?");
    more("keep-alive: 3\n", "4:1 unknown field 'keep-alive'; did you mean keep_alive?");
    more("zzzz: 3\n", "4:1 unknown field 'zzzz'");
    more("retry_config: {}\n", "4:1 retry_config is a field of fal.App that Tintype does not have yet");
    more("app_auth: public\n", "4:1 unknown field 'app_auth'; fal.App's app_auth is called auth here");
    more("name: b\n", "4:1 'name' stands here twice, first in line 1");

    for (const char* name : {"A", "a_b", "-a", "a-", "a--b", "a b", "ä"})
        row(name, std::string("name: ") + name + "\nrequirements: [file:m]\nsetup: {model: file:m}\n",
            (std::string("1:7 name = ") + name + " is not kebab-case: small letters and digits, parts joined by one -")
                .c_str());
    row("long name", "name: " + std::string(65, 'a') + "\nrequirements: [file:m]\nsetup: {model: file:m}\n",
        "1:7 name has 65 characters; 64 are the limit");
    row("name is a list", "name: []\nrequirements: [file:m]\nsetup: {model: file:m}\n",
        "1:7 name must be a text, not a list");

    more("keep_alive: \"300\"\n", "4:13 keep_alive must be a whole number of seconds, not the text '300'");
    more("keep_alive: 300s\n", "4:13 keep_alive: write seconds as a number, such as 300, not '300s'");
    more("keep_alive: 1.5\n", "4:13 keep_alive must be a whole number of seconds, not '1.5'");
    more("keep_alive: -1\n", "4:13 keep_alive = -1 is not within 0 to 31536000");
    more("keep_alive: 99999999999999999999\n", "4:13 keep_alive = 99999999999999999999 is not within 0 to 31536000");
    more("keep_alive:\nauth: private\n", "4:1 keep_alive must be a whole number of seconds, not nothing");
    more("keep_alive: {a: 1}\n", "4:13 keep_alive must be a whole number of seconds, not a map");
    more("num_gpus: 9\n", "4:11 num_gpus = 9 is not within 1 to 8");
    more("num_gpus: 0x2\n", "4:11 num_gpus must be a whole number, not '0x2'");
    more("num_gpus: 02\n", "4:11 num_gpus must be a whole number, not '02'");
    more("num_gpus: true\n", "4:11 num_gpus must be a whole number, not 'true'");
    more("request_timeout: 0\n", "4:18 request_timeout = 0 is not within 1 to 86400");
    more("startup_timeout: 86401\n", "4:18 startup_timeout = 86401 is not within 1 to 86400");
    more("termination_grace_period_seconds: 31\n", "4:35 termination_grace_period_seconds = 31 is not within 0 to 30");
    more("max_concurrency: 1001\n", "4:18 max_concurrency = 1001 is not within 1 to 1000");
    more("max_multiplexing: 65\n", "4:19 max_multiplexing = 65 is not within 1 to 64");
    more("min_concurrency: 3\n", "4:1 min_concurrency = 3 is above max_concurrency = 2, the default");
    more("max_concurrency: 4\nmin_concurrency: 5\n", "5:1 min_concurrency = 5 is above max_concurrency = 4");
    more("auth: pubic\n", "4:7 auth = pubic is not one of private, public, shared; did you mean public?");
    more("machine_type: []\n", "4:15 machine_type names no machine");
    more("machine_type: [L, 'G P']\n", "4:19 machine_type[1] = G P is not the name of a machine type");
    more("machine_type: [L, L]\n", "4:19 machine_type[1] says the same as an entry before it");
    more("regions: [us-wst]\n", "4:11 regions[0] = us-wst is not a region; did you mean us-west?");
    more("secrets: HF_TOKEN\n", "4:10 secrets must be a list, not a single value");

    for (const auto& [requirement, problem] : std::vector<std::pair<std::string, std::string>>{
             {"file:/etc", "must be relative to the folder of the definition"},
             {"file:a/../../b", "must not leave the folder of the definition"},
             {"file:..", "must not leave the folder of the definition"}, {"'file:'", "names no folder"},
             {"file:a\\b", "must be written with /, not with \\"},
             {"hf:name", "is not hf:ORG/NAME or hf:ORG/NAME@REVISION"},
             {"hf:../x", "is not hf:ORG/NAME or hf:ORG/NAME@REVISION"},
             {"hf:a/b/c", "is not hf:ORG/NAME or hf:ORG/NAME@REVISION"},
             {"hf:o/n@", "does not name a branch, a tag or a commit after the @"},
             {"hf:o/n@a..b", "does not name a branch, a tag or a commit after the @"},
             {"'-r file'", "is neither file:, hf: nor the name of a Python package"}}) {
        std::string shown = requirement;
        std::erase(shown, '\'');
        row(requirement.c_str(), "name: a\nsetup: {model: file:m}\nrequirements:\n- file:m\n- " + requirement + "\n",
            ("5:3 requirements[1] = " + shown + " " + problem).c_str());
    }
    row("required twice", "name: a\nsetup: {model: file:m}\nrequirements: [file:m, file:./m/]\n",
        "3:24 requirements[1] = file:./m/ is required twice");
    row("model is not required", "name: a\nsetup: {model: hf:o/n@v2}\nrequirements: ['hf:o/n@v1', 'file:x', torch]\n",
        "2:9 setup.model = hf:o/n@v2 is not one of the requirements (hf:o/n@v1, file:x)");
    row("no requirements", "name: a\nsetup: {model: file:m}\n",
        "2:9 setup.model = file:m is not one of the requirements (there are none)");
    row("model is a package", "name: a\nrequirements: [torch]\nsetup: {model: torch}\n",
        "3:16 setup.model = torch is neither file: nor hf:");

    setup("dtpe: auto", "3:24 unknown field 'dtpe' in setup; did you mean dtype?");
    setup("dtype: float8",
        "3:31 setup.dtype = float8 is not one of auto, float32, bfloat16, float16; did you mean float32?");
    setup("loras: [x]", "3:31 setup.loras must be an empty list: LoRAs are not supported yet");
    setup("scheduler: Euler", "3:35 setup.scheduler must be a map, not a single value");
    setup("scheduler: {class: 3}", "3:36 setup.scheduler.class must be the name of a class");
    setup("warmup: {num_images: 1}", "3:24 setup.warmup.prompt is missing");
    setup("warmup: {prompt: x, seed: -1}", "3:44 setup.warmup.seed: Input should be greater than or equal to 0");
    setup("variant: a/b", "3:33 setup.variant = a/b may have only letters, digits, _ and -");

    more("endpoints: {}\n", "4:12 endpoints names no path");
    more("endpoints: [a]\n", "4:12 endpoints must be a map of fields, not a list");
    more("endpoints: {fast: }\n", "4:13 endpoint 'fast' must begin with /");
    more("endpoints: {/a/: }\n", "4:13 endpoint '/a/' may have only letters, digits, _ and - between its slashes");
    more("endpoints: {//: }\n", "4:13 endpoint '//' may have only letters, digits, _ and - between its slashes");
    more("endpoints: {/a.b: }\n", "4:13 endpoint '/a.b' may have only letters, digits, _ and - between its slashes");
    more("endpoints: {/a/stream: }\n", "4:13 endpoint '/a/stream' is reserved: hosts serve stream themselves");
    more("endpoints: {/openapi.json: }\n",
        "4:13 endpoint '/openapi.json' is reserved: hosts serve openapi.json themselves");
    more("endpoints: {/: {task: image-to-image}}\n",
        "4:23 endpoints./.task = image-to-image is not one of text-to-image");
    more("endpoints: {/: {default: {}}}\n", "4:17 unknown field 'default' in endpoints./; did you mean defaults?");
    more("endpoints: {/: {defaults: {num_inference_step: 4}}}\n",
        "4:28 unknown field 'num_inference_step' in endpoints./.defaults; did you mean num_inference_steps?");
    more("endpoints: {/: {defaults: {image_size: {width: 100, hight: 8}}}}\n",
        "4:41 endpoints./.defaults.image_size.width: Input should be a multiple of 8\n"
        "4:53 unknown field 'hight' in endpoints./.defaults.image_size; did you mean height?");
    more("endpoints: {/: {defaults: {output_format: jpg}}}\n",
        "4:28 endpoints./.defaults.output_format: Input should be 'png', 'jpeg' or 'webp'");
    more("endpoints: {/: {defaults: [a]}}\n", "4:27 endpoints./.defaults must be a map, not a list");

    row("app beside setup", "name: a\napp: x.py::A\nsetup: {}\nendpoints: {/: }\n",
        "3:1 setup cannot stand beside app: the Python class says it\n4:1 endpoints cannot stand beside app: the "
        "Python class says it");
    row("app elsewhere", "name: a\napp: ../x.py::A\n",
        "2:6 app = ../x.py::A is not FILE.py::CLASS in the definition's folder");
    row("app without a class", "name: a\napp: x.py\n",
        "2:6 app = x.py is not FILE.py::CLASS in the definition's folder");
}

void tst_definition::refuses()
{
    QFETCH(QString, yaml);
    QFETCH(QString, problem);
    const bool isLatin = QTest::currentDataTag() == std::string_view("latin-1");
    const std::string text = isLatin ? "name: a\n# \xE4\n" : yaml.toStdString();
    QCOMPARE(QString::fromStdString(problemsOf(text)), problem);
}

void tst_definition::tellsAllProblemsInTheOrderOfTheFile()
{
    QCOMPARE(problemsOf("kep_alive: 1\nname: A\nnum_gpus: 0\nnum_gpus: 1\nsetup: {model: file:m, dtype: x}\n"),
        std::string("1:1 unknown field 'kep_alive'; did you mean keep_alive?\n"
                    "2:7 name = A is not kebab-case: small letters and digits, parts joined by one -\n"
                    "3:11 num_gpus = 0 is not within 1 to 8\n"
                    "4:1 'num_gpus' stands here twice, first in line 3\n"
                    "5:9 setup.model = file:m is not one of the requirements (there are none)\n"
                    "5:31 setup.dtype = x is not one of auto, float32, bfloat16, float16"));
}

void tst_definition::tellsWhereFieldsStand()
{
    const auto marks = parseDefinition(kEverything).marks;
    QCOMPARE(marks.at("keep_alive"), (Mark{8, 1}));
    QCOMPARE(marks.at("requirements[1]"), (Mark{6, 5}));
    QCOMPARE(marks.at("setup.dtype"), (Mark{24, 3}));
    QCOMPARE(marks.at("endpoints./fast.defaults.image_size.width"), (Mark{31, 74}));
}

void tst_definition::neverRepeatsASecret()
{
    const std::string problems
        = problemsOf(smallestWith("secrets: [hf_verysecret]\n"
                                  "endpoints: {/: {defaults: {prompt: [my idea], negative_prompt: 7}}}\n"));
    QVERIFY(problems.find("5:") != std::string::npos);
    for (const char* secret : {"verysecret", "my idea"})
        QVERIFY2(problems.find(secret) == std::string::npos, problems.c_str());
}

void tst_definition::namesTheFileInItsError()
{
    const auto result
        = readDefinition("name: A\nnum_gpus: 0\nsetup: {model: file:m}\nrequirements: [file:m]\n", "app.yaml");
    QCOMPARE(result.error().code, ErrorCode::InvalidArgument);
    QCOMPARE(result.error().message,
        std::string("app.yaml:1:7: name = A is not kebab-case: small letters and digits, parts joined by one -\n"
                    "app.yaml:2:11: num_gpus = 0 is not within 1 to 8"));
    QCOMPARE(readDefinition(kSmallest, "app.yaml").value(), parseDefinition(kSmallest).definition);
}

void tst_definition::saysWhatIsNotSupportedYet()
{
    QVERIFY(!unsupportedParts(parseDefinition(kSmallest).definition));
    const auto package = unsupportedParts(parseDefinition(kEverything).definition);
    QVERIFY(package);
    QCOMPARE(package->code, ErrorCode::Unsupported);
    QVERIFY(package->message.find("diffusers==0.32.2 is a Python package") != std::string::npos);
    const auto parsed = parseDefinition("name: a\napp: sub/example.py::MyApp\nrequirements: [torch]\n");
    QVERIFY(parsed.problems.empty());
    QCOMPARE(parsed.definition.pythonApp, std::optional<std::string>("sub/example.py::MyApp"));
    QVERIFY(unsupportedParts(parsed.definition)->message.find("is a Python app") != std::string::npos);
}

void tst_definition::knowsEveryFieldOfItsReadme()
{
    std::ifstream file(TINTYPE_SOURCE_DIR "/deploy/domain/README.md");
    const std::string readme(std::istreambuf_iterator<char>(file), {});
    for (const FieldHelp& field : definitionFields()) {
        QVERIFY2(readme.find("`" + field.name + "`") != std::string::npos, field.name.c_str());
        QVERIFY2(!field.help.empty() && field.help.ends_with('.'), field.name.c_str());
    }
}

QTEST_GUILESS_MAIN(tst_definition)
#include "tst_definition.moc"
