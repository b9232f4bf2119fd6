// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/model_list.h"

#include "ui/models/format.h"

#include <QCoreApplication>
#include <QLocale>
#include <QStringList>
#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace tintype::ui {
namespace {

using control::ModelComponent;
using control::ModelInfo;

QString translated(const char* text) { return QCoreApplication::translate("ModelList", text); }

QVariant rightAligned() { return QVariant(Qt::AlignRight | Qt::AlignVCenter); }

QString sizeOrNothing(std::uint64_t bytes) { return bytes == 0 ? QString() : formatBytes(bytes); }

QString memoryText(const ModelInfo& model)
{
    if (model.memoryBytes == 0)
        return model.memoryPeak == 0 ? QString() : formatBytes(model.memoryPeak);
    return QStringLiteral("≈ ") + formatBytes(model.memoryBytes);
}

QString memoryTip(const ModelInfo& model)
{
    if (model.memoryBytes == 0)
        return translated("Its weights could not be read, so there is no estimate.");
    const QString estimate = translated("Estimate for one replica, by the size of its weights.");
    return model.memoryPeak == 0 ? estimate : estimate + QLatin1Char('\n') + translated("Measured in the last 24 h: %1.").arg(formatBytes(model.memoryPeak));
}

QString revisionText(const control::ModelNeed& need)
{
    return translated("revision %1 of %2").arg(QString::number(need.number), qs(need.app));
}

QString needTip(const ModelInfo& model)
{
    QStringList lines;
    for (const control::ModelNeed& need : model.neededBy)
        lines += revisionText(need) + (need.inUse ? translated(", in use") : QString());
    return lines.join(QLatin1Char('\n'));
}

QString modelText(const ModelInfo& model, int column)
{
    switch (column) {
    case ModelList::Name: return qs(model.name);
    case ModelList::Source: return sourceText(model);
    case ModelList::Size: return formatBytes(model.bytes);
    case ModelList::Parameters: return parametersText(model.parameters);
    case ModelList::Precision: return precisionText(model);
    case ModelList::Memory: return memoryText(model);
    case ModelList::Licence: return model.licence.empty() ? translated("Not told") : qs(model.licence);
    case ModelList::NeededBy: return neededByText(model);
    default: return {};
    }
}

QVariant sortValue(const ModelInfo& model, int column)
{
    switch (column) {
    case ModelList::Size: return QVariant::fromValue<qulonglong>(model.bytes);
    case ModelList::Parameters: return QVariant::fromValue<qulonglong>(model.parameters);
    case ModelList::Memory: return QVariant::fromValue<qulonglong>(model.memoryBytes);
    default: return modelText(model, column);
    }
}

} // namespace

QString parametersText(std::uint64_t parameters)
{
    struct Unit {
        double size;
        const char* name;
    };
    for (const Unit unit : {Unit{1e9, " B"}, Unit{1e6, " M"}, Unit{1e3, " K"}}) {
        const double count = static_cast<double>(parameters) / unit.size;
        if (count >= 0.9995)
            return QLocale().toString(count, 'f', count < 9.995 ? 2 : count < 99.95 ? 1 : 0) + QLatin1String(unit.name);
    }
    return parameters == 0 ? QString() : QString::number(parameters);
}

QString sourceText(const ModelInfo& model)
{
    const QString place = model.source == "pushed" ? translated("Pushed") : model.source == "hub" ? translated("Fetched") : translated("User's cache");
    return model.complete ? place : translated("%1, incomplete").arg(place);
}

QString precisionText(const ModelInfo& model)
{
    QStringList names;
    for (const ModelComponent& component : model.components) {
        if (const QString name = qs(component.dtype); !name.isEmpty() && !names.contains(name))
            names += name;
    }
    return names.join(QStringLiteral(", "));
}

QString neededByText(const ModelInfo& model)
{
    QStringList current;
    QStringList older;
    for (const control::ModelNeed& need : model.neededBy) {
        QStringList& names = need.inUse ? current : older;
        if (!names.contains(qs(need.app)))
            names += qs(need.app);
    }
    for (const QString& app : current)
        older.removeAll(app);
    if (!older.isEmpty())
        current += translated("%1 (older revisions)").arg(older.join(QStringLiteral(", ")));
    return current.isEmpty() ? translated("Nothing") : current.join(QStringLiteral(", "));
}

