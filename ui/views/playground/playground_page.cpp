// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/playground_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/models/call_output.h"
#include "ui/models/data_uri.h"
#include "ui/models/format.h"
#include "ui/models/job_text.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/app_picker.h"
#include "ui/views/playground/call_panel.h"
#include "ui/views/playground/compare_view.h"
#include "ui/views/playground/grid_sheet.h"
#include "ui/views/playground/history_strip.h"
#include "ui/views/playground/job_list.h"
#include "ui/views/playground/preset_box.h"
#include "ui/views/playground/result_pane.h"
#include "ui/views/playground/run_strip.h"
#include "ui/views/playground/schema_form.h"
#include "ui/views/playground/snippet_sheet.h"
#include "ui/widgets/error_banner.h"

#include <QAction>
#include <QFuture>
#include <QSettings>
#include <QShowEvent>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr int kPanelSteps = 98; ///< of the grid, width of the form
constexpr int kNarrowestPanelSteps = 72;
constexpr int kResultSteps = 230;
const QString kSplitterKey = QStringLiteral("playground/splitter");

/// Off the GUI thread.
QFuture<Result<Picture>> decodePreview(const std::string& uri)
{
    return QtFuture::makeReadyFuture().then(QtFuture::Launch::Async, [uri = qs(uri)]() -> Result<Picture> {
        TINTYPE_TRY_ASSIGN(const QByteArray bytes, decodeDataUri(uri));
        return decodePicture(bytes);
    });
}

} // namespace

PlaygroundPage::PlaygroundPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_history(History::defaultFolder())
    , m_presets(PresetStore::defaultFile())
    , m_banner(new ErrorBanner(studio.theme))
    , m_panel(new CallPanel(studio))
    , m_presetBox(new PresetBox(studio, m_presets))
    , m_result(new ResultPane(studio, m_loader))
    , m_compare(new CompareView(studio, m_loader))
    , m_grid(new GridSheet(studio, m_jobs, m_history, m_loader))
    , m_views(new QStackedWidget)
    , m_run(new RunStrip(studio.theme, m_jobs))
    , m_strip(new HistoryStrip(studio, m_history, m_jobs))
    , m_splitter(new QSplitter)
{
    setAcceptDrops(true);
    lay();
    addCommands();
    connectParts();
    m_result->showEmpty(tr("No picture yet"), tr("Type a prompt and press Generate. Each step appears here as it is drawn."));
    showReadiness();
    enableCommands();
}

PlaygroundPage::~PlaygroundPage()
{
    m_studio.settings.setValue(kSplitterKey, m_splitter->saveState());
}

void PlaygroundPage::lay()
{
    m_views->addWidget(m_result);
    m_views->addWidget(m_compare);
    m_views->addWidget(m_grid);
    m_panel->addTop(m_presetBox);
    auto* const right = new QWidget;
    auto* const rightColumn = new QVBoxLayout(right);
    rightColumn->setContentsMargins(0, 0, 0, 0);
    rightColumn->setSpacing(0);
    rightColumn->addWidget(m_views, 1);
    const auto addDivider = [rightColumn] {
        auto* const divider = new QFrame;
        divider->setProperty("role", QStringLiteral("divider"));
        rightColumn->addWidget(divider);
    };
    addDivider();
    rightColumn->addWidget(m_run);
    addDivider();
    rightColumn->addWidget(m_strip);

    m_panel->setMinimumWidth(Theme::space(kNarrowestPanelSteps));
    m_splitter->addWidget(m_panel);
    m_splitter->addWidget(right);
    m_splitter->setStretchFactor(1, 1);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setSizes({Theme::space(kPanelSteps), Theme::space(kResultSteps)});
    m_splitter->restoreState(m_studio.settings.value(kSplitterKey).toByteArray());
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(m_splitter, 1);
}

QAction* PlaygroundPage::addCommand(
    const char* id, const QString& text, const QString& icon, const QKeySequence& shortcut, std::function<void()> run)
{
    QAction* const action = m_studio.commands.add(
        {.id = QLatin1String(id), .group = tr("Playground"), .text = text, .icon = icon, .shortcut = shortcut, .tip = {}}, std::move(run));
    m_actions.push_back(action);
    return action;
}

