// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/model_values.h"

#include <QAbstractTableModel>
#include <vector>

namespace tintype::ui {

/// The models on a host's disk.
class ModelList : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, Source, Size, Parameters, Precision, Memory, Licence, NeededBy, ColumnCount };
    enum Role { SortRole = Qt::UserRole }; ///< a number where the column shows one

    using QAbstractTableModel::QAbstractTableModel;

    void setModels(std::vector<control::ModelInfo> models);
    const control::ModelInfo* at(int row) const; ///< null if there is none
    int rowOf(const std::string& id) const;      ///< -1 if there is none
    std::uint64_t bytes() const;                 ///< of all

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<control::ModelInfo> m_models;
};

/// The components of one model.
class ComponentList : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { Name, ClassName, Size, Parameters, Precision, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setComponents(std::vector<control::ModelComponent> components);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<control::ModelComponent> m_components;
};

QString parametersText(std::uint64_t parameters);           ///< "11.9 B", "83.7 M"; empty for none
QString sourceText(const control::ModelInfo& model);        ///< "Pushed", "Fetched from the hub", …
QString precisionText(const control::ModelInfo& model);     ///< "BF16", "BF16, F32"
QString neededByText(const control::ModelInfo& model);      ///< "shapes, flux"
QString keptBecauseText(const control::ModelInfo& model);   ///< why it cannot be deleted, a sentence; empty if it can
QString deleteQuestion(const control::ModelInfo& model);    ///< with its bytes, and what follows

} // namespace tintype::ui
