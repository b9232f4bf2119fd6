// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/rollout_wait.h"

#include "deploy/cli/text_format.h"

#include <fmt/format.h>

namespace tintype::cli {
namespace {

constexpr std::chrono::milliseconds kPollInterval{400};
constexpr std::chrono::milliseconds kEventGrace{300}; ///< the event may come just after the app tells its new state

} // namespace

void showSetup(ProgressDisplay& display, const domain::ReplicaInfo& replica)
{
    if (!domain::isStarting(replica.state) || replica.setup.stage.empty())
        return;
    display.showLoading({replica.setup.stage, replica.setup.bytesDone, replica.setup.bytesTotal});
}

RolloutWait::RolloutWait(Session& session, std::string app, bool quiet)
    : m_session(session)
    , m_app(std::move(app))
    , m_quiet(quiet)
{
    connect(&session.control(), &control::Control::happened, this, &RolloutWait::onEvent);
    connectFirst();
}

/// Waits until events come, or cannot come.
void RolloutWait::connectFirst()
{
    QEventLoop loop;
    connect(&m_session.control(), &control::Control::connectionChanged, &loop, [&loop](const control::ConnectionState& state) {
        if (state.kind != control::ConnectionState::Kind::Connecting)
            loop.quit();
    });
    m_session.control().watch({.app = m_app, .types = {"rollout", "replica"}});
    m_session.waitIn(loop);
}

RolloutWait::~RolloutWait()
{
    m_session.control().unwatch();
}

void RolloutWait::onEvent(const control::Event& event)
{
    if (const auto* ended = std::get_if<control::RolloutEnded>(&event))
        m_ended = *ended;
    if (const auto* changed = std::get_if<control::ReplicaChanged>(&event); changed && !m_quiet)
        showSetup(m_display, changed->replica);
}

/// Events make it quick, the app itself makes it certain: the stream may break.
Result<> RolloutWait::untilDone(const std::string& revision)
{
    while (true) {
        const auto answer = m_session.await(m_session.control().app(m_app));
        const control::AppInfo app = answer.value_or(control::AppInfo{});
        if (!app.rolling && !m_ended)
            TINTYPE_TRY(m_session.sleep(kEventGrace));
        if (m_ended && m_ended->error)
            return failure();
        if (!answer) // a new app goes with its first revision
            return tl::unexpected(answer.error());
        if (!app.rolling && !revision.empty() && app.revision != revision)
            return fail(ErrorCode::Unavailable, fmt::format("{}: revision {} was not taken up; see tintype logs", m_app, shortRevision(revision)));
        if (!app.rolling)
            return {};
        TINTYPE_TRY(m_session.sleep(kPollInterval));
    }
}

Result<> RolloutWait::failure()
{
    Error error = *m_ended->error;
    error.message = fmt::format("{}: revision {} was not taken up: {}", m_app, shortRevision(m_ended->revision), error.message);
    return tl::unexpected(error);
}

} // namespace tintype::cli
