// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/call_output.h"
#include "ui/models/generation.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace tintype::ui {

class Theme;
class TimingBar;

/// Facts of a finished call, in one line under its picture: seed, size, time and where it went.
class ResultDetails : public QWidget {
    Q_OBJECT

public:
    explicit ResultDetails(const Theme& theme, QWidget* parent = nullptr);

    /// @param size of the shown picture   @param bytes of its file
    void show(const Generation& generation, const CallOutput& output, const QSize& size, qsizetype bytes);
    void clear();

Q_SIGNALS:
    void seedWanted(quint64 seed);        ///< use it for the next call
    void requestWanted(const QString& id);

private:
    QLabel* m_seed;
    QToolButton* m_reuse;
    QLabel* m_facts;
    TimingBar* m_timings;
    QToolButton* m_request;
    std::optional<quint64> m_seedValue;
    QString m_requestId;
};

} // namespace tintype::ui
