// SPDX-License-Identifier: Apache-2.0
#include "engine/commands/commands.h"
#include "engine/commands/output.h"
#include "engine/commands/parity_case.h"
#include "engine/nn/engine_error.h"
#include "engine/runtime/device.h"

#include <ATen/Parallel.h>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace tintype::engine {
namespace {

struct Arguments {
    std::string cases;
    std::string device = "cpu";
    std::string dtype = "float32";
    int threads = 0;
    bool json = false;
    bool verbose = false;
};

Result<std::vector<std::filesystem::path>> caseFolders(const std::filesystem::path& root)
{
    std::vector<std::filesystem::path> folders;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(root, error)) {
        if (std::filesystem::exists(entry.path() / "case.json"))
            folders.push_back(entry.path());
    }
    if (folders.empty())
        return fail(ErrorCode::NotFound, fmt::format("{}: there are no parity cases here", root.string()));
    std::sort(folders.begin(), folders.end());
    return folders;
}

nlohmann::json toJson(const CaseReport& report)
{
    nlohmann::json stages = nlohmann::json::array();
    for (const StageReport& stage : report.stages)
        stages.push_back({{"stage", stage.stage}, {"error", stage.error}, {"gate", stage.gate}, {"passed", stage.passed()}});
    return {{"case", report.name}, {"passed", report.passed()}, {"first_drift", report.firstDrift()}, {"stages", stages}};
}

void print(const CaseReport& report, bool verbose)
{
    fmt::print("{}  {}{}{}\n", report.passed() ? "ok   " : "DRIFT", report.name, report.passed() ? "" : ": ", report.firstDrift());
    for (const StageReport& stage : report.stages) {
        if (verbose)
            fmt::print("         {:<28} {:.3g} (gate {:.3g})\n", stage.stage, stage.error, stage.gate);
    }
    std::fflush(stdout);
}

Result<int> run(const Arguments& arguments)
{
    TINTYPE_TRY_ASSIGN(const auto device, chooseDevice(arguments.device));
    TINTYPE_TRY_ASSIGN(const auto folders, caseFolders(arguments.cases));
    const at::ScalarType dtype = dtypeByName(arguments.dtype);
    if (arguments.threads > 0)
        at::set_num_threads(arguments.threads);
    nlohmann::json cases = nlohmann::json::array();
    int failed = 0;
    for (const auto& folder : folders) {
        const CaseReport report = runParityCase(folder, device, dtype);
        failed += report.passed() ? 0 : 1;
        cases.push_back(toJson(report));
        if (!arguments.json)
            print(report, arguments.verbose);
    }
    if (arguments.json)
        printJson({{"device", describeDevice(device)}, {"dtype", arguments.dtype}, {"failed", failed}, {"cases", cases}});
    else
        fmt::print("{} of {} cases within their gates\n", folders.size() - static_cast<std::size_t>(failed), folders.size());
    return failed == 0 ? 0 : 1;
}

} // namespace

int runParity(int argc, char** argv)
{
    Arguments arguments;
    CLI::App parser("Compare every stage of the engine with a reference's tensors");
    parser.name("tintype parity");
    parser.add_option("cases", arguments.cases, "Folder of cases, as tests/parity/pipelines.py writes it")->required();
    parser.add_option("--device", arguments.device, "cpu, cuda or cuda:N");
    parser.add_option("--dtype", arguments.dtype, "float32, bfloat16 or float16");
    parser.add_option("--threads", arguments.threads, "CPU threads");
    parser.add_flag("--verbose", arguments.verbose, "Print every stage");
    parser.add_flag("--json", arguments.json, "Print JSON");
    return runCommand(parser, argc, argv, arguments.json, [&] { return run(arguments); });
}

} // namespace tintype::engine
