// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"

#include <QPointer>
#include <QWidget>

class QLabel;
class QTabWidget;

namespace tintype::ui {

class CallsPanel;
class HistoryPanel;
class MarkLabel;
class RevisionsPanel;
class ScalePanel;
struct Studio;
class Target;

/// All about one app: its scale, how it is called, its revisions, its history.
class AppDetail : public QWidget {
    Q_OBJECT

public:
    explicit AppDetail(Studio& studio, QWidget* parent = nullptr);

    void setApp(Target* target, const control::AppInfo& app, const QString& revisionText);
    void rolloutEnded(); ///< the history has something new

    ScalePanel* scale() const { return m_scale; }
    RevisionsPanel* revisions() const { return m_revisions; }
    HistoryPanel* history() const { return m_history; }

private:
    QLabel* m_name;
    MarkLabel* m_state;
    QLabel* m_facts;
    QTabWidget* m_tabs;
    ScalePanel* m_scale;
    CallsPanel* m_calls;
    RevisionsPanel* m_revisions;
    HistoryPanel* m_history;
};

} // namespace tintype::ui
