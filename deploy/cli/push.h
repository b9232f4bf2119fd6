// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/session.h"
#include "deploy/control/pusher.h"

#include <string>

namespace tintype::cli {

/// `--auth`, `--strategy`, … of the commands that push a definition.
struct PushFlags {
    std::string file = "app.yaml";
    std::string name;
    std::string auth;
    std::string strategy = "rolling";
    std::string message;
    std::vector<std::string> annotations; ///< K=V
    bool resetScale = false;
};

/// @error InvalidArgument: an annotation that is not K=V, or more than fal's limits allow
Result<control::PushOptions> pushOptions(const PushFlags& flags);

/// The name under which a deployment of `file` is known.
Result<std::string> appName(const control::Deployment& deployment, const std::string& file);

/// Hashes and uploads with a progress display; Ctrl-C stops it.
class Push {
public:
    Push(Session& session, bool quiet);

    Result<control::Deployment> prepare(const std::string& file, const control::PushOptions& options);
    Result<control::DeployPlan> check(const control::Deployment& deployment);
    Result<control::DeployReceipt> send(const control::Deployment& deployment);

private:
    Session& m_session;
    control::Pusher m_pusher;
};

} // namespace tintype::cli
