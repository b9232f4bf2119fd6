// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/model_list.h"

#include <QWidget>

class QFormLayout;
class QLabel;
class QPushButton;
class QTableView;

namespace tintype::ui {

class Theme;

/// One model: what it is, its components, who needs it, and the way to be rid of it.
class ModelDetail : public QWidget {
    Q_OBJECT

public:
    explicit ModelDetail(const Theme& theme, QWidget* parent = nullptr);

    void setModel(const control::ModelInfo& model);
    void setBusy(bool isBusy); ///< while it is being deleted

Q_SIGNALS:
    void deleteWanted();

private:
    QLabel* addFact(const QString& name);

    ComponentList m_components;
    QLabel* m_name;
    QLabel* m_kind;
    QFormLayout* m_facts;
    QLabel* m_size;
    QLabel* m_parameters;
    QLabel* m_memory;
    QLabel* m_measured;
    QLabel* m_licence;
    QLabel* m_source;
    QLabel* m_needs;
    QLabel* m_kept;
    QTableView* m_table;
    QPushButton* m_delete;
    bool m_isRemovable = false;
};

} // namespace tintype::ui
