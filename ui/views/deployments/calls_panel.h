// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/app_values.h"
#include "ui/commands/trust_probe.h"

#include <QPointer>
#include <QWidget>

class QGridLayout;
class QPlainTextEdit;
class QPushButton;

namespace tintype::ui {

struct Studio;
class Target;

/// How an app is called: its addresses, a curl line, the playground.
class CallsPanel : public QWidget {
    Q_OBJECT

public:
    explicit CallsPanel(Studio& studio, QWidget* parent = nullptr);

    void setApp(Target* target, const control::AppInfo& app);

private:
    void addRow(QGridLayout& grid, int row, const QString& name, const QString& url);
    void showUrls();
    void showCurl();
    QString curl(CurlKey key) const;
    void openPlayground();

    Studio& m_studio;
    QPointer<Target> m_target;
    control::AppInfo m_app;
    TrustProbe m_trust;
    QWidget* m_urls;
    QPlainTextEdit* m_curl;
    QPushButton* m_copyWithKey;
};

} // namespace tintype::ui
