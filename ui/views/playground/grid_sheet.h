// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generation.h"
#include "ui/models/grid_plan.h"
#include "ui/models/picture_loader.h"

#include <QThreadPool>
#include <QWidget>
#include <array>
#include <functional>

class QLabel;
class QPushButton;
class QSplitter;
class QTabBar;
class QTableView;
class QToolButton;

namespace tintype::ui {

class AxisEditor;
class ErrorBanner;
class GridModel;
class History;
class JobQueue;
class PictureView;
struct Studio;

/// The X/Y/Z grid: up to three axes, their pictures as they come, and the sheet that is kept of them. Its calls go through the job
/// queue like any other and stand in the history. It goes on while it is not shown.
class GridSheet : public QWidget {
    Q_OBJECT

public:
    GridSheet(Studio& studio, JobQueue& jobs, History& history, PictureLoader& loader, QWidget* parent = nullptr);
    ~GridSheet() override;

    /// The call that all cells start from, wildcards resolved.
    void setBase(const Generation& base);
    void setParameters(const QVector<GridParameter>& parameters);

    bool isRunning() const;

public Q_SLOTS:
    void start();
    void cancelAll();
    void saveSheet(); ///< asks where to

public:
    void saveTo(const QString& path); ///< PNG, and the plan as JSON beside it; saved() or a banner tells

Q_SIGNALS:
    void shown(const tintype::ui::Generation& generation);         ///< Enter: large, in the viewer; a click shows it beside the grid
    void restoreWanted(const tintype::ui::Generation& generation);
    void compareWanted(const tintype::ui::Generation& first, const tintype::ui::Generation& second);
    void closed();
    void saved(const QString& path);

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QWidget* makeAxes();
    QWidget* makeBar();
    void makeTable();
    void makePreview();
    void updateChoices();
    Result<GridPlan> plan() const;
    void updatePlan();
    void updateTally();
    void updateSheets();
    void onFinished(const Generation& generation);
    void showCell(const QModelIndex& index);
    void withCell(const QModelIndex& index, std::function<void(const Generation&)> use);
    void compareSelected();

    Studio& m_studio;
    JobQueue& m_jobs;
    History& m_history;
    PictureLoader& m_loader;
    Generation m_base;
    QVector<GridParameter> m_parameters;
    GridModel* m_model;
    int m_previewNumber = 0; ///< of the cell that was chosen last

    ErrorBanner* m_banner;
    std::array<AxisEditor*, 3> m_axes;
    QLabel* m_count;
    QLabel* m_progress;
    QPushButton* m_start;
    QPushButton* m_cancel;
    QToolButton* m_compare;
    QToolButton* m_save;
    QTabBar* m_sheets;
    QSplitter* m_split;
    QTableView* m_table;
    PictureView* m_preview; ///< of the chosen cell
    QLabel* m_previewText;
    QLabel* m_empty;
    QThreadPool m_pool; ///< last: its end waits for the worker thread
};

} // namespace tintype::ui