void PlaygroundPage::addCommands()
{
    m_generate = addCommand("playground.generate", tr("Generate"), QStringLiteral("draw-brush"), Qt::CTRL | Qt::Key_Return, [this] { generate(); });
    m_cancel = addCommand("playground.cancel", tr("Cancel the job"), QStringLiteral("process-stop"), Qt::CTRL | Qt::Key_Period,
        [this] { m_jobs.cancel(m_run->job()); });
    addCommand("playground.prompt", tr("Go to the prompt"), {}, Qt::CTRL | Qt::Key_L, [this] { m_panel->form().focusPrompt(); });
    addCommand("playground.reset", tr("Reset the form"), QStringLiteral("edit-undo"), {}, [this] { m_panel->form().reset(); });
    m_result->addTool(addCommand("playground.copyPicture", tr("Copy picture"), QStringLiteral("edit-copy"), Qt::CTRL | Qt::ALT | Qt::Key_C,
        [this] { m_result->copyPicture(); }));
    m_result->addTool(addCommand("playground.savePicture", tr("Save picture…"), QStringLiteral("document-save"),
        Qt::CTRL | Qt::SHIFT | Qt::Key_S, [this] { m_result->savePicture(); }));
    m_result->addTool(addCommand("playground.snippets", tr("Call it from a program…"), QStringLiteral("format-text-code"), {},
        [this] { showSnippets(); }));
    m_result->addTool(addCommand("playground.grid", tr("X/Y/Z grid of this call…"), QStringLiteral("view-grid"), Qt::CTRL | Qt::SHIFT | Qt::Key_G,
        [this] { showGrid(); }));
    m_panel->setGenerateAction(m_generate);
    m_panel->addBottom(new JobList(m_studio.theme, m_jobs));
}

void PlaygroundPage::connectParts()
{
    connect(&m_jobs, &JobQueue::started, this, &PlaygroundPage::onStarted);
    connect(&m_jobs, &JobQueue::progressed, this, &PlaygroundPage::onProgress);
    connect(&m_jobs, &JobQueue::finished, this, &PlaygroundPage::onFinished);
    connect(&m_jobs, &JobQueue::cancelled, this, &PlaygroundPage::onGone);
    connect(m_run, &RunStrip::cancelWanted, &m_jobs, &JobQueue::cancel);
    connect(m_run, &RunStrip::watchWanted, this, [this] { setWatching(true); });
    connect(m_panel, &CallPanel::callChanged, this, &PlaygroundPage::enableCommands);
    connect(&m_panel->picker(), &AppPicker::troubled, m_banner, &ErrorBanner::showError);
    connect(&m_panel->picker(), &AppPicker::formChanged, this, &PlaygroundPage::showReadiness);
    connect(&m_panel->picker(), &AppPicker::appsChanged, this, [this] {
        showReadiness();
        enableCommands();
    });
    connect(m_result, &ResultPane::troubled, this, [this](const QString& sentence) {
        m_banner->showMessage(ErrorBanner::Severity::Error, sentence);
    });
    connect(m_result, &ResultPane::noticed, this, [this](const QString& sentence) {
        m_banner->showMessage(ErrorBanner::Severity::Info, sentence);
    });
    connect(m_result, &ResultPane::seedWanted, this, [this](quint64 seed) {
        if (SeedEditor* editor = m_panel->form().seed())
            editor->setJson(QString::number(seed));
        Q_EMIT m_panel->form().changed();
    });
    connectHistory();
    connect(&m_studio.navigator, &Navigator::replayWanted, this, &PlaygroundPage::restore);
    connect(&m_studio.navigator, &Navigator::pictureWanted, this, &PlaygroundPage::openPicture);
    const auto follow = [this](Target* target) {
        if (target)
            connect(target, &Target::replicasChanged, this, &PlaygroundPage::showReadiness, Qt::UniqueConnection);
        showReadiness();
    };
    connect(&m_studio.targets, &Targets::currentChanged, this, follow);
    follow(m_studio.targets.current());
}

