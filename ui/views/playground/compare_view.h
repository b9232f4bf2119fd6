// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generation.h"
#include "ui/models/picture_difference.h"
#include "ui/models/picture_loader.h"

#include <QThreadPool>
#include <QWidget>
#include <array>

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QSlider;
class QSpinBox;
class QStackedWidget;
class QTableView;
class QToolButton;

namespace tintype::ui {

class GenerationDifference;
class PictureView;
class WipeView;
struct Studio;

/// Two results against each other: under one line, side by side in step, or their difference; what was asked differently, and what it
/// cost. Differences are computed on a worker thread.
class CompareView : public QWidget {
    Q_OBJECT

public:
    enum Mode { Wipe, SideBySide, Difference };

    CompareView(Studio& studio, PictureLoader& loader, QWidget* parent = nullptr);
    ~CompareView() override;

    void compare(const Generation& first, const Generation& second); ///< with their pictures
    void setMode(Mode mode);
    Mode mode() const { return m_mode; }

Q_SIGNALS:
    void closed();
    void differenceShown(); ///< the numbers and the picture of the difference are there

protected:
    void keyPressEvent(QKeyEvent* event) override;

private:
    QHBoxLayout* makeBar();
    QHBoxLayout* makeCaptions();
    void makeViews();
    QWidget* makeTable();
    QToolButton* addButton(QHBoxLayout& row, const QString& icon, const QString& text);
    void swap();
    void load();
    void onLoaded(std::size_t side, const Result<Picture>& picture);
    void showPictures();
    void computeDifference();
    void amplify();
    void showNumbers();
    void showProblem(const QString& sentence);

    Studio& m_studio;
    PictureLoader& m_loader;
    std::array<Generation, 2> m_generations;
    std::array<Picture, 2> m_pictures;
    PictureDifference m_difference;
    Mode m_mode = Wipe;
    int m_loadNumber = 0;    ///< answers to older loads are dropped
    int m_amplifyNumber = 0;

    GenerationDifference* m_model;
    QButtonGroup* m_modes;
    QSlider* m_factor;
    QLabel* m_factorText;
    QLabel* m_indexText;
    QSpinBox* m_index; ///< of the picture, from 1
    std::array<QLabel*, 2> m_captions;
    QStackedWidget* m_stack;
    WipeView* m_wipe;
    std::array<PictureView*, 2> m_sides;
    PictureView* m_differenceView;
    QLabel* m_problem;
    QLabel* m_numbers;
    QTableView* m_table;
    QThreadPool m_pool; ///< last: its end waits for the worker thread
};

} // namespace tintype::ui
