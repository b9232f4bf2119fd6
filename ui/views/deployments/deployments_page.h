// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/deployment_commands.h"
#include "ui/models/deployment_model.h"

#include <QSet>
#include <QTimer>
#include <QWidget>

class QStackedLayout;

namespace tintype::ui {

class AppDetail;
class ConfirmStrip;
class DeploymentTree;
class EmptyState;
class ErrorBanner;
struct Studio;

/// What runs on which host, and what can be done about it.
class DeploymentsPage : public QWidget {
    Q_OBJECT

public:
    explicit DeploymentsPage(Studio& studio, QWidget* parent = nullptr);
    ~DeploymentsPage() override;

    DeploymentModel& model() { return m_model; }
    DeploymentCommands& commands() { return m_commands; }

    void choose(Target* target, const std::string& app);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* makeBar();
    QWidget* makeDetail();
    void connectCommands();
    void connectTarget(Target* target);
    void onChosen(const QModelIndex& index);
    void showDetail();
    void onEvent(const Target& target, const control::Event& event);
    void onRolloutEnded(const Target& target, const control::RolloutEnded& ended);
    void askRevisionNumbers(Target& target);
    void chooseFirst();

    Studio& m_studio;
    DeploymentModel m_model;
    DeploymentCommands m_commands;
    QTimer m_clock;
    QSet<QString> m_askedRevisions;
    ErrorBanner* m_banner;
    ConfirmStrip* m_confirm;
    DeploymentTree* m_tree;
    QWidget* m_appTools = nullptr;
    QWidget* m_replicaTools = nullptr;
    QStackedLayout* m_stack = nullptr;
    EmptyState* m_empty = nullptr;
    AppDetail* m_detail = nullptr;
};

} // namespace tintype::ui
