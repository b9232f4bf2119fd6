// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generation.h"

#include <QTimer>
#include <QWidget>
#include <functional>

class QAction;
class QLabel;
class QLineEdit;
class QListView;
class QStackedLayout;
class QToolButton;

namespace tintype::ui {

class ErrorBanner;
class History;
class JobQueue;
struct Studio;

/// The history under the result viewer, newest left: click shows, double click or Enter gives its parameters back to the form. Keeps
/// every job that the queue finishes. Its actions are commands, "history.…".
class HistoryStrip : public QWidget {
    Q_OBJECT

public:
    HistoryStrip(Studio& studio, History& history, JobQueue& jobs, QWidget* parent = nullptr);

    QStringList selectedIds() const; ///< newest first

public Q_SLOTS:
    void select(const QString& id); ///< without showing it
    void compareSelected();         ///< two of them

Q_SIGNALS:
    void shown(const tintype::ui::Generation& generation);         ///< with its pictures
    void restoreWanted(const tintype::ui::Generation& generation);
    void compareWanted(const tintype::ui::Generation& older, const tintype::ui::Generation& newer);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void makeHeader();
    void makeList();
    void makeActions();
    void showMenu(const QPoint& place);
    void showCurrent();
    void restoreCurrent();
    void pinSelected();
    void removeSelected();
    void openFolder();
    void copyPrompt();
    void showRequest();
    void updateState();
    void withCurrent(std::function<void(const Generation&)> use); ///< loads it first

    Studio& m_studio;
    History& m_history;
    ErrorBanner* m_banner;
    QLineEdit* m_search;
    QToolButton* m_pinnedOnly;
    QLabel* m_count;
    QLabel* m_removed;
    QToolButton* m_undo;
    QListView* m_list;
    QLabel* m_empty;
    QStackedLayout* m_stack;
    QAction* m_compare = nullptr;
    QAction* m_restore = nullptr;
    QAction* m_pin = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_undoRemove = nullptr;
    QTimer m_searchTimer;
    QTimer m_undoTimer; ///< how long the offer stands
    int m_showNumber = 0; ///< of the entry that is to be shown last
};

} // namespace tintype::ui
