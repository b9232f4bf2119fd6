// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/requirement_list.h"

#include "deploy/domain/requirement_text.h"
#include "ui/models/format.h"
#include "ui/models/yaml_edit.h"
#include "ui/models/yaml_tree.h"
#include "ui/theme/theme.h"

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

struct State {
    QString text;
    bool isWrong = false;
};

/// Whether it is there, as far as this machine can tell at once.
State stateOf(const QString& text, const QString& folder)
{
    const auto requirement = domain::parseRequirement(text.toStdString());
    if (!requirement)
        return {qs(requirement.error()), true};
    switch (requirement->kind) {
    case domain::Requirement::Kind::File: {
        const bool isThere = QFileInfo(QDir(folder), qs(requirement->name)).isDir();
        return {isThere ? RequirementList::tr("folder is there") : RequirementList::tr("no such folder"), !isThere};
    }
    case domain::Requirement::Kind::Hub: return {RequirementList::tr("fetched by the host")};
    case domain::Requirement::Kind::Pip: return {RequirementList::tr("Python packages are not installed yet"), true};
    }
    return {};
}

std::string itemField(std::size_t index)
{
    return "requirements[" + std::to_string(index) + "]";
}

} // namespace

RequirementList::RequirementList(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_lines(new QVBoxLayout)
    , m_empty(new QLabel(tr("Nothing is required yet. Add the folder or the repository that has the model.")))
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(2));
    m_lines->setSpacing(Theme::space(1));
    m_empty->setProperty("role", QStringLiteral("muted"));
    m_empty->setWordWrap(true);
    column->addWidget(m_empty);
    column->addLayout(m_lines);
    auto* const buttons = new QHBoxLayout;
    auto* const addFolder = new QPushButton(theme.icon(QStringLiteral("folder")), tr("Add folder…"));
    auto* const addHub = new QPushButton(theme.icon(QStringLiteral("list-add")), tr("Add hub repository"));
    addHub->setObjectName(QStringLiteral("add-hub"));
    buttons->addWidget(addFolder);
    buttons->addWidget(addHub);
    buttons->addStretch(1);
    column->addLayout(buttons);
    connect(addFolder, &QPushButton::clicked, this, &RequirementList::askFolder);
    connect(addHub, &QPushButton::clicked, this, [this] {
        append(QStringLiteral("hf:organisation/repository"));
        if (!m_shown.empty()) {
            m_shown.back().edit->setFocus();
            m_shown.back().edit->selectAll();
        }
    });
}

void RequirementList::append(const QString& text)
{
    Q_EMIT edited(itemField(m_shown.size()), yamlScalar(text));
}

void RequirementList::show(const YamlFields& fields, const QString& folder, const std::map<std::string, QString>& problems)
{
    m_folder = folder;
    const QStringList texts = fields.items("requirements");
    const auto count = static_cast<std::size_t>(texts.size());
    while (m_shown.size() > count) {
        m_shown.back().widget->deleteLater();
        m_shown.pop_back();
    }
    while (m_shown.size() < count)
        addLine();
    m_empty->setVisible(count == 0);
    for (std::size_t i = 0; i < count; ++i) {
        const Line& line = m_shown[i];
        const QString& text = texts[static_cast<qsizetype>(i)];
        if (line.edit->text() != text && !(line.edit->hasFocus() && line.edit->isModified()))
            line.edit->setText(text);
        const auto problem = problems.find(itemField(i));
        const State state = problem == problems.end() ? stateOf(text, folder) : State{problem->second, true};
        line.state->setText(state.text);
        line.state->setToolTip(state.text);
        line.state->setProperty("role", state.isWrong ? QStringLiteral("error") : QStringLiteral("caption"));
        line.state->style()->unpolish(line.state);
        line.state->style()->polish(line.state);
    }
}

void RequirementList::addLine()
{
    const std::size_t index = m_shown.size();
    auto* const line = new QWidget;
    auto* const row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(2));
    auto* const edit = new QLineEdit;
    edit->setAccessibleName(tr("Requirement %1").arg(index + 1));
    auto* const state = new QLabel;
    state->setTextFormat(Qt::PlainText);
    state->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    auto* const remove = new QToolButton;
    remove->setIcon(m_theme.icon(QStringLiteral("list-remove")));
    remove->setToolTip(tr("Remove this requirement"));
    remove->setAccessibleName(tr("Remove requirement %1").arg(index + 1));
    row->addWidget(edit, 3);
    row->addWidget(state, 2);
    row->addWidget(remove);
    m_lines->addWidget(line);
    m_shown.push_back({line, edit, state});
    connect(edit, &QLineEdit::editingFinished, this, [this, edit, index] {
        if (!edit->isModified())
            return;
        edit->setModified(false);
        const QString text = edit->text().trimmed();
        Q_EMIT edited(itemField(index), text.isEmpty() ? text : yamlScalar(text));
    });
    connect(remove, &QToolButton::clicked, this, [this, index] { Q_EMIT edited(itemField(index), {}); });
}

void RequirementList::askFolder()
{
    auto* const dialog = new QFileDialog(this, tr("Folder of the model"), m_folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::Directory);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& path) {
        append(QStringLiteral("file:") + QDir(m_folder).relativeFilePath(path));
    });
    dialog->open();
}

} // namespace tintype::ui
