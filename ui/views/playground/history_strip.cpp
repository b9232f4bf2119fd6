// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/history_strip.h"

#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/history.h"
#include "ui/models/job_queue.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/thumbnail_delegate.h"
#include "ui/widgets/error_banner.h"

#include <QAction>
#include <QClipboard>
#include <QDesktopServices>
#include <QFileInfo>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QScrollBar>
#include <QStackedLayout>
#include <QToolButton>
#include <QUrl>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kSearchDelay = 150;    ///< ms after the last key
constexpr int kUndoOffered = 20'000; ///< ms
constexpr int kSearchSteps = 50;

} // namespace

HistoryStrip::HistoryStrip(Studio& studio, History& history, JobQueue& jobs, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_history(history)
    , m_banner(new ErrorBanner(studio.theme))
    , m_search(new QLineEdit)
    , m_pinnedOnly(new QToolButton)
    , m_count(new QLabel)
    , m_removed(new QLabel)
    , m_undo(new QToolButton)
    , m_list(new QListView)
    , m_empty(new QLabel)
    , m_stack(new QStackedLayout)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    makeActions();
    makeHeader();
    makeList();

    m_searchTimer.setSingleShot(true);
    m_searchTimer.setInterval(kSearchDelay);
    m_undoTimer.setSingleShot(true);
    m_undoTimer.setInterval(kUndoOffered);
    const auto filter = [this] { m_history.setFilter(m_search->text(), m_pinnedOnly->isChecked()); };
    connect(m_search, &QLineEdit::textChanged, &m_searchTimer, qOverload<>(&QTimer::start));
    connect(&m_searchTimer, &QTimer::timeout, this, filter);
    connect(m_pinnedOnly, &QToolButton::toggled, this, filter);
    connect(&m_undoTimer, &QTimer::timeout, this, &HistoryStrip::updateState);
    connect(&m_history, &History::totalChanged, this, &HistoryStrip::updateState);
    connect(&m_history, &History::removedChanged, this, &HistoryStrip::updateState);
    connect(&m_history, &History::dataChanged, this, &HistoryStrip::updateState);
    connect(&m_history, &History::modelReset, this, &HistoryStrip::updateState);
    connect(&m_history, &History::troubled, m_banner, [this](const QString& sentence) {
        m_banner->showMessage(ErrorBanner::Severity::Warning, sentence);
    });
    connect(&jobs, &JobQueue::finished, &m_history, &History::add);
    updateState();
}

