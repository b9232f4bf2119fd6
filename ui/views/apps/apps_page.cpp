// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/apps_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/short_path.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"
#include "ui/views/apps/definition_editor.h"
#include "ui/views/apps/definition_files.h"
#include "ui/views/apps/definition_form.h"
#include "ui/views/apps/document_list.h"
#include "ui/views/apps/find_bar.h"
#include "ui/views/apps/problem_list.h"
#include "ui/views/deployments/preflight_strip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_banner.h"

#include <QDropEvent>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr auto kModeKey = "apps/mode";
constexpr int kListSteps = 45;
constexpr int kViewSteps = 130;

bool isDefinition(const QUrl& url)
{
    const QString path = url.toLocalFile();
    return path.endsWith(QLatin1String(".yaml")) || path.endsWith(QLatin1String(".yml")) || path.endsWith(QLatin1String(".py"));
}

} // namespace

AppsPage::AppsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_files(new DefinitionFiles(studio, *this))
    , m_banner(new ErrorBanner(studio.theme))
    , m_form(new DefinitionForm(studio))
    , m_editor(new DefinitionEditor(studio))
    , m_find(new FindBar(studio.theme, *m_editor))
    , m_problems(new ProblemList(studio.theme))
    , m_path(new QLabel)
    , m_views(new QSplitter)
{
    setAcceptDrops(true);
    addFileCommands();
    addTextCommands();
    addModeCommands();
    layOut();
    connect(m_files, &DefinitionFiles::failed, m_banner, &ErrorBanner::showError);
    connect(m_form, &DefinitionForm::refused, this, [this](const QString& sentence) { m_banner->showMessage(ErrorBanner::Severity::Warning, sentence); });
    connect(m_problems, &ProblemList::chosen, this, [this](int line, int column) {
        showText();
        m_editor->jumpTo(line, column);
    });
    connect(&studio.workspace, &Workspace::currentChanged, this, &AppsPage::showDocument);
    connect(&studio.navigator, &Navigator::modelWanted, m_files, &DefinitionFiles::makeForModel);
    setMode(static_cast<Mode>(std::clamp(studio.settings.value(QLatin1String(kModeKey), static_cast<int>(Mode::Split)).toInt(), 0, 2)));
    showDocument(studio.workspace.current());
}

void AppsPage::layOut()
{
    auto* const empty = new EmptyState(m_studio.theme, QStringLiteral("document-new"), tr("No definition is open"),
        tr("A definition says which model an app serves, on which machine and how many of them. Open an app.yaml, drop one here, or begin with the example."));
    empty->setAction(m_studio.commands.find(QStringLiteral("apps.new")));
    auto* const stack = new QWidget;
    m_stack = new QStackedLayout(stack);
    m_stack->addWidget(makeDocumentArea());
    m_stack->addWidget(empty);
    auto* const right = new QWidget;
    auto* const column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(stack, 1);

    auto* const list = new DocumentList(m_studio);
    connect(list, &DocumentList::openWanted, m_files, &DefinitionFiles::open);
    auto* const split = new QSplitter;
    split->setObjectName(QStringLiteral("apps-list"));
    split->addWidget(list);
    split->addWidget(right);
    split->setStretchFactor(1, 1);
    split->setCollapsible(1, false);
    split->setSizes({Theme::space(kListSteps), Theme::space(2 * kViewSteps)});
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->addWidget(split);
}

QWidget* AppsPage::makeDocumentArea()
{
    m_editorColumn = makeEditorColumn();
    m_views->setObjectName(QStringLiteral("apps-views"));
    m_views->addWidget(m_form);
    m_views->addWidget(m_editorColumn);
    m_views->setStretchFactor(0, 1);
    m_views->setStretchFactor(1, 1);
    m_views->setSizes({Theme::space(kViewSteps), Theme::space(kViewSteps)});
    m_views->setChildrenCollapsible(false);
    auto* const area = new QWidget;
    auto* const column = new QVBoxLayout(area);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeHead());
    column->addWidget(m_views, 1);
    column->addWidget(m_problems);
    column->addWidget(new PreflightStrip(m_studio));
    return area;
}

QWidget* AppsPage::makeHead()
{
    auto* const head = new QFrame;
    head->setProperty("role", QStringLiteral("bar"));
    auto* const row = new QHBoxLayout(head);
    row->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    m_path->setProperty("role", QStringLiteral("muted"));
    m_path->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_path->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    row->addWidget(m_path, 1);
    const auto addButton = [&](const char* id, Qt::ToolButtonStyle style) {
        auto* const button = new QToolButton;
        button->setDefaultAction(m_studio.commands.find(QLatin1String(id)));
        button->setToolButtonStyle(style);
        row->addWidget(button);
    };
    for (const char* const id : {"apps.form", "apps.split", "apps.text"})
        addButton(id, Qt::ToolButtonTextOnly);
    row->addSpacing(Theme::space(3));
    for (const char* const id : {"apps.undo", "apps.redo", "apps.save"})
        addButton(id, Qt::ToolButtonIconOnly);
    return head;
}

