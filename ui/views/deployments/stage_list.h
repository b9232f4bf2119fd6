// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/run_session.h"

#include <QWidget>
#include <vector>

class QGridLayout;
class QLabel;
class QProgressBar;

namespace tintype::ui {

class MarkLabel;
class Theme;

/// The stages of a start, each with its seconds and bytes; the one that runs has a bar.
class StageList : public QWidget {
    Q_OBJECT

public:
    explicit StageList(const Theme& theme, QWidget* parent = nullptr);

    /// @param hasFailed the last one did not end well
    void setStages(const std::vector<RunStage>& stages, bool hasFailed = false);

private:
    struct Row {
        MarkLabel* name;
        QProgressBar* bar;
        QLabel* amount;
        QLabel* seconds;
    };

    void addRow();
    static void show(const Row& row, const RunStage& stage, bool hasFailed);

    const Theme& m_theme;
    QGridLayout* m_grid;
    std::vector<Row> m_rows;
};

} // namespace tintype::ui
