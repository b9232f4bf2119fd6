// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/run_display.h"

#include "deploy/cli/app_output.h"
#include "deploy/cli/log_reader.h"
#include "deploy/cli/rollout_wait.h"

#include <QUrl>
#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr const char* kPromptExample = "a large red circle on a white background";

std::string whoMayCall(const std::string& auth)
{
    return auth == "public" ? "public: whoever reaches this host may call it" : "private: callers need a key of this host";
}

std::string urlOf(const control::DeployReceipt& receipt, const char* name)
{
    const auto found = receipt.urls.find(name);
    return found == receipt.urls.end() ? std::string() : found->second;
}

/// On one port the queue has no address of its own: a header asks for it.
std::string queueText(const control::DeployReceipt& receipt)
{
    if (const std::string queue = urlOf(receipt, "queue"); !queue.empty())
        return queue;
    const std::string run = urlOf(receipt, "run");
    const std::string path = QUrl(QString::fromStdString(run)).path().toStdString();
    return fmt::format("{}  with the header x-fal-target-url: https://queue.fal.run{}", run, path);
}

std::string curlLine(const control::DeployReceipt& receipt, const std::string& auth, const control::HostAddress& host)
{
    return fmt::format("curl -s {}{}{} -d '{{\"prompt\": \"{}\"}}'", host.caFile.empty() ? "" : "--cacert " + host.caFile + " ",
        urlOf(receipt, "run"), auth == "public" ? "" : " -H \"Authorization: Key $TINTYPE_KEY\"", kPromptExample);
}

} // namespace

RunDisplay::RunDisplay(Session& session, Options options)
    : m_session(session)
    , m_options(options)
{
    connect(&session.control(), &control::Control::happened, this, &RunDisplay::onEvent);
    connect(&session.control(), &control::Control::leaseEnded, this,
        [this](const std::string&, const Error& reason) { end(tl::unexpected(reason)); });
}

Result<> RunDisplay::showApp(const control::DeployReceipt& receipt, const std::string& auth)
{
    if (m_options.json)
        return printJsonLine({{"type", "app"}, {"app", receipt.app}, {"revision", receipt.revision}, {"auth_mode", auth}, {"urls", urlsJson(receipt.urls)}});
    m_display.note(fmt::format("\nEphemeral app {} ({})", receipt.app, whoMayCall(auth)));
    m_display.note("  run    " + urlOf(receipt, "run"));
    m_display.note("  queue  " + queueText(receipt));
    m_display.note("  " + curlLine(receipt, auth, m_session.address()));
    m_display.note("Deleted when this ends: Ctrl-C.\n");
    return {};
}

Result<> RunDisplay::untilEnd()
{
    if (m_ended)
        return m_outcome;
    if (!m_session.waitIn(m_loop))
        return fail(ErrorCode::Cancelled, "interrupted");
    return m_outcome;
}

void RunDisplay::end(const Result<>& outcome)
{
    if (std::exchange(m_ended, true))
        return;
    m_outcome = outcome;
    m_loop.quit();
}

void RunDisplay::onEvent(const control::Event& event)
{
    if (const auto* changed = std::get_if<control::ReplicaChanged>(&event))
        onReplica(changed->replica);
    else if (const auto* request = std::get_if<control::RequestChanged>(&event))
        onRequest(request->request);
    else if (const auto* line = std::get_if<control::LogAdded>(&event); line && m_options.logs)
        std::ignore = printLogLine(line->line, m_options.json);
    else if (const auto* rollout = std::get_if<control::RolloutEnded>(&event); rollout && rollout->error)
        end(tl::unexpected(*rollout->error));
    else if (std::holds_alternative<control::AppRemoved>(event))
        end(fail(ErrorCode::Unavailable, "the app was removed from its host"));
}

void RunDisplay::onReplica(const domain::ReplicaInfo& replica)
{
    if (m_options.json) {
        Json line{{"type", "replica"}};
        line.update(replicaJson(replica, wallClockNow()));
        std::ignore = printJsonLine(line);
        return;
    }
    showSetup(m_display, replica);
    const auto [known, isNew] = m_states.try_emplace(replica.id, domain::ReplicaState::Pending);
    if (!isNew && known->second == replica.state)
        return;
    const domain::ReplicaState before = std::exchange(known->second, replica.state);
    if (replica.state == domain::ReplicaState::Idle && !domain::isReady(before))
        m_display.note(fmt::format("replica {} is ready on {} after {:.1f} s", replica.id, replica.device, replica.setup.seconds));
    else if (replica.state == domain::ReplicaState::CrashBackoff || replica.state == domain::ReplicaState::Terminated
        || (replica.state == domain::ReplicaState::Pending && !replica.reason.empty()))
        m_display.note(fmt::format("replica {}: {}{}", replica.id, domain::replicaStateName(replica.state), replica.reason.empty() ? "" : ": " + replica.reason));
}

void RunDisplay::onRequest(const control::RequestInfo& request)
{
    if (m_options.json || request.state != "done")
        return;
    m_display.note(fmt::format("request {}: {} {} in {:.2f} s{}", request.id, request.status, request.outcome,
        request.queueSeconds + request.setupSeconds + request.totalSeconds, request.error.empty() ? "" : ": " + request.error));
}

} // namespace tintype::cli
