// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/deployment_model.h"

namespace tintype::ui {

/// One row. `app` is of an app, `replica` of a replica.
struct DeploymentModel::Node {
    Kind kind = Kind::Host;
    Node* parent = nullptr;
    Target* target = nullptr;
    std::string key;
    control::AppInfo app;
    domain::ReplicaInfo replica;
    std::vector<domain::ReplicaInfo> replicas; ///< of an app, ended ones too
    Nodes children;

    bool isLive() const { return replica.state != domain::ReplicaState::Terminated; }
};

} // namespace tintype::ui
