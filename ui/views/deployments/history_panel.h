// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "ui/models/history_model.h"

#include <QPointer>
#include <QWidget>
#include <memory>

class QPushButton;
class QStackedLayout;

namespace tintype::ui {

class EmptyState;
struct Studio;
class Target;

/// What happened to an app: deploys, roll-backs, changes of its settings, and by whom.
class HistoryPanel : public QWidget {
    Q_OBJECT

public:
    explicit HistoryPanel(Studio& studio, QWidget* parent = nullptr);
    ~HistoryPanel() override;

    void setApp(Target* target, const control::AppInfo& app);
    void refresh();
    HistoryModel& model() { return m_model; }

Q_SIGNALS:
    void loaded(const std::vector<tintype::control::HistoryEntry>& entries);
    void failed(const tintype::Error& error);

private:
    void ask(const std::string& cursor);

    QPointer<Target> m_target;
    control::AppInfo m_app;
    HistoryModel m_model;
    std::unique_ptr<QObject> m_guard; ///< of the last question
    QStackedLayout* m_stack;
    QPushButton* m_more;
};

} // namespace tintype::ui