void HistoryStrip::makeActions()
{
    const auto add = [this](const char* id, const QString& text, const char* icon, const QKeySequence& shortcut, auto method) {
        QAction* const action = m_studio.commands.add({.id = QLatin1String(id), .group = tr("History"), .text = text,
            .icon = QLatin1String(icon), .shortcut = shortcut, .tip = {}}, [] {});
        connect(action, &QAction::triggered, this, method);
        return action;
    };
    add("history.search", tr("Search the history"), "edit-find", QKeySequence(tr("Ctrl+Shift+H")), [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    m_compare = add("history.compare", tr("Compare"), "view-split-left-right", QKeySequence(tr("Ctrl+Shift+C")), &HistoryStrip::compareSelected);
    m_restore = add("history.restore", tr("Restore all parameters"), "edit-undo", {}, &HistoryStrip::restoreCurrent);
    m_pin = add("history.pin", tr("Pin"), "pin", {}, &HistoryStrip::pinSelected);
    m_remove = add("history.delete", tr("Delete from the history"), "edit-delete", {}, &HistoryStrip::removeSelected);
    m_undoRemove = add("history.undo_delete", tr("Undo deletion"), "edit-undo", {}, [this] { m_history.undoRemove(); });
}

void HistoryStrip::makeHeader()
{
    m_search->setPlaceholderText(tr("Search prompts, apps, seeds"));
    m_search->setAccessibleName(tr("Search the history"));
    m_search->setClearButtonEnabled(true);
    m_search->addAction(m_studio.theme.icon(QStringLiteral("edit-find"), ColorToken::TextMuted), QLineEdit::LeadingPosition);
    m_search->setMaximumWidth(Theme::space(kSearchSteps));
    m_search->installEventFilter(this);
    m_pinnedOnly->setIcon(m_studio.theme.icon(QStringLiteral("pin")));
    m_pinnedOnly->setCheckable(true);
    m_pinnedOnly->setToolTip(tr("Pinned entries only"));
    m_pinnedOnly->setAccessibleName(tr("Pinned entries only"));
    m_count->setProperty("role", QStringLiteral("caption"));
    m_removed->setProperty("role", QStringLiteral("caption"));
    m_undo->setText(tr("Undo"));
    connect(m_undo, &QToolButton::clicked, m_undoRemove, &QAction::trigger);
    auto* const compare = new QToolButton;
    compare->setDefaultAction(m_compare);
    compare->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);

    auto* const header = new QHBoxLayout;
    header->setContentsMargins(Theme::space(2), Theme::space(1), Theme::space(2), Theme::space(1));
    header->setSpacing(Theme::space(2));
    header->addWidget(m_search, 1);
    header->addWidget(m_pinnedOnly);
    header->addWidget(m_count);
    header->addWidget(m_removed);
    header->addWidget(m_undo);
    header->addStretch(1);
    header->addWidget(compare);
    static_cast<QVBoxLayout*>(layout())->addLayout(header);
}

void HistoryStrip::makeList()
{
    auto* const delegate = new ThumbnailDelegate(m_studio.theme, this);
    m_list->setItemDelegate(delegate);
    m_list->setModel(&m_history);
    m_list->setAccessibleName(tr("History"));
    m_list->setFlow(QListView::LeftToRight);
    m_list->setWrapping(false);
    m_list->setUniformItemSizes(true);
    m_list->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_list->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    m_list->setMouseTracking(true);
    m_list->setDragEnabled(true);
    m_list->setDragDropMode(QAbstractItemView::DragOnly);
    m_list->setContextMenuPolicy(Qt::CustomContextMenu);
    m_list->setFixedHeight(delegate->tileSize().height() + m_list->horizontalScrollBar()->sizeHint().height() + 2 * m_list->frameWidth());
    m_list->installEventFilter(this);
    connect(m_list, &QListView::clicked, this, &HistoryStrip::showCurrent);
    connect(m_list, &QListView::doubleClicked, this, &HistoryStrip::restoreCurrent);
    connect(m_list, &QListView::customContextMenuRequested, this, &HistoryStrip::showMenu);
    connect(m_list->selectionModel(), &QItemSelectionModel::selectionChanged, this, &HistoryStrip::updateState);
    QScrollBar* const bar = m_list->horizontalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) {
        if (value + m_list->viewport()->width() > bar->maximum())
            m_history.fetchMore({});
    });
    connect(&m_studio.theme, &Theme::changed, m_list->viewport(), qOverload<>(&QWidget::update));

    m_empty->setProperty("role", QStringLiteral("muted"));
    m_empty->setAlignment(Qt::AlignCenter);
    m_empty->setWordWrap(true);
    m_empty->setFixedHeight(m_list->height());
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_empty);
    auto* const place = new QWidget; // a stacked layout knows nothing of fixed heights
    place->setFixedHeight(m_list->height());
    place->setLayout(m_stack);
    layout()->addWidget(place);
}

QStringList HistoryStrip::selectedIds() const
{
    QModelIndexList indexes = m_list->selectionModel()->selectedRows();
    std::ranges::sort(indexes, {}, &QModelIndex::row);
    QStringList ids;
    for (const QModelIndex& index : indexes)
        ids.push_back(index.data(History::IdRole).toString());
    return ids;
}

void HistoryStrip::select(const QString& id)
{
    if (const QModelIndex index = m_history.indexOf(id); index.isValid()) {
        m_list->setCurrentIndex(index);
        m_list->scrollTo(index);
    }
}

void HistoryStrip::updateState()
{
    const QModelIndexList selected = m_list->selectionModel() ? m_list->selectionModel()->selectedRows() : QModelIndexList();
    const bool allPinned = std::ranges::all_of(selected, [](const QModelIndex& index) { return index.data(History::PinnedRole).toBool(); });
    m_compare->setEnabled(selected.size() == 2);
    m_compare->setToolTip(selected.size() == 2 ? tr("Compare the two pictures") : tr("Select two pictures with Ctrl to compare them"));
    m_restore->setEnabled(selected.size() == 1);
    m_pin->setEnabled(!selected.isEmpty());
    m_pin->setText(allPinned && !selected.isEmpty() ? tr("Unpin") : tr("Pin"));
    m_remove->setEnabled(!selected.isEmpty());
    m_undoRemove->setEnabled(m_history.canUndoRemove());
    const bool offersUndo = m_history.canUndoRemove() && m_undoTimer.isActive();
    m_undo->setVisible(offersUndo);
    m_removed->setVisible(offersUndo);
    m_removed->setText(tr("%n deleted", nullptr, m_history.lastRemovedCount()));

    const bool isFiltered = !m_history.filterText().isEmpty() || m_history.isPinnedOnly();
    m_count->setText(isFiltered ? tr("%1 found").arg(formatCount(m_history.total())) : tr("%1 kept").arg(formatCount(m_history.total())));
    m_stack->setCurrentIndex(m_history.rowCount() == 0 ? 1 : 0);
    if (m_history.isLoading())
        m_empty->setText(tr("Reading the history…"));
    else if (!m_history.filterText().isEmpty())
        m_empty->setText(tr("Nothing in the history has “%1” in its prompt, app or seed.").arg(m_history.filterText()));
    else if (m_history.isPinnedOnly())
        m_empty->setText(tr("Nothing is pinned yet. Pinned entries are never removed to make room: select one and press P."));
    else
        m_empty->setText(tr("What you generate is kept here with all its parameters, from start to start."));
}

