// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/endpoint_list.h"

#include "ui/models/format.h"
#include "ui/models/yaml_edit.h"
#include "ui/theme/theme.h"
#include "ui/views/apps/form_row.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr auto kTask = "text-to-image";
constexpr int kPathSteps = 36;

std::string endpointField(const QString& path)
{
    return "endpoints." + path.toStdString();
}

} // namespace

EndpointList::EndpointList(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_column(new QVBoxLayout)
    , m_newPath(new QLineEdit)
{
    m_column->setSpacing(Theme::space(2));
    m_newPath->setPlaceholderText(QStringLiteral("/path"));
    m_newPath->setAccessibleName(tr("Path of a new endpoint"));
    m_newPath->setFixedWidth(Theme::space(kPathSteps));
    auto* const add = new QPushButton(theme.icon(QStringLiteral("list-add")), tr("Add endpoint"));
    add->setObjectName(QStringLiteral("add-endpoint"));
    add->setEnabled(false);
    auto* const last = new QHBoxLayout;
    last->setSpacing(Theme::space(2));
    last->addWidget(m_newPath);
    last->addWidget(add);
    last->addStretch(1);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(Theme::space(2));
    all->addLayout(m_column);
    all->addLayout(last);
    connect(m_newPath, &QLineEdit::textChanged, add, [add](const QString& text) { add->setEnabled(!text.trimmed().isEmpty()); });
    connect(m_newPath, &QLineEdit::returnPressed, this, &EndpointList::addEndpoint);
    connect(add, &QPushButton::clicked, this, &EndpointList::addEndpoint);
}

void EndpointList::show(const YamlFields& fields, const std::map<std::string, QString>& problems)
{
    m_isInFile = fields.has("endpoints");
    QStringList paths = m_isInFile ? fields.keys("endpoints") : QStringList{QStringLiteral("/")};
    paths.removeIf([](const QString& path) { return path.contains(QLatin1Char('.')) || path.contains(QLatin1Char('[')); }); // no paths
    if (paths != m_paths) {
        m_paths = paths;
        makeRows();
    }
    for (FormRow* const row : m_rows) {
        const bool isInFile = fields.has(row->field());
        row->showValue(fields.text(row->field()), isInFile, isInFile ? tr("from the file") : tr("no defaults"));
        const auto problem = problems.find(row->field());
        row->setProblem(problem == problems.end() ? QString() : problem->second);
    }
}

void EndpointList::makeRows()
{
    for (FormRow* const row : m_rows)
        row->deleteLater();
    m_rows.clear();
    for (const QString& path : std::as_const(m_paths)) {
        FormRow* const row = FormRow::text(m_theme, endpointField(path) + ".defaults", tr("%1 %2").arg(path, QLatin1String(kTask)),
            tr("what a call leaves out: {num_inference_steps: 4}"), FormRow::Entry::Yaml);
        auto* const remove = new QToolButton;
        remove->setIcon(m_theme.icon(QStringLiteral("list-remove")));
        remove->setToolTip(m_paths.size() > 1 ? tr("Remove this endpoint") : tr("The only endpoint stays"));
        remove->setAccessibleName(tr("Remove endpoint %1").arg(path));
        remove->setEnabled(m_paths.size() > 1);
        row->addButton(remove);
        m_column->addWidget(row);
        m_rows.push_back(row);
        connect(row, &FormRow::edited, this, &EndpointList::edited);
        connect(remove, &QToolButton::clicked, this, [this, path] { Q_EMIT edited(endpointField(path), {}); });
    }
}

void EndpointList::addEndpoint()
{
    QString path = m_newPath->text().trimmed();
    if (path.isEmpty())
        return;
    if (!path.startsWith(QLatin1Char('/')))
        path.prepend(QLatin1Char('/'));
    m_newPath->clear();
    if (!m_isInFile) // without any in the file there is one at /
        Q_EMIT edited(endpointField(QStringLiteral("/")) + ".task", QLatin1String(kTask));
    if (!m_paths.contains(path))
        Q_EMIT edited(endpointField(path) + ".task", QLatin1String(kTask));
}

} // namespace tintype::ui
