// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/models/models_page.h"

#include "ui/commands/commands.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/models/model_detail.h"
#include "ui/widgets/confirm_strip.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/error_banner.h"

#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSettings>
#include <QSplitter>
#include <QStackedLayout>
#include <QTableView>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kFilterSteps = 50;
constexpr int kNameSteps = 64;
constexpr int kDetailSteps = 88;
const QString kSplitterKey = QStringLiteral("models/splitter");

QToolButton* buttonOf(QAction* action)
{
    auto* const button = new QToolButton;
    button->setDefaultAction(action);
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button->setFocusPolicy(Qt::StrongFocus);
    return button;
}

} // namespace

ModelsPage::ModelsPage(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_banner(new ErrorBanner(studio.theme))
    , m_confirm(new ConfirmStrip)
    , m_totals(new QLabel)
    , m_filter(new QLineEdit)
    , m_table(new QTableView)
    , m_detail(new ModelDetail(studio.theme))
    , m_empty(new EmptyState(studio.theme, QStringLiteral("drive-harddisk"), {}, {}))
{
    addCommands();
    auto* const splitter = new QSplitter(Qt::Horizontal);
    auto* const scroll = new QScrollArea;
    scroll->setWidget(m_detail);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setMinimumWidth(Theme::space(kDetailSteps));
    splitter->addWidget(makeList());
    splitter->addWidget(scroll);
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 1);
    splitter->setChildrenCollapsible(false);
    splitter->restoreState(studio.settings.value(kSplitterKey).toByteArray());
    connect(splitter, &QSplitter::splitterMoved, this,
        [this, splitter] { m_studio.settings.setValue(kSplitterKey, splitter->saveState()); });

    auto* const content = new QWidget;
    m_stack = new QStackedLayout(content);
    m_stack->addWidget(splitter);
    m_stack->addWidget(m_empty);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeBar());
    column->addWidget(m_banner);
    column->addWidget(m_confirm);
    column->addWidget(content, 1);

    connect(m_detail, &ModelDetail::deleteWanted, this, &ModelsPage::confirmDelete);
    connect(&studio.targets, &Targets::currentChanged, this, &ModelsPage::setTarget);
    setTarget(studio.targets.current());
}

ModelsPage::~ModelsPage() = default;

void ModelsPage::addCommands()
{
    Commands& commands = m_studio.commands;
    m_refresh = commands.add({.id = QStringLiteral("models.refresh"), .group = tr("Models"), .text = tr("Refresh"),
                                 .icon = QStringLiteral("view-refresh"), .shortcut = {}, .tip = tr("Read the host's disk again.")},
        [this] { ask(); });
    m_delete = commands.add({.id = QStringLiteral("models.delete"), .group = tr("Models"), .text = tr("Delete model…"),
                                .icon = QStringLiteral("edit-delete"), .shortcut = {}, .tip = tr("Delete the chosen model from the host's disk.")},
        [this] { confirmDelete(); });
    m_collect = commands.add({.id = QStringLiteral("models.collect"), .group = tr("Models"), .text = tr("Free unused files…"),
                                 .icon = QStringLiteral("edit-clear"), .shortcut = {},
                                 .tip = tr("Delete pushed files that no revision refers to.")},
        [this] { confirmCollect(); });
}

QWidget* ModelsPage::makeBar()
{
    auto* const bar = new QFrame;
    bar->setProperty("role", QStringLiteral("bar"));
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    m_filter->setPlaceholderText(tr("Filter models"));
    m_filter->setAccessibleName(m_filter->placeholderText());
    m_filter->setClearButtonEnabled(true);
    m_filter->setMaximumWidth(Theme::space(kFilterSteps));
    m_totals->setProperty("role", QStringLiteral("muted"));
    row->addWidget(m_filter);
    row->addWidget(m_totals, 1);
    row->addWidget(buttonOf(m_collect));
    row->addWidget(buttonOf(m_refresh));
    connect(m_filter, &QLineEdit::textChanged, &m_sorted, &QSortFilterProxyModel::setFilterFixedString);
    return bar;
}

QWidget* ModelsPage::makeList()
{
    m_sorted.setSourceModel(&m_model);
    m_sorted.setSortRole(ModelList::SortRole);
    m_sorted.setSortCaseSensitivity(Qt::CaseInsensitive);
    m_sorted.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_table->setModel(&m_sorted);
    m_table->setAccessibleName(tr("Models"));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(ModelList::Name, Qt::AscendingOrder);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setWordWrap(false);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(m_studio.theme.rowHeight());
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(ModelList::Name, QHeaderView::Interactive);
    m_table->horizontalHeader()->resizeSection(ModelList::Name, Theme::space(kNameSteps));
    m_table->horizontalHeader()->setStretchLastSection(true);
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &ModelsPage::showChosen);
    connect(&m_sorted, &QAbstractItemModel::rowsRemoved, this, &ModelsPage::showEmpty);
    connect(&m_sorted, &QAbstractItemModel::rowsInserted, this, &ModelsPage::showEmpty);
    return m_table;
}

void ModelsPage::setTarget(Target* target)
{
    m_target = target;
    m_targetGuard = std::make_unique<QObject>();
    m_isAnswered = false;
    m_deleting.clear();
    m_blobs = {};
    m_banner->clear();
    m_confirm->cancel();
    m_model.setModels({});
    showTotals();
    showEmpty();
    showChosen();
    if (!target)
        return;
    connect(target, &Target::connectionChanged, m_targetGuard.get(), [this] {
        showEmpty();
        askIfShown();
    });
    connect(target, &Target::happened, m_targetGuard.get(), [this](const control::Event& event) {
        if (std::holds_alternative<control::RolloutEnded>(event) || std::holds_alternative<control::AppRemoved>(event))
            askIfShown();
    });
    askIfShown();
}

