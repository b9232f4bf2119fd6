// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/progress_display.h"
#include "deploy/cli/session.h"

#include <QEventLoop>
#include <map>
#include <string>

namespace tintype::cli {

/// What `tintype run` shows while an app lives: its addresses, how its replicas start, what it says, what it was asked.
class RunDisplay : public QObject {
    Q_OBJECT

public:
    struct Options {
        bool json = false; ///< one object a line
        bool logs = true;
    };

    RunDisplay(Session& session, Options options);

    Result<> showApp(const control::DeployReceipt& receipt, const std::string& auth);

    /// Until the app ends by itself or Ctrl-C. @error Unavailable: it could not start, or its host went · Cancelled
    Result<> untilEnd();

private:
    void onEvent(const control::Event& event);
    void onReplica(const domain::ReplicaInfo& replica);
    void onRequest(const control::RequestInfo& request);
    void end(const Result<>& outcome);

    Session& m_session;
    const Options m_options;
    ProgressDisplay m_display;
    std::map<std::string, domain::ReplicaState> m_states; ///< by replica
    QEventLoop m_loop;
    bool m_ended = false;
    Result<> m_outcome;
};

} // namespace tintype::cli