void HistoryStrip::withCurrent(std::function<void(const Generation&)> use)
{
    const QString id = m_list->currentIndex().data(History::IdRole).toString();
    if (id.isEmpty())
        return;
    m_history.load(id).then(this, [this, use = std::move(use)](const Result<Generation>& generation) {
        if (generation)
            use(*generation);
        else
            m_banner->showError(generation.error());
    });
}

void HistoryStrip::showCurrent()
{
    if (m_list->selectionModel()->selectedRows().size() != 1)
        return;
    withCurrent([this, number = ++m_showNumber](const Generation& generation) {
        if (number == m_showNumber)
            Q_EMIT shown(generation);
    });
}

void HistoryStrip::restoreCurrent()
{
    withCurrent([this](const Generation& generation) { Q_EMIT restoreWanted(generation); });
}

void HistoryStrip::compareSelected()
{
    const QStringList ids = selectedIds();
    if (ids.size() != 2)
        return;
    m_history.load(ids[1]).then(this, [this, newerId = ids[0]](const Result<Generation>& older) {
        if (!older) {
            m_banner->showError(older.error());
            return;
        }
        m_history.load(newerId).then(this, [this, first = *older](const Result<Generation>& newer) {
            if (newer)
                Q_EMIT compareWanted(first, *newer);
            else
                m_banner->showError(newer.error());
        });
    });
}

void HistoryStrip::pinSelected()
{
    const QModelIndexList selected = m_list->selectionModel()->selectedRows();
    const bool allPinned = std::ranges::all_of(selected, [](const QModelIndex& index) { return index.data(History::PinnedRole).toBool(); });
    m_history.setPinned(selectedIds(), !allPinned);
}

void HistoryStrip::removeSelected()
{
    const QStringList ids = selectedIds();
    if (ids.isEmpty())
        return;
    m_undoTimer.start();
    m_history.remove(ids);
}

void HistoryStrip::openFolder()
{
    const QString path = m_list->currentIndex().data(History::PathRole).toString();
    if (!path.isEmpty())
        QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(path).absolutePath()));
}

void HistoryStrip::copyPrompt()
{
    withCurrent([](const Generation& generation) { QGuiApplication::clipboard()->setText(generation.prompt()); });
}

void HistoryStrip::showRequest()
{
    withCurrent([this](const Generation& generation) {
        if (!generation.requestId.isEmpty())
            m_studio.navigator.showRequest(generation.requestId);
    });
}

void HistoryStrip::showMenu(const QPoint& place)
{
    if (!m_list->indexAt(place).isValid())
        return;
    QMenu menu(this);
    menu.addAction(m_restore);
    menu.addAction(m_compare);
    menu.addSeparator();
    menu.addAction(m_pin);
    menu.addAction(m_studio.theme.icon(QStringLiteral("edit-copy")), tr("Copy prompt"), this, &HistoryStrip::copyPrompt);
    menu.addAction(m_studio.theme.icon(QStringLiteral("folder-open")), tr("Open folder"), this, &HistoryStrip::openFolder);
    menu.addAction(m_studio.theme.icon(QStringLiteral("view-list-details")), tr("Show request"), this, &HistoryStrip::showRequest);
    menu.addSeparator();
    menu.addAction(m_remove);
    menu.exec(m_list->viewport()->mapToGlobal(place));
}

bool HistoryStrip::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* const key = static_cast<QKeyEvent*>(event);
    if (watched == m_search) {
        if (key->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Return) {
            m_list->setFocus(Qt::OtherFocusReason);
            if (!m_list->currentIndex().isValid())
                m_list->setCurrentIndex(m_history.index(0));
            return true;
        }
        return QWidget::eventFilter(watched, event);
    }
    const bool isPlain = key->modifiers() == Qt::NoModifier;
    switch (key->key()) {
    case Qt::Key_Delete:
        m_remove->trigger();
        return true;
    case Qt::Key_P:
        if (isPlain)
            m_pin->trigger();
        return isPlain;
    case Qt::Key_Space:
        showCurrent();
        return true;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        restoreCurrent();
        return true;
    case Qt::Key_Z:
        if (key->modifiers() == Qt::ControlModifier)
            m_undoRemove->trigger();
        return key->modifiers() == Qt::ControlModifier;
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Home:
    case Qt::Key_End:
        // The list moves its mark first.
        QMetaObject::invokeMethod(this, &HistoryStrip::showCurrent, Qt::QueuedConnection);
        return false;
    default:
        return QWidget::eventFilter(watched, event);
    }
}

} // namespace tintype::ui