void ModelsPage::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    ask();
}

void ModelsPage::askIfShown()
{
    if (isVisible())
        ask();
}

void ModelsPage::ask()
{
    if (!m_target || !m_target->isConnected())
        return;
    m_target->control().models().then(
        m_targetGuard.get(), [this](const Result<std::vector<control::ModelInfo>>& models) { onModels(models); });
    m_target->control().blobTotals().then(
        m_targetGuard.get(), [this](const Result<control::BlobTotals>& totals) { onBlobs(totals); });
}

void ModelsPage::onModels(const Result<std::vector<control::ModelInfo>>& models)
{
    if (!models) {
        m_banner->showError(models.error());
        m_banner->setAction(tr("Try again"), [this] {
            m_banner->clear();
            ask();
        });
        return;
    }
    m_isAnswered = true;
    const control::ModelInfo* const before = chosen();
    const std::string id = before ? before->id : std::string();
    m_model.setModels(*models);
    showTotals();
    showEmpty();
    if (m_model.rowOf(id) >= 0)
        choose(id);
    else if (m_sorted.rowCount() > 0)
        m_table->selectRow(0);
    showChosen();
}

void ModelsPage::onBlobs(const Result<control::BlobTotals>& totals)
{
    if (totals) // else the list of models tells what is wrong
        m_blobs = *totals;
    showTotals();
}

void ModelsPage::showTotals()
{
    m_collect->setEnabled(m_blobs.unreferencedBytes > 0);
    if (!m_isAnswered)
        return m_totals->clear();
    QString text = m_model.rowCount() == 1 ? tr("1 model, %1").arg(formatBytes(m_model.bytes()))
                                           : tr("%1 models, %2").arg(formatCount(m_model.rowCount()), formatBytes(m_model.bytes()));
    if (m_blobs.unreferencedBytes > 0)
        text += tr("; %1 of pushed files are unused").arg(formatBytes(m_blobs.unreferencedBytes));
    m_totals->setText(text);
}

void ModelsPage::showEmpty()
{
    m_stack->setCurrentIndex(m_sorted.rowCount() > 0 ? 0 : 1);
    m_filter->setEnabled(m_model.rowCount() > 0);
    if (!m_target)
        return m_empty->setText(tr("No host"), tr("Choose a host at the top of the window."));
    if (m_model.rowCount() > 0)
        return m_empty->setText(tr("No match"), tr("No model's name contains this text. Clear the filter to see all of them."));
    if (m_isAnswered)
        return m_empty->setText(tr("No models on %1").arg(m_target->name()),
            tr("Models come here when an app is run or deployed: its own folders are pushed, and those of the hub are fetched. "
               "What is in the hub's cache of that machine is listed too."));
    if (m_target->isConnected())
        return m_empty->setText(tr("Reading the disk"), tr("The host looks through its models."));
    m_empty->setText(tr("Not connected"), tr("The models of %1 appear as soon as it answers.").arg(m_target->name()));
}

const control::ModelInfo* ModelsPage::chosen() const
{
    const auto rows = m_table->selectionModel()->selectedRows();
    return rows.isEmpty() ? nullptr : m_model.at(m_sorted.mapToSource(rows.first()).row());
}

void ModelsPage::choose(const std::string& id)
{
    const QModelIndex index = m_sorted.mapFromSource(m_model.index(m_model.rowOf(id), ModelList::Name));
    if (index.isValid())
        m_table->selectRow(index.row());
}

void ModelsPage::showChosen()
{
    const control::ModelInfo* const model = chosen();
    m_delete->setEnabled(model && model->removable && m_deleting.empty());
    m_detail->setVisible(model);
    if (!model)
        return;
    m_detail->setModel(*model);
    m_detail->setBusy(model->id == m_deleting);
}

void ModelsPage::confirmDelete()
{
    const control::ModelInfo* const model = chosen();
    if (model && model->removable)
        m_confirm->ask(deleteQuestion(*model), tr("Delete"), [this, id = model->id] { remove(id); });
}

void ModelsPage::remove(const std::string& id)
{
    if (!m_target)
        return;
    m_deleting = id;
    m_banner->clear();
    showChosen();
    m_target->control().deleteModel(id).then(m_targetGuard.get(), [this](const Result<std::uint64_t>& freed) {
        m_deleting.clear();
        if (freed)
            m_banner->showMessage(ErrorBanner::Severity::Info, tr("%1 are free now.").arg(formatBytes(*freed)));
        else
            m_banner->showError(freed.error());
        showChosen();
        ask();
    });
}

void ModelsPage::confirmCollect()
{
    m_confirm->ask(tr("Delete pushed files that no revision refers to (%1)? What arrived in the last hour stays.")
                       .arg(formatBytes(m_blobs.unreferencedBytes)),
        tr("Delete"), [this] { collect(); });
}

void ModelsPage::collect()
{
    if (!m_target)
        return;
    m_collect->setEnabled(false);
    m_target->control().collectBlobs().then(m_targetGuard.get(), [this](const Result<std::uint64_t>& freed) {
        if (!freed)
            m_banner->showError(freed.error());
        else if (*freed == 0)
            m_banner->showMessage(ErrorBanner::Severity::Info, tr("Nothing to delete yet: the unused files are younger than an hour."));
        else
            m_banner->showMessage(ErrorBanner::Severity::Info, tr("%1 are free now.").arg(formatBytes(*freed)));
        ask();
    });
}

} // namespace tintype::ui
