// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/deploy_session.h"
#include "ui/commands/trust_probe.h"
#include "ui/widgets/sheet.h"

#include <QPointer>
#include <QTimer>

class QLabel;
class QPlainTextEdit;
class QProgressBar;
class QPushButton;
class QStackedWidget;

namespace tintype::ui {

class AppDocument;
class DeployOptions;
class ErrorBanner;
class PlanView;
class StageList;
struct Studio;

/// Deploy: what it would do, then how it goes. It may be closed while the host goes on.
class DeploySheet : public Sheet {
    Q_OBJECT

public:
    /// @param over the part of the window that it covers
    DeploySheet(Studio& studio, QWidget* over);
    ~DeploySheet() override;

    /// Saves the current document and begins with it; a deploy that runs is shown as it is.
    void begin();

    DeploySession& session() { return m_session; }

private:
    QWidget* makePlanPart();
    QWidget* makeProgressPart();
    bool save(AppDocument& document);
    void readAgain();
    void check();
    void onState();
    void showProgress();
    void showDone();
    void showCurl();
    void showFailed();
    void onPrimary();
    void openPlayground();

    Studio& m_studio;
    DeploySession m_session;
    TrustProbe m_trust;
    QPointer<AppDocument> m_document;
    QString m_checkedText;
    QTimer m_checkTimer; ///< after a pause in typing
    ErrorBanner* m_banner;
    DeployOptions* m_options;
    PlanView* m_plan = nullptr;
    QLabel* m_status;
    QProgressBar* m_bar;
    QWidget* m_progressPart = nullptr;
    StageList* m_stages = nullptr;
    QLabel* m_outcome = nullptr;
    QPlainTextEdit* m_curl = nullptr;
    QPushButton* m_copyCurl = nullptr;
    QPushButton* m_playground;
    QPushButton* m_close;
    QPushButton* m_deploy;
};

/// Adds the command "deploy.open" (Ctrl+Shift+D), which opens a DeploySheet over a part of the window.
void addDeployCommand(Studio& studio, QWidget* over);

} // namespace tintype::ui
