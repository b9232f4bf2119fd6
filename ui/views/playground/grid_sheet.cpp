// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/grid_sheet.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/grid_model.h"
#include "ui/models/grid_painter.h"
#include "ui/models/history.h"
#include "ui/models/job_queue.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/axis_editor.h"
#include "ui/views/playground/grid_cell_delegate.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/picture_view.h"

#include <QDateTime>
#include <QFileDialog>
#include <QGridLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QSplitter>
#include <QStandardPaths>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kCellSteps = 36;
constexpr int kPreviewSteps = 40;
constexpr int kThumbnail = 192; ///< longest side of what a cell keeps, px

} // namespace

GridSheet::GridSheet(Studio& studio, JobQueue& jobs, History& history, PictureLoader& loader, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_jobs(jobs)
    , m_history(history)
    , m_loader(loader)
    , m_model(new GridModel(this))
    , m_banner(new ErrorBanner(studio.theme))
    , m_axes{}
    , m_count(new QLabel)
    , m_progress(new QLabel)
    , m_start(new QPushButton)
    , m_cancel(new QPushButton(tr("Cancel all")))
    , m_compare(new QToolButton)
    , m_save(new QToolButton)
    , m_sheets(new QTabBar)
    , m_split(new QSplitter(Qt::Horizontal))
    , m_table(new QTableView)
    , m_preview(new PictureView(studio.theme))
    , m_previewText(new QLabel)
    , m_empty(new QLabel(tr("Choose what changes along the columns, the rows and from sheet to sheet. Everything else is as the form has it.")))
{
    m_pool.setMaxThreadCount(1);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addWidget(makeAxes());
    column->addWidget(makeBar());
    makeTable();
    makePreview();
    column->addWidget(m_sheets);
    column->addWidget(m_split, 1);
    column->addWidget(m_empty, 1);

    connect(&m_jobs, &JobQueue::finished, this, &GridSheet::onFinished);
    connect(&m_jobs, &JobQueue::started, this, [this](const QString& id) { m_model->setRunning(id, 0); });
    connect(&m_jobs, &JobQueue::cancelled, m_model, &GridModel::setCancelled);
    connect(&m_jobs, &JobQueue::progressed, this, [this](const QString& id, const control::CallProgress& progress) {
        m_model->setRunning(id, progress.steps > 0 ? static_cast<double>(progress.step) / progress.steps : 0);
    });
    connect(&m_history, &History::added, this, [this](const QString& id, const HistoryRow& row) {
        m_model->setPath(id, row.pictures.value(0));
    });
    connect(m_model, &GridModel::tallyChanged, this, &GridSheet::updateTally);
    connect(m_model, &GridModel::modelReset, this, &GridSheet::updateSheets);
    connect(&m_studio.targets, &Targets::currentChanged, this, &GridSheet::updateChoices);
    connect(&m_studio.targets, &QAbstractItemModel::rowsInserted, this, &GridSheet::updateChoices);
    connect(&m_studio.targets, &QAbstractItemModel::rowsRemoved, this, &GridSheet::updateChoices);
    updateChoices();
    updateSheets();
    updateTally();
}

GridSheet::~GridSheet() = default;

QWidget* GridSheet::makeAxes()
{
    auto* const panel = new QWidget;
    auto* const grid = new QGridLayout(panel);
    grid->setContentsMargins(Theme::space(3), Theme::space(3), Theme::space(3), Theme::space(1));
    grid->setHorizontalSpacing(Theme::space(2));
    grid->setVerticalSpacing(Theme::space(2));
    grid->setColumnStretch(2, 3);
    grid->setColumnStretch(3, 2);
    const std::array titles{tr("Columns"), tr("Rows"), tr("Sheets")};
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        m_axes[axis] = new AxisEditor(titles[axis], *grid, static_cast<int>(axis), this);
        connect(m_axes[axis], &AxisEditor::changed, this, &GridSheet::updatePlan);
    }
    return panel;
}