void PlaygroundPage::connectHistory()
{
    const auto showOld = [this](const Generation& generation) {
        setWatching(false);
        show(generation);
    };
    const auto goBack = [this] { m_views->setCurrentWidget(m_result); };
    const auto tell = [this](const QString& sentence) { m_banner->showMessage(ErrorBanner::Severity::Warning, sentence); };
    connect(m_strip, &HistoryStrip::shown, this, showOld);
    connect(m_strip, &HistoryStrip::restoreWanted, this, &PlaygroundPage::restore);
    connect(m_strip, &HistoryStrip::compareWanted, this, &PlaygroundPage::compare);
    connect(m_compare, &CompareView::closed, this, goBack);
    connect(m_grid, &GridSheet::shown, this, showOld);
    connect(m_grid, &GridSheet::restoreWanted, this, &PlaygroundPage::restore);
    connect(m_grid, &GridSheet::compareWanted, this, &PlaygroundPage::compare);
    connect(m_grid, &GridSheet::closed, this, goBack);
    connect(&m_history, &History::added, this, [this](const QString&, const HistoryRow& row) {
        if (m_result->shown().id == row.id)
            m_strip->select(row.id);
    });
    connect(m_panel, &CallPanel::formReplaced, this, &PlaygroundPage::offerPresets);
    connect(m_presetBox, &PresetBox::chosen, &m_panel->form(), &SchemaForm::setState);
    connect(m_presetBox, &PresetBox::troubled, this, tell);
    connect(&m_presets, &PresetStore::troubled, this, tell);
}

void PlaygroundPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    enableCommands();
}

void PlaygroundPage::hideEvent(QHideEvent* event)
{
    QWidget::hideEvent(event);
    enableCommands();
}

/// Shortcuts of this page are for when it is seen; others have theirs.
void PlaygroundPage::enableCommands()
{
    for (QAction* action : m_actions)
        action->setEnabled(isVisible());
    m_generate->setEnabled(isVisible() && m_panel->canCall());
    m_cancel->setEnabled(isVisible() && !m_run->job().isEmpty());
}

void PlaygroundPage::showReadiness()
{
    const AppPicker& picker = m_panel->picker();
    const control::AppInfo* app = picker.app();
    m_run->setIdleText(app && picker.target() ? readiness(*app, picker.target()->replicas()) : QString());
}

void PlaygroundPage::onStarted(const QString& id)
{
    m_shownStep = 0;
    m_run->setJob(id);
    m_run->setWatched(m_isWatching);
    enableCommands();
}

void PlaygroundPage::onProgress(const QString& id, const control::CallProgress& progress)
{
    if (!m_isWatching || id != m_run->job() || progress.preview.empty())
        return;
    decodePreview(progress.preview).then(this, [this, id, step = progress.step](const Result<Picture>& preview) {
        const Job* job = m_jobs.find(id);
        if (!preview || !job || !m_isWatching || id != m_run->job() || step <= m_shownStep)
            return; // a later one came first, or the result
        m_shownStep = step;
        m_result->showPreview(job->prompt, *preview, wantedSize(job->generation.input));
        m_views->setCurrentWidget(m_result);
    });
}

void PlaygroundPage::onFinished(const Generation& generation)
{
    if (!generation.error.isEmpty()) {
        m_banner->showMessage(ErrorBanner::Severity::Error, generation.error);
        m_banner->setAction(tr("Show log"), [this, generation] {
            control::LogQuery query;
            query.app = generation.app.toStdString();
            query.request = generation.requestId.toStdString();
            m_studio.navigator.showLogs(query);
        });
    } else {
        learn(generation);
        if (m_isWatching)
            show(generation);
    }
    onGone(generation.id);
}

void PlaygroundPage::onGone(const QString& id)
{
    if (id == m_run->job())
        watchNext();
    enableCommands();
}

/// Another job that runs: on another host.
void PlaygroundPage::watchNext()
{
    QString next;
    for (const auto& job : m_jobs.jobs()) {
        if (job->state != Job::State::Waiting)
            next = job->generation.id;
    }
    m_shownStep = 0;
    m_run->setJob(next);
    m_run->setWatched(m_isWatching);
}

void PlaygroundPage::setWatching(bool isWatching)
{
    m_isWatching = isWatching;
    m_run->setWatched(isWatching);
}

void PlaygroundPage::show(const Generation& generation)
{
    m_result->showResult(generation);
    m_views->setCurrentWidget(m_result);
}

void PlaygroundPage::compare(const Generation& first, const Generation& second)
{
    setWatching(false);
    m_compare->compare(first, second);
    m_views->setCurrentWidget(m_compare);
}

void PlaygroundPage::showSnippets()
{
    if (!m_snippets)
        m_snippets = new SnippetSheet(m_studio.theme, this);
    m_snippets->setCall(m_panel->snippetCall());
    m_snippets->open();
}

void PlaygroundPage::offerPresets()
{
    const AppPicker& picker = m_panel->picker();
    m_presetBox->setForm(picker.appName(), picker.path(), [this] { return m_panel->form().state(); });
}

} // namespace tintype::ui
