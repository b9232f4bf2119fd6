// SPDX-License-Identifier: Apache-2.0
// app.yaml: no crash on any bytes; a definition without problems has one canonical form, which reads back as itself;
// every problem stands in the file.

#include "deploy/domain/definition_yaml.h"
#include "seeds.h"

#include <algorithm>
#include <cstdlib>
#include <string_view>

using namespace tintype;
using namespace tintype::domain;

namespace {

void require(bool holds)
{
    if (!holds)
        std::abort();
}

fuzz::Bytes seedOf(std::string_view yaml) { return {yaml.begin(), yaml.end()}; }

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const ParsedDefinition parsed = parseDefinition(text);
    const auto lines = static_cast<int>(std::ranges::count(text, '\n') + std::ranges::count(text, '\r')) + 1;
    for (const DefinitionProblem& problem : parsed.problems)
        require(problem.line >= 1 && problem.line <= lines && problem.column >= 1 && !problem.message.empty());
    if (!parsed.problems.empty())
        return 0;
    const std::string canonical = canonicalJson(parsed.definition);
    const auto back = definitionFromJson(canonical);
    require(back.has_value() && canonicalJson(*back) == canonical);
    return 0;
}

std::vector<fuzz::Bytes> fuzz::seeds()
{
    return {
        seedOf("name: a\nrequirements: [file:m]\nsetup: {model: file:m}\n"),
        seedOf(R"(name: shapes-flux
machine_type: [GPU-H100, L]
requirements:
  - &model hf:org/name@main
keep_alive: 300
auth: public
secrets: [HF_TOKEN]
regions: [us-west]
setup:
  model: *model
  scheduler: {class: Euler, shift: 1.5, list: [1, null, "x"]}
  warmup: {prompt: "a \"red\" circle\n", seed: 18446744073709551615}
endpoints:
  /:
    defaults: {num_inference_steps: 4, guidance_scale: 0.0, image_size: {width: 128, height: 128}}
  /fast/hd:
)"),
        seedOf("name: 'a'\napp: x.py::A\n# comment\nrequirements:\n- torch==2\n- >-\n  folded\n  text\n"),
        seedOf("{\"name\": \"a\", \"setup\": {\"model\": \"file:m\"}, \"requirements\": [\"file:m\"]}"),
        seedOf("a: &a [x]\nb: [*a, *a]\n? c\n: |\n  text\n--- \n...\n"),
    };
}