QWidget* GridSheet::makeBar()
{
    const auto dress = [this](QToolButton* button, const char* icon, const QString& text) {
        button->setIcon(m_studio.theme.icon(QLatin1String(icon)));
        button->setToolTip(text);
        button->setAccessibleName(text);
    };
    auto* const close = new QToolButton;
    dress(m_compare, "view-split-left-right", tr("Compare two selected cells"));
    dress(m_save, "document-save-as", tr("Save the grid as one labelled picture, with its plan as JSON"));
    dress(close, "window-close", tr("Close the grid; it goes on by itself (Escape)"));
    m_start->setProperty("role", QStringLiteral("primary"));
    m_count->setProperty("role", QStringLiteral("muted"));
    m_progress->setProperty("role", QStringLiteral("muted"));
    m_count->setWordWrap(true);
    connect(m_start, &QPushButton::clicked, this, &GridSheet::start);
    connect(m_cancel, &QPushButton::clicked, this, &GridSheet::cancelAll);
    connect(m_compare, &QToolButton::clicked, this, &GridSheet::compareSelected);
    connect(m_save, &QToolButton::clicked, this, &GridSheet::saveSheet);
    connect(close, &QToolButton::clicked, this, &GridSheet::closed);

    auto* const bar = new QWidget;
    auto* const row = new QHBoxLayout(bar);
    row->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_start);
    row->addWidget(m_cancel);
    row->addWidget(m_count, 1);
    row->addWidget(m_progress);
    row->addWidget(m_compare);
    row->addWidget(m_save);
    row->addWidget(close);
    return bar;
}

