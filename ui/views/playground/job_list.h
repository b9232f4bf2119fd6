// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/job_queue.h"

#include <QWidget>

class QLabel;
class QListView;

namespace tintype::ui {

class Theme;

/// The jobs that run and wait: drag to put them in another order, Delete or the menu to cancel. Hidden while there is only one.
class JobList : public QWidget {
    Q_OBJECT

public:
    JobList(const Theme& theme, JobQueue& jobs, QWidget* parent = nullptr);

private:
    void showCount();
    void cancelSelected();
    void moveSelected(int by);

    JobQueue& m_jobs;
    QLabel* m_title;
    QListView* m_view;
};

} // namespace tintype::ui
