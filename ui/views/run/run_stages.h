// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/run_session.h"

#include <QElapsedTimer>
#include <QTimer>
#include <QWidget>

namespace tintype::ui {

class Theme;

/// How a start goes: a bar for each stage on one axis of time, with seconds and bytes; behind each the one of the last start that went
/// well, and below what is still to come by that one.
class RunStages : public QWidget {
    Q_OBJECT

public:
    RunStages(const Theme& theme, const RunSession& run, QWidget* parent = nullptr);

    /// A row of it.
    struct Row {
        QString name;
        QString seconds; ///< as shown; of the ghost, if the stage is still to come
        QString bytes;
        double begin = 0; ///< seconds since the start began; end is now for a stage that runs
        double end = 0;
        double ghostBegin = 0; ///< the same of the last start; ghostEnd < 0 = it had no such stage
        double ghostEnd = -1;
        enum class State { Done, Running, Failed, ToCome } state = State::Done;
    };

    std::vector<Row> rows() const;
    QString title() const; ///< "Starting shapes-flux · 4.21 s"

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    void onChanged();
    double secondsOf(const RunStage& stage) const;
    int rowHeight() const;
    void paintRow(QPainter& painter, const Row& row, const QRect& place, double wholeSeconds, int nameWidth, int secondsWidth, int bytesWidth) const;

    const Theme& m_theme;
    const RunSession& m_run;
    QElapsedTimer m_sinceChange; ///< the session tells seconds when something happens: the stage that runs goes on meanwhile
    QTimer m_tick;
};

} // namespace tintype::ui
