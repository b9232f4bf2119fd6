// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"

#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace tintype::ui {

/// What a request did for a while. Text is the prompt's encoding, Rest what no phase tells.
enum class Phase { Queue, Setup, Text, Denoise, Decode, Encode, Rest };

QString phaseName(Phase phase);

/// One stretch of a phase: a step, or the whole of it. Seconds since the request was submitted.
struct PhaseSpan {
    Phase phase = Phase::Queue;
    double start = 0;
    double seconds = 0;
    int step = 0;  ///< from 1; 0 = no step
    int steps = 0; ///< how many there are

    bool operator==(const PhaseSpan&) const = default;
};

/// Everything that a host tells of one request, ready to be shown.
struct RequestDocument {
    control::RequestInfo info;
    QString input;      ///< JSON, as it was sent
    QString inputText;  ///< indented; very long strings and texts are cut, and say so
    QString outputText; ///< the same of the result, a failed one's too; empty = none
    QString errorType;
    QString key;        ///< id of the caller's; empty = none
    int attempts = 0;
    bool cold = false;
    std::optional<double> eta; ///< seconds, of a live one
    int step = 0;              ///< of a live one, and how many
    int steps = 0;
    QStringList pictureUrls; ///< of the output; data URIs too
    QVector<PhaseSpan> phases; ///< in the order of time
    double totalSeconds = 0;   ///< submitted → finished, or until `now`
};

/// Any thread. An answer that is no JSON gives what `detail.info` has.
RequestDocument readRequest(const control::RequestDetail& detail, TimePoint now);

} // namespace tintype::ui
