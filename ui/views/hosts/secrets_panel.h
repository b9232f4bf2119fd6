// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/error.h"
#include "ui/models/text_table.h"

#include <QPointer>
#include <QWidget>
#include <functional>
#include <memory>

class QLineEdit;
class QPushButton;
class QTableView;

namespace tintype::ui {

struct Studio;
class Target;

/// The secrets of a host: names, never values. Apps that name one get it as an environment variable.
class SecretsPanel : public QWidget {
    Q_OBJECT

public:
    explicit SecretsPanel(Studio& studio, QWidget* parent = nullptr);
    ~SecretsPanel() override;

    void setTarget(Target* target);
    void refresh();

Q_SIGNALS:
    void failed(const tintype::Error& error);
    void confirmationWanted(const QString& question, const QString& verb, const std::function<void()>& run);

private:
    void set();
    void unset();
    void update();

    QPointer<Target> m_target;
    std::unique_ptr<QObject> m_guard; ///< of what was asked for this target
    TextTable m_model;
    QTableView* m_table;
    QLineEdit* m_name;
    QLineEdit* m_value;
    QPushButton* m_set;
    QPushButton* m_unset;
};

} // namespace tintype::ui