QWidget* AppsPage::makeEditorColumn()
{
    auto* const widget = new QWidget;
    auto* const column = new QVBoxLayout(widget);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_editor, 1);
    column->addWidget(m_find);
    return widget;
}

void AppsPage::setMode(Mode mode)
{
    m_mode = mode;
    m_studio.settings.setValue(QLatin1String(kModeKey), static_cast<int>(mode));
    const char* const ids[]{"apps.form", "apps.split", "apps.text"};
    m_studio.commands.find(QLatin1String(ids[static_cast<int>(mode)]))->setChecked(true);
    showViews();
}

/// A Python app has no form.
void AppsPage::showViews()
{
    const bool isPython = m_document && m_document->isPython();
    m_form->setVisible(m_mode != Mode::Text && !isPython);
    m_editorColumn->setVisible(m_mode != Mode::Form || isPython);
}

void AppsPage::showText()
{
    if (m_mode == Mode::Form)
        setMode(Mode::Split);
}

void AppsPage::showDocument(AppDocument* document)
{
    if (m_document) {
        m_document->disconnect(this);
        m_document->undoStack().disconnect(this);
    }
    m_document = document;
    m_banner->clear();
    m_form->setDocument(document);
    m_editor->setDocument(document);
    m_stack->setCurrentIndex(document ? 0 : 1);
    if (document) {
        connect(document, &AppDocument::textChanged, this, &AppsPage::showProblems);
        connect(document, &AppDocument::modifiedChanged, this, &AppsPage::showState);
        connect(document, &AppDocument::pathChanged, this, [this] {
            m_editor->setDocument(m_document);
            showState();
        });
        connect(document, &AppDocument::changedOutside, this, &AppsPage::tellDiskState);
        connect(&document->undoStack(), &QUndoStack::indexChanged, this, &AppsPage::enableCommands);
        if (document->hasRecovered()) {
            m_banner->showMessage(ErrorBanner::Severity::Info, tr("This text was not saved when the studio ended. Save keeps it, Undo brings back the file."));
            m_banner->setAction(tr("Save"), [this] { save(); });
        }
        tellDiskState();
    }
    showProblems();
    showState();
}

void AppsPage::showState()
{
    showViews();
    enableCommands();
    if (!m_document)
        return;
    const QString path = shortPath(m_document->path());
    m_path->setText(m_document->isModified() ? tr("%1 (not saved)").arg(path) : path);
    m_path->setToolTip(m_document->path());
}

void AppsPage::showProblems()
{
    m_problems->setProblems(m_document && !m_document->isPython() ? m_document->parsed().problems : std::vector<domain::DefinitionProblem>());
}

/// Nothing of the user's is lost without a word: a text without changes follows the file, and Undo brings it back.
void AppsPage::tellDiskState()
{
    switch (m_document->onDisk()) {
    case AppDocument::OnDisk::Same:
        break;
    case AppDocument::OnDisk::Gone:
        m_banner->showMessage(ErrorBanner::Severity::Warning, tr("The file is gone. The text is still here; Save writes it again."));
        m_banner->setAction(tr("Save"), [this] { save(); });
        break;
    case AppDocument::OnDisk::Changed:
        if (!m_document->isModified()) {
            reload();
            return;
        }
        m_banner->showMessage(ErrorBanner::Severity::Warning, tr("Another program has changed this file. Reload takes its text, and Undo brings yours back; Save writes yours over it."));
        m_banner->setAction(tr("Reload"), [this] { reload(); });
        break;
    }
}

void AppsPage::reload()
{
    const Result<> reloaded = m_document ? m_document->reload() : Result<>();
    if (reloaded)
        m_banner->showMessage(ErrorBanner::Severity::Info, tr("Another program had changed this file: its text was read again. Undo brings back the one before."));
    else
        m_banner->showError(reloaded.error());
}

void AppsPage::save()
{
    if (!m_document)
        return;
    if (const Result<> saved = m_document->save(); !saved) {
        m_banner->showError(saved.error());
        m_banner->setAction(tr("Save as…"), [this] { m_files->askSaveAs(m_document); });
    } else {
        m_banner->clear();
    }
    showState();
}

void AppsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    enableCommands();
}

void AppsPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    enableCommands();
}

void AppsPage::dragEnterEvent(QDragEnterEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    if (!urls.isEmpty() && std::ranges::all_of(urls, isDefinition))
        event->acceptProposedAction();
}

void AppsPage::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl& url : urls)
        m_files->open(url.toLocalFile());
    event->acceptProposedAction();
}

} // namespace tintype::ui
