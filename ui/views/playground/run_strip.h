// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/job_text.h"

#include <QFrame>
#include <QTimer>

class QLabel;
class QProgressBar;
class QPushButton;

namespace tintype::ui {

class Theme;

/// One line about the job that runs: what it does or waits for, how far it is, how fast, how long yet; and Cancel. While none runs, what a
/// call would meet.
class RunStrip : public QFrame {
    Q_OBJECT

public:
    RunStrip(const Theme& theme, const JobQueue& jobs, QWidget* parent = nullptr);

    void setJob(const QString& id); ///< empty = none
    const QString& job() const { return m_id; }
    void setIdleText(const QString& text); ///< shown while there is no job
    void setWatched(bool isWatched); ///< whether its preview is what is seen

Q_SIGNALS:
    void cancelWanted(const QString& id);
    void watchWanted();

private:
    void show(const Job& job);
    void refresh();

    const JobQueue& m_jobs;
    QString m_id;
    QString m_idleText;
    QLabel* m_text;
    QLabel* m_detail;
    QProgressBar* m_bar;
    QPushButton* m_watch;
    QPushButton* m_cancel;
    QTimer m_tick; ///< while it waits, seconds pass
};

} // namespace tintype::ui
