// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/commands.h"
#include "deploy/cli/json_output.h"
#include "deploy/control/private_host.h"
#include "deploy/cli/text_format.h"
#include "deploy/cli/verb.h"
#include "deploy/runtime/worker_process.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QSslSocket>
#include <QStandardPaths>
#include <QStorageInfo>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr int kWorkerTimeoutMs = 60'000; ///< LibTorch from a cold disk
constexpr int kGpuTimeoutMs = 10'000;
constexpr std::uint64_t kLittleSpace = 20'000'000'000;
constexpr TimePoint kBuilt = std::chrono::sys_days(std::chrono::year{2026} / 1 / 1); ///< no clock that is right shows less

struct Check {
    enum class Verdict { Good, Note, Bad };
    std::string name;
    Verdict verdict = Verdict::Good;
    std::string text;
};

const char* verdictName(Check::Verdict verdict)
{
    switch (verdict) {
    case Check::Verdict::Good: return "ok";
    case Check::Verdict::Note: return "note";
    case Check::Verdict::Bad: return "bad";
    }
    return "";
}

struct Ran {
    int exitCode = -1; ///< -1: did not start, or did not end in time
    std::string output;
};

Ran runProgram(const QString& program, const QStringList& arguments, int timeoutMs)
{
    QProcess process;
    process.start(program, arguments);
    const bool ended = process.waitForFinished(timeoutMs);
    if (!ended)
        process.kill();
    const bool exited = ended && process.exitStatus() == QProcess::NormalExit && process.error() == QProcess::UnknownError;
    return {exited ? process.exitCode() : -1, QByteArray(process.readAllStandardOutput() + process.readAllStandardError()).trimmed().toStdString()};
}

Check checkWorker()
{
    const auto program = runtime::WorkerProcess::findProgram();
    if (!program)
        return {"worker", Check::Verdict::Bad, program.error().message};
    const Ran ran = runProgram(*program, {QStringLiteral("--version")}, kWorkerTimeoutMs);
    if (ran.exitCode != 0)
        return {"worker", Check::Verdict::Bad, fmt::format("{} does not run: {}", program->toStdString(), ran.output)};
    return {"worker", Check::Verdict::Good, fmt::format("{}, {}", program->toStdString(), ran.output)};
}

Check checkGpus()
{
    const QString program = QStandardPaths::findExecutable(QStringLiteral("nvidia-smi"));
    const Ran ran = program.isEmpty()
        ? Ran{}
        : runProgram(program, {QStringLiteral("--query-gpu=name,memory.total,driver_version"), QStringLiteral("--format=csv,noheader")}, kGpuTimeoutMs);
    if (ran.exitCode != 0)
        return {"gpu", Check::Verdict::Note, "none: models run on the CPU"};
    return {"gpu", Check::Verdict::Good, ran.output};
}

Check checkSpace()
{
    QString folder = QString::fromStdString(control::PrivateHost::defaultDataFolder());
    while (!QDir(folder).exists() && folder.contains(QLatin1Char('/')))
        folder = folder.left(folder.lastIndexOf(QLatin1Char('/')));
    const QStorageInfo storage(folder.isEmpty() ? QStringLiteral("/") : folder);
    const auto free = static_cast<std::uint64_t>(std::max<qint64>(storage.bytesAvailable(), 0));
    return {"disk", free < kLittleSpace ? Check::Verdict::Note : Check::Verdict::Good,
        fmt::format("{} free at {}", bytesText(free), folder.toStdString())};
}

Check checkClock(const std::optional<control::HostInfo>& host)
{
    const TimePoint now = wallClockNow();
    if (now < kBuilt)
        return {"clock", Check::Verdict::Bad, "this machine's clock is wrong: it shows " + isoText(now)};
    if (host && host->startedAt > now)
        return {"clock", Check::Verdict::Bad, "the host says that it started in the future: one of the clocks is wrong"};
    return {"clock", Check::Verdict::Good, isoText(now)};
}

Check checkHost(const Session& session, const Result<control::HostInfo>& host)
{
    if (!host)
        return {"host", Check::Verdict::Note, host.error().message};
    std::string machines;
    for (const control::MachineInfo& machine : host->machines)
        machines += (machines.empty() ? "" : ", ") + machine.type.name;
    return {"host", Check::Verdict::Good, fmt::format("{}: Tintype {}, machine types {}", session.address().url, host->version, machines)};
}

Check checkKey(const Session& session)
{
    const std::string& key = session.address().key;
    return {"key", Check::Verdict::Good, key.empty() ? "none: enough for a host on this machine" : "id " + key.substr(0, key.find(':'))};
}

/// Prints what it finds. `healthy`: nothing is bad.
Result<> doctor(Session& session, const CommonOptions& options, bool& healthy)
{
    const auto host = session.await(session.control().host());
    const std::string qt = fmt::format("tintype {}, Qt {}, TLS: {}", TINTYPE_VERSION, qVersion(), QSslSocket::sslLibraryVersionString().toStdString());
    const std::vector<Check> checks{{"version", Check::Verdict::Good, qt}, checkWorker(), checkGpus(), checkSpace(),
        checkHost(session, host), checkKey(session), checkClock(host ? std::optional(*host) : std::nullopt)};
    Json array = Json::array();
    healthy = true;
    for (const Check& check : checks) {
        array.push_back({{"name", check.name}, {"verdict", verdictName(check.verdict)}, {"text", check.text}});
        healthy = healthy && check.verdict != Check::Verdict::Bad;
        if (!options.json)
            TINTYPE_TRY(print(fmt::format("{:<8} {:<5} {}\n", check.name, verdictName(check.verdict), check.text)));
    }
    return options.json ? printJson({{"ok", healthy}, {"checks", array}}) : Result<>();
}

} // namespace

void addDoctorCommand(CLI::App& parser, Action& action)
{
    const auto options = std::make_shared<CommonOptions>();
    CLI::App* const command = parser.add_subcommand("doctor", "Whether all that Tintype needs is there and works");
    addCommonOptions(*command, *options);
    command->callback([&action, options] {
        action = [options] {
            bool healthy = false;
            const int code = runVerb(*options, [&](Session& session) { return doctor(session, *options, healthy); });
            return code == 0 && !healthy ? 1 : code;
        };
    });
}

} // namespace tintype::cli
