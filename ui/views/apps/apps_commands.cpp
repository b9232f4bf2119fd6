// SPDX-License-Identifier: GPL-3.0-or-later
// What the Apps page adds to the commands of the studio.
#include "ui/commands/commands.h"
#include "ui/commands/studio.h"
#include "ui/models/workspace.h"
#include "ui/views/apps/apps_page.h"
#include "ui/views/apps/definition_editor.h"
#include "ui/views/apps/definition_files.h"
#include "ui/views/apps/find_bar.h"
#include "ui/views/apps/problem_list.h"

#include <QActionGroup>

namespace tintype::ui {

QAction* AppsPage::add(const char* id, const QString& text, const char* icon, const QKeySequence& keys, std::function<void()> run)
{
    return m_studio.commands.add(
        {.id = QLatin1String(id), .group = tr("Apps"), .text = text, .icon = QLatin1String(icon), .shortcut = keys, .tip = {}}, std::move(run));
}

void AppsPage::addFileCommands()
{
    add("apps.open", tr("Open definition…"), "document-open", QKeySequence::Open, [this] { m_files->askOpen(); });
    add("apps.new", tr("New from the example…"), "document-new", QKeySequence::New, [this] { m_files->askNew(); });
    add("apps.save", tr("Save"), "document-save", QKeySequence::Save, [this] { save(); });
    add("apps.saveAs", tr("Save as…"), "document-save-as", Qt::CTRL | Qt::SHIFT | Qt::Key_S, [this] { m_files->askSaveAs(m_document); });
    add("apps.close", tr("Close definition"), "tab-close", QKeySequence::Close, [this] { m_studio.workspace.close(m_document); });
}

void AppsPage::addTextCommands()
{
    add("apps.undo", tr("Undo"), "edit-undo", QKeySequence::Undo, [this] { m_document->undoStack().undo(); });
    add("apps.redo", tr("Redo"), "edit-redo", Qt::CTRL | Qt::SHIFT | Qt::Key_Z, [this] { m_document->undoStack().redo(); });
    add("apps.find", tr("Find in the text"), "edit-find", QKeySequence::Find, [this] {
        showText();
        m_find->open(false);
    });
    add("apps.replace", tr("Find and replace"), "edit-find", Qt::CTRL | Qt::Key_H, [this] {
        showText();
        m_find->open(true);
    });
    add("apps.complete", tr("Complete at the cursor"), "code-context", Qt::CTRL | Qt::Key_Space, [this] { m_editor->complete(); });
    add("apps.nextProblem", tr("Next problem"), "go-next", Qt::Key_F8, [this] { m_problems->chooseNext(); });
}

void AppsPage::addModeCommands()
{
    auto* const modes = new QActionGroup(this);
    const auto addMode = [&](const char* id, const QString& text, Mode mode) {
        QAction* const action = add(id, text, "", {}, [this, mode] { setMode(mode); });
        action->setCheckable(true);
        modes->addAction(action);
    };
    addMode("apps.form", tr("Form"), Mode::Form);
    addMode("apps.split", tr("Both"), Mode::Split);
    addMode("apps.text", tr("Text"), Mode::Text);
    add("apps.toggle", tr("Switch between form and text"), "", Qt::CTRL | Qt::Key_E, [this] { setMode(m_mode == Mode::Text ? Mode::Form : Mode::Text); });
}

/// What acts on the text does so only where the text is seen: on other pages the same keys may mean something else.
void AppsPage::enableCommands()
{
    const auto enable = [this](const char* id, bool isEnabled) { m_studio.commands.find(QLatin1String(id))->setEnabled(isEnabled); };
    const bool hasDocument = m_document;
    const bool isSeen = hasDocument && isVisible();
    enable("apps.save", hasDocument);
    enable("apps.saveAs", hasDocument);
    for (const char* const id : {"apps.close", "apps.find", "apps.replace", "apps.complete", "apps.nextProblem"})
        enable(id, isSeen);
    for (const char* const id : {"apps.form", "apps.split", "apps.text", "apps.toggle"})
        enable(id, isSeen && !m_document->isPython());
    enable("apps.undo", isSeen && m_document->undoStack().canUndo());
    enable("apps.redo", isSeen && m_document->undoStack().canRedo());
}

} // namespace tintype::ui