void GridSheet::makeTable()
{
    m_sheets->setDrawBase(false);
    m_sheets->setExpanding(false);
    m_sheets->setUsesScrollButtons(true);
    m_sheets->setAccessibleName(tr("Sheets of the grid"));
    connect(m_sheets, &QTabBar::currentChanged, m_model, &GridModel::setSheet);

    m_table->setModel(m_model);
    m_table->setItemDelegate(new GridCellDelegate(m_studio.theme, this));
    m_table->setAccessibleName(tr("Grid of pictures"));
    m_table->setMouseTracking(true);
    m_table->setShowGrid(false);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setCornerButtonEnabled(false);
    for (QHeaderView* const header : {m_table->horizontalHeader(), m_table->verticalHeader()}) {
        header->setDefaultSectionSize(Theme::space(kCellSteps));
        header->setMinimumSectionSize(Theme::space(kCellSteps) / 3);
        header->setHighlightSections(false);
        header->setTextElideMode(Qt::ElideMiddle);
    }
    m_table->verticalHeader()->setDefaultAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->verticalHeader()->setMaximumWidth(Theme::space(kCellSteps));
    connect(m_table, &QTableView::clicked, this, &GridSheet::showCell);
    connect(m_table, &QTableView::doubleClicked, this, [this](const QModelIndex& index) {
        withCell(index, [this](const Generation& generation) { Q_EMIT restoreWanted(generation); });
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, &GridSheet::updateTally);
    connect(&m_studio.theme, &Theme::changed, m_table->viewport(), qOverload<>(&QWidget::update));
    m_empty->setProperty("role", QStringLiteral("muted"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
}

void GridSheet::makePreview()
{
    m_preview->setAccessibleName(tr("Picture of the chosen cell"));
    m_preview->setMinimumWidth(Theme::space(kPreviewSteps));
    m_previewText->setProperty("role", QStringLiteral("caption"));
    m_previewText->setWordWrap(true);
    m_previewText->setMargin(Theme::space(2));
    auto* const pane = new QWidget;
    auto* const column = new QVBoxLayout(pane);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_preview, 1);
    column->addWidget(m_previewText);
    m_split->addWidget(m_table);
    m_split->addWidget(pane);
    m_split->setStretchFactor(0, 3);
    m_split->setStretchFactor(1, 2);
    m_split->setChildrenCollapsible(false);
    pane->hide();
}

void GridSheet::setBase(const Generation& base)
{
    m_base = base;
    m_base.pictures.clear();
    updateChoices();
    updatePlan();
}

void GridSheet::setParameters(const QVector<GridParameter>& parameters)
{
    m_parameters = parameters;
    updateChoices();
}

void GridSheet::updateChoices()
{
    QStringList targets;
    for (const auto& target : m_studio.targets.all())
        targets.push_back(target->name());
    QStringList apps;
    const Target* const target = m_studio.targets.find(m_base.target);
    if (target) {
        for (const control::AppInfo& app : target->apps())
            apps.push_back(qs(app.name));
    }
    for (AxisEditor* const axis : m_axes)
        axis->setChoices(m_parameters, targets, apps);
}

Result<GridPlan> GridSheet::plan() const
{
    GridPlan plan{m_base, {}};
    for (std::size_t axis = 0; axis < m_axes.size(); ++axis) {
        TINTYPE_TRY_ASSIGN(plan.axes[axis], m_axes[axis]->axis());
    }
    TINTYPE_TRY(plan.check());
    return plan;
}

void GridSheet::updatePlan()
{
    if (std::ranges::any_of(m_axes, [](const AxisEditor* axis) { return !axis; }))
        return; // they are being made
    const Result<GridPlan> now = plan();
    const bool isChosen = now && now->count() > 1;
    m_start->setEnabled(isChosen && !isRunning());
    if (!now)
        m_count->setText(qs(now.error().message));
    else if (!isChosen)
        m_count->setText(tr("Choose an axis and its values."));
    else
        m_count->setText(countText(*now, m_history.usualSeconds(m_base.app) / now->hosts()));
    m_start->setText(isChosen ? tr("Generate %1").arg(formatCount(now->count())) : tr("Generate"));
}

bool GridSheet::isRunning() const
{
    return m_model->tally().open > 0;
}

void GridSheet::start()
{
    const Result<GridPlan> wanted = plan();
    if (!wanted || isRunning())
        return;
    m_banner->clear();
    m_model->setPlan(*wanted);
    const auto count = static_cast<int>(m_model->cells().size());
    for (int cell = 0; cell < count; ++cell) {
        Generation call = m_model->cells()[cell].generation;
        Target* const target = m_studio.targets.find(call.target);
        if (!target) {
            m_model->setFailed(cell, tr("There is no host “%1”.").arg(call.target));
            continue;
        }
        call.id = m_jobs.add(*target, call);
        m_model->setWaiting(cell, call);
    }
}

void GridSheet::cancelAll()
{
    QStringList open;
    for (const GridCell& cell : m_model->cells()) {
        if (cell.state == GridCell::State::Waiting || cell.state == GridCell::State::Running)
            open.push_back(cell.generation.id);
    }
    // The last first: the queue would start the next one for each that goes.
    for (auto id = open.crbegin(); id != open.crend(); ++id)
        m_jobs.cancel(*id);
}

void GridSheet::onFinished(const Generation& generation)
{
    if (m_model->cellOf(generation.id) < 0)
        return;
    m_model->setFinished(generation);
    if (generation.pictures.isEmpty())
        return;
    m_loader.load(generation.id + QStringLiteral("/0"), generation.pictures.front(), kThumbnail)
        .then(this, [this, id = generation.id](const Result<Picture>& picture) {
            if (picture)
                m_model->setThumbnail(id, picture->image());
        });
}

void GridSheet::updateSheets()
{
    const bool isEmpty = m_model->cells().isEmpty();
    m_split->setVisible(!isEmpty);
    m_empty->setVisible(isEmpty);
    const GridPlan& plan = m_model->plan();
    const bool hasSheets = !isEmpty && plan.size(2) > 1;
    m_sheets->setVisible(hasSheets);
    const QSignalBlocker blocker(m_sheets);
    while (m_sheets->count() > 0)
        m_sheets->removeTab(0);
    for (int z = 0; hasSheets && z < plan.size(2); ++z)
        m_sheets->addTab(plan.label(2, z));
    m_sheets->setCurrentIndex(m_model->sheet());
}

void GridSheet::updateTally()
{
    const GridModel::Tally tally = m_model->tally();
    const auto count = static_cast<int>(m_model->cells().size());
    QStringList parts;
    if (count > 0)
        parts.push_back(tr("%1 of %2 done").arg(tally.done).arg(count));
    if (tally.failed > 0)
        parts.push_back(tr("%n failed", nullptr, tally.failed));
    if (tally.cancelled > 0)
        parts.push_back(tr("%n cancelled", nullptr, tally.cancelled));
    m_progress->setText(parts.join(QStringLiteral(" · ")));
    m_cancel->setVisible(tally.open > 0);
    m_start->setVisible(tally.open == 0);
    m_save->setEnabled(tally.done > 0);
    m_compare->setEnabled(m_table->selectionModel() && m_table->selectionModel()->selectedIndexes().size() == 2);
    if (tally.open == 0)
        updatePlan();
}

void GridSheet::withCell(const QModelIndex& index, std::function<void(const Generation&)> use)
{
    const int cell = m_model->cellAt(index);
    if (cell < 0)
        return;
    const Generation generation = m_model->cells()[cell].generation;
    if (m_model->cells()[cell].path.isEmpty()) { // nothing to read
        if (!generation.id.isEmpty())
            use(generation);
        return;
    }
    m_history.load(generation.id).then(this, [this, use = std::move(use)](const Result<Generation>& loaded) {
        if (loaded)
            use(*loaded);
        else
            m_banner->showError(loaded.error());
    });
}

void GridSheet::showCell(const QModelIndex& index)
{
    const int cell = m_model->cellAt(index);
    if (cell < 0 || m_model->cells()[cell].state != GridCell::State::Done || m_table->selectionModel()->selectedIndexes().size() != 1)
        return;
    m_previewText->setText(index.data(Qt::ToolTipRole).toString().replace(u'\n', QStringLiteral(" · ")));
    withCell(index, [this, number = ++m_previewNumber](const Generation& generation) {
        if (number != m_previewNumber || generation.pictures.isEmpty())
            return;
        m_loader.load(generation.id + QStringLiteral("/0"), generation.pictures.front()).then(this, [this, number](const Result<Picture>& picture) {
            if (!picture || number != m_previewNumber)
                return;
            m_preview->setPicture(*picture);
            m_preview->parentWidget()->show();
        });
    });
}

void GridSheet::compareSelected()
{
    QModelIndexList selected = m_table->selectionModel()->selectedIndexes();
    if (selected.size() != 2)
        return;
    std::sort(selected.begin(), selected.end());
    withCell(selected[0], [this, second = QPersistentModelIndex(selected[1])](const Generation& first) {
        withCell(second, [this, first](const Generation& other) { Q_EMIT compareWanted(first, other); });
    });
}

void GridSheet::saveSheet()
{
    const QString name = QStringLiteral("grid-%1-%2.png").arg(m_model->plan().base.app, QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss")));
    auto* const dialog = new QFileDialog(this, tr("Save the grid"), QStandardPaths::writableLocation(QStandardPaths::PicturesLocation), tr("PNG pictures (*.png)"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("png"));
    dialog->selectFile(name);
    connect(dialog, &QFileDialog::fileSelected, this, &GridSheet::saveTo);
    dialog->open();
}

void GridSheet::saveTo(const QString& path)
{
    const Theme& theme = m_studio.theme;
    const GridSheetStyle style{theme.color(ColorToken::Surface), theme.color(ColorToken::Sunken), theme.color(ColorToken::Text),
        theme.color(ColorToken::TextMuted), theme.font(TextStyle::Body)};
    m_pool.start([this, path, style, plan = m_model->plan(), cells = m_model->cells()] {
        QMetaObject::invokeMethod(this, [this, path, done = saveGridSheet(path, plan, cells, style)] {
            if (!done) {
                m_banner->showError(done.error());
                return;
            }
            m_banner->showMessage(ErrorBanner::Severity::Info, tr("The grid was saved to %1.").arg(path));
            Q_EMIT saved(path);
        });
    });
}

void GridSheet::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else if ((event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) && m_table->hasFocus())
        withCell(m_table->currentIndex(), [this](const Generation& generation) { Q_EMIT shown(generation); });
    else
        QWidget::keyPressEvent(event);
}

} // namespace tintype::ui
