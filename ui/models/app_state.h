// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "deploy/domain/replica.h"
#include "ui/models/mark.h"

#include <QString>

namespace tintype::ui {

class Target;

/// A state as the pages show it.
struct ShownState {
    Mark mark = Mark::None;
    QString word;   ///< "Ready"
    QString reason; ///< a sentence; may be empty
};

ShownState stateOf(const domain::ReplicaInfo& replica);

/// @param replicas of this app, ended ones too
ShownState stateOf(const control::AppInfo& app, const std::vector<domain::ReplicaInfo>& replicas);
ShownState stateOf(const Target& target);

/// A stage of a start: "start" → "Start the worker", "text_encoder" → "Load text_encoder"; sentences stay.
QString stageText(const QString& stage);

} // namespace tintype::ui
