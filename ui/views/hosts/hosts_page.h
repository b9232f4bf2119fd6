// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/certificate_probe.h"
#include "ui/models/host_model.h"
#include "ui/models/text_table.h"

#include <QPointer>
#include <QWidget>

class QAction;
class QTableView;
class QTabWidget;

namespace tintype::ui {

class ConfirmStrip;
class ErrorBanner;
class HostSheet;
class KeysPanel;
class SecretsPanel;
struct Studio;

/// The hosts that the studio knows: what each has, who may call it, and what to do about one that does not answer.
class HostsPage : public QWidget {
    Q_OBJECT

public:
    explicit HostsPage(Studio& studio, QWidget* parent = nullptr);
    ~HostsPage() override;

    HostModel& model() { return m_model; }
    void choose(Target* target);

private:
    QWidget* makeBar();
    QWidget* makeDetail();
    void addCommands();
    void connectTarget(Target* target);
    void onChosen();
    void showHost();
    void showTrouble(const Target& target);
    void explainCertificate(const ServerCertificate& certificate);
    void showMachines(const Target& target);
    void testConnection();
    void removeHost();
    HostSheet& sheet();

    Studio& m_studio;
    HostModel m_model;
    TextTable m_machines;
    CertificateProbe m_probe;
    QPointer<Target> m_target;
    QAction* m_add = nullptr;
    QAction* m_edit = nullptr;
    QAction* m_test = nullptr;
    QAction* m_remove = nullptr;
    QAction* m_use = nullptr;
    ErrorBanner* m_banner;
    ConfirmStrip* m_confirm;
    QTableView* m_table;
    QTabWidget* m_tabs = nullptr;
    KeysPanel* m_keys = nullptr;
    SecretsPanel* m_secrets = nullptr;
    HostSheet* m_sheet = nullptr;
};

} // namespace tintype::ui
