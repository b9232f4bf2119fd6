// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/time_point.h"

#include <QByteArray>
#include <QString>
#include <QVector>
#include <optional>

namespace tintype::ui {

/// One call of the playground and what became of it: a job while it waits and runs, an entry of the history when it is done.
struct Generation {
    QString id; ///< our own, 32 hex digits
    TimePoint createdAt;
    QString target;   ///< name of the host
    QString app;
    QString endpoint; ///< path, "/"
    QString revision; ///< of the app when it was called
    QString input;    ///< JSON object as it was sent: wildcards and matrix resolved, the seed a number
    QString form;     ///< JSON of the form before that (wildcards, seed mode); restores every field
    QString output;   ///< JSON; empty = none
    QString requestId;
    QString error;    ///< a sentence; empty = succeeded
    std::optional<quint64> seed; ///< the one that was used
    double totalSeconds = 0;
    QVector<QByteArray> pictures; ///< encoded, in the order of the output

    QString prompt() const; ///< of the input; empty if it has none
};

} // namespace tintype::ui
