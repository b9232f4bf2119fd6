// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/definition_files.h"

#include "ui/commands/studio.h"
#include "ui/models/workspace.h"
#include "ui/views/apps/new_definition.h"

#include <QDir>
#include <QFileDialog>
#include <QPointer>
#include <algorithm>

namespace tintype::ui {

DefinitionFiles::DefinitionFiles(Studio& studio, QWidget& over)
    : QObject(&over)
    , m_studio(studio)
    , m_over(over)
{
}

QFileDialog* DefinitionFiles::dialog(const QString& title, const QString& folder, const QString& filter)
{
    auto* const dialog = new QFileDialog(&m_over, title, folder, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
    return dialog;
}

void DefinitionFiles::askOpen()
{
    const AppDocument* const current = m_studio.workspace.current();
    QFileDialog* const asked = dialog(tr("Open a definition"), current ? current->folder() : QDir::homePath(), tr("Definitions (*.yaml *.yml *.py)"));
    connect(asked, &QFileDialog::fileSelected, this, &DefinitionFiles::open);
}

void DefinitionFiles::askNew()
{
    QFileDialog* const asked = dialog(tr("Where the new definition goes"), QDir::homePath(), tr("Definitions (*.yaml)"));
    asked->setAcceptMode(QFileDialog::AcceptSave);
    asked->setDefaultSuffix(QStringLiteral("yaml"));
    asked->selectFile(QStringLiteral("app.yaml"));
    connect(asked, &QFileDialog::fileSelected, this, [this](const QString& path) { create(path, definitionFromExample()); });
}

void DefinitionFiles::askSaveAs(AppDocument* document)
{
    QFileDialog* const asked = dialog(tr("Save the definition as"), document->folder(), tr("Definitions (*.yaml *.yml *.py)"));
    asked->setAcceptMode(QFileDialog::AcceptSave);
    asked->setDefaultSuffix(QStringLiteral("yaml"));
    connect(asked, &QFileDialog::fileSelected, this, [this, kept = QPointer(document)](const QString& path) {
        if (kept)
            saveAs(*kept, path);
    });
}

void DefinitionFiles::open(const QString& path)
{
    if (const Result<AppDocument*> opened = m_studio.workspace.open(path); !opened)
        Q_EMIT failed(opened.error());
}

void DefinitionFiles::makeForModel(const QString& folder)
{
    if (!QFile::exists(folder + QStringLiteral("/model_index.json"))) {
        const QString sentence = tr("%1 is no model: a model folder has a model_index.json, as diffusers writes it").arg(folder);
        Q_EMIT failed({ErrorCode::NotFound, sentence.toStdString(), {}});
        return;
    }
    const QDir above = QFileInfo(folder).absoluteDir();
    const QString path = above.filePath(QFileInfo(folder).fileName() + QStringLiteral(".yaml"));
    if (QFile::exists(path))
        open(path);
    else
        create(path, definitionForModel(folder, above));
}

/// The dialog has asked whether a file that is there may go.
void DefinitionFiles::create(const QString& path, const QString& text)
{
    if (const Result<AppDocument*> opened = createDefinition(m_studio.workspace, path, text); !opened)
        Q_EMIT failed(opened.error());
}

void DefinitionFiles::saveAs(AppDocument& document, const QString& path)
{
    const auto& documents = m_studio.workspace.documents();
    const bool isOther = std::ranges::any_of(documents, [&](const auto& other) { return other.get() != &document && other->path() == path; });
    if (isOther) {
        Q_EMIT failed({ErrorCode::InvalidArgument, tr("%1 is open itself: close it before another definition takes its place").arg(path).toStdString(), {}});
        return;
    }
    if (const Result<> saved = document.saveAs(path); !saved)
        Q_EMIT failed(saved.error());
}

} // namespace tintype::ui
