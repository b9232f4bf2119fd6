// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/job_queue.h"

#include <QString>

namespace tintype::ui {

/// How far a job is: what a user reads while it runs.
struct JobStatus {
    QString text;       ///< "Step 2 of 4", "Starting shapes-flux: transformer, 4.2 MB of 9.3 MB"
    QString detail;     ///< "3.1 steps/s · 0.8 s left"; may be empty
    double share = -1;  ///< 0..1; below 0 = nobody knows
};

/// @param replicas of its target
JobStatus jobStatus(const Job& job, const std::vector<domain::ReplicaInfo>& replicas, TimePoint now);

/// What a call of the app would meet now: "shapes-flux is ready on cpu". @param replicas of its target
QString readiness(const control::AppInfo& app, const std::vector<domain::ReplicaInfo>& replicas);

} // namespace tintype::ui