QString keptBecauseText(const ModelInfo& model)
{
    const auto need = std::ranges::find_if(model.neededBy, &control::ModelNeed::inUse);
    if (need != model.neededBy.end())
        return translated("It cannot be deleted: %1 is in use and needs it.").arg(revisionText(*need));
    if (model.source == "cache")
        return translated("It is in the cache of this machine's user, which the host only reads.");
    return {};
}

QString deleteQuestion(const ModelInfo& model)
{
    const QString question = translated("Delete %1 (%2)?").arg(qs(model.name), formatBytes(model.bytes));
    if (model.neededBy.empty())
        return question + QLatin1Char(' ') + translated("No revision needs it.");
    const QString revision = revisionText(model.neededBy.front());
    const QString effect = model.source == "pushed" ? translated("Before %1 can serve again, its files must be pushed again.")
                                                    : translated("If %1 serves again, it is fetched again.");
    return question + QLatin1Char(' ') + effect.arg(revision);
}

void ModelList::setModels(std::vector<ModelInfo> models)
{
    beginResetModel();
    m_models = std::move(models);
    endResetModel();
}

const ModelInfo* ModelList::at(int row) const
{
    return row >= 0 && row < rowCount() ? &m_models[static_cast<std::size_t>(row)] : nullptr;
}

int ModelList::rowOf(const std::string& id) const
{
    const auto found = std::ranges::find(m_models, id, &ModelInfo::id);
    return found == m_models.end() ? -1 : static_cast<int>(found - m_models.begin());
}

std::uint64_t ModelList::bytes() const
{
    return std::accumulate(m_models.begin(), m_models.end(), std::uint64_t{0},
        [](std::uint64_t sum, const ModelInfo& model) { return sum + model.bytes; });
}

int ModelList::rowCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : static_cast<int>(m_models.size()); }
int ModelList::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ModelList::data(const QModelIndex& index, int role) const
{
    const ModelInfo* const model = index.isValid() ? at(index.row()) : nullptr;
    if (!model)
        return {};
    switch (role) {
    case Qt::DisplayRole: return modelText(*model, index.column());
    case SortRole: return sortValue(*model, index.column());
    case Qt::ToolTipRole:
        return index.column() == Memory ? memoryTip(*model)
            : index.column() == NeededBy ? needTip(*model)
                                         : modelText(*model, index.column());
    case Qt::TextAlignmentRole:
        return index.column() == Size || index.column() == Parameters || index.column() == Memory ? rightAligned() : QVariant();
    default: return {};
    }
}

QVariant ModelList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Size || section == Parameters || section == Memory ? rightAligned()
                                                                             : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array names{tr("Model"), tr("Source"), tr("Size"), tr("Parameters"), tr("Precision"),
        tr("Memory"), tr("Licence"), tr("Needed by")};
    return names[static_cast<std::size_t>(section)];
}

void ComponentList::setComponents(std::vector<ModelComponent> components)
{
    beginResetModel();
    m_components = std::move(components);
    endResetModel();
}

int ComponentList::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_components.size());
}

int ComponentList::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : ColumnCount; }

QVariant ComponentList::data(const QModelIndex& index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const ModelComponent& component = m_components[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return index.column() == Size || index.column() == Parameters ? rightAligned() : QVariant();
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Name: return qs(component.name);
    case ClassName: return qs(component.className);
    case Size: return sizeOrNothing(component.bytes);
    case Parameters: return parametersText(component.parameters);
    case Precision: return qs(component.dtype);
    default: return {};
    }
}

QVariant ComponentList::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Size || section == Parameters ? rightAligned() : QVariant(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const std::array names{tr("Component"), tr("Class"), tr("Size"), tr("Parameters"), tr("Precision")};
    return names[static_cast<std::size_t>(section)];
}

} // namespace tintype::ui
