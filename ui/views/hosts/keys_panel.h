// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/error.h"
#include "ui/models/text_table.h"

#include <QPointer>
#include <QWidget>
#include <functional>
#include <memory>

class QComboBox;
class QLineEdit;
class QPushButton;
class QTableView;

namespace tintype::ui {

struct Studio;
class Target;

/// The keys of a host: who may call it. A new one is shown once.
class KeysPanel : public QWidget {
    Q_OBJECT

public:
    explicit KeysPanel(Studio& studio, QWidget* parent = nullptr);
    ~KeysPanel() override;

    void setTarget(Target* target);
    void refresh();

Q_SIGNALS:
    void failed(const tintype::Error& error);
    void confirmationWanted(const QString& question, const QString& verb, const std::function<void()>& run);

private:
    QWidget* makeCreated();
    void create();
    void revoke();

    Studio& m_studio;
    QPointer<Target> m_target;
    std::unique_ptr<QObject> m_guard; ///< of what was asked for this target
    TextTable m_model;
    QTableView* m_table;
    QComboBox* m_scope;
    QLineEdit* m_description;
    QWidget* m_createdPart;
    QLineEdit* m_created;
    QPushButton* m_revoke;
};

} // namespace tintype::ui
