// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/progress_display.h"
#include "deploy/cli/session.h"

#include <optional>
#include <string>

namespace tintype::cli {

/// Watches the rollout of an app: made before it is asked for, so that nothing is missed. Shows how its new replica
/// starts.
class RolloutWait : public QObject {
    Q_OBJECT

public:
    RolloutWait(Session& session, std::string app, bool quiet);
    ~RolloutWait() override;

    /// @param revision that the app is to have afterwards; empty = whichever
    /// @error Unavailable: it failed, the old revision still serves · Cancelled: Ctrl-C (the rollout goes on)
    Result<> untilDone(const std::string& revision = {});

private:
    void connectFirst();
    void onEvent(const control::Event& event);
    Result<> failure();

    Session& m_session;
    const std::string m_app;
    const bool m_quiet;
    ProgressDisplay m_display;
    std::optional<control::RolloutEnded> m_ended;
};

/// How a replica starts, as a line: "transformer 1.2 of 4.8 GB".
void showSetup(ProgressDisplay& display, const domain::ReplicaInfo& replica);

} // namespace tintype::cli
