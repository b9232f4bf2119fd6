// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/job_list.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QListView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kMostRows = 5;

/// Prompt on the left, what it does on the right.
class JobDelegate : public QStyledItemDelegate {
public:
    JobDelegate(const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex&) const override { return {0, m_theme.rowHeight()}; }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyleOptionViewItem plain(option);
        initStyleOption(&plain, index);
        plain.text.clear();
        option.widget->style()->drawControl(QStyle::CE_ItemViewItem, &plain, painter, option.widget);
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        const QString state = stateText(index);
        const QRect area = option.rect.adjusted(Theme::space(2), 0, -Theme::space(2), 0);
        painter->setFont(m_theme.font(TextStyle::Body));
        painter->setPen(m_theme.color(isSelected ? ColorToken::OnSelection : ColorToken::TextMuted));
        painter->drawText(area, Qt::AlignRight | Qt::AlignVCenter, state);
        painter->setPen(m_theme.color(isSelected ? ColorToken::OnSelection : ColorToken::Text));
        const int room = area.width() - painter->fontMetrics().horizontalAdvance(state) - Theme::space(3);
        const QString prompt = index.data().toString().simplified();
        painter->drawText(area, Qt::AlignLeft | Qt::AlignVCenter, painter->fontMetrics().elidedText(prompt, Qt::ElideRight, room));
    }

private:
    static QString stateText(const QModelIndex& index)
    {
        switch (static_cast<Job::State>(index.data(JobQueue::StateRole).toInt())) {
        case Job::State::Waiting: return JobList::tr("waiting");
        case Job::State::Fetching: return JobList::tr("fetching");
        case Job::State::Running: break;
        }
        const int steps = index.data(JobQueue::StepsRole).toInt();
        return steps > 0 ? JobList::tr("%1 / %2").arg(index.data(JobQueue::StepRole).toInt()).arg(steps) : JobList::tr("running");
    }

    const Theme& m_theme;
};

} // namespace

JobList::JobList(const Theme& theme, JobQueue& jobs, QWidget* parent)
    : QWidget(parent)
    , m_jobs(jobs)
    , m_title(new QLabel)
    , m_view(new QListView)
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* const header = new QHBoxLayout;
    header->setContentsMargins(Theme::space(4), Theme::space(1), Theme::space(2), Theme::space(1));
    auto* const clear = new QToolButton;
    clear->setText(tr("Cancel all"));
    connect(clear, &QToolButton::clicked, &jobs, &JobQueue::cancelAll);
    m_title->setProperty("role", QStringLiteral("muted"));
    header->addWidget(m_title, 1);
    header->addWidget(clear);
    column->addLayout(header);
    column->addWidget(m_view);

    m_view->setModel(&jobs);
    m_view->setItemDelegate(new JobDelegate(theme, m_view));
    m_view->setUniformItemSizes(true);
    m_view->setAccessibleName(tr("Jobs"));
    m_view->setDragDropMode(QAbstractItemView::DragDrop);
    m_view->setDefaultDropAction(Qt::MoveAction);
    m_view->setDropIndicatorShown(true);
    m_view->setContextMenuPolicy(Qt::ActionsContextMenu);
    m_view->setFixedHeight(kMostRows * theme.rowHeight());
    const auto addAction = [this](const QString& text, const QKeySequence& keys, auto run) {
        auto* const action = new QAction(text, m_view);
        action->setShortcut(keys);
        action->setShortcutContext(Qt::WidgetShortcut);
        connect(action, &QAction::triggered, this, run);
        m_view->addAction(action);
    };
    addAction(tr("Cancel"), QKeySequence::Delete, [this] { cancelSelected(); });
    addAction(tr("Move up"), QKeySequence(Qt::ALT | Qt::Key_Up), [this] { moveSelected(-1); });
    addAction(tr("Move down"), QKeySequence(Qt::ALT | Qt::Key_Down), [this] { moveSelected(1); });
    connect(&jobs, &QAbstractItemModel::rowsInserted, this, &JobList::showCount);
    connect(&jobs, &QAbstractItemModel::rowsRemoved, this, &JobList::showCount);
    showCount();
}

void JobList::showCount()
{
    const int count = m_jobs.rowCount();
    m_title->setText(tr("%1 jobs").arg(formatCount(count)));
    setVisible(count > 1);
}

void JobList::cancelSelected()
{
    const QModelIndex index = m_view->currentIndex();
    if (index.isValid())
        m_jobs.cancel(index.data(JobQueue::IdRole).toString());
}

void JobList::moveSelected(int by)
{
    const QModelIndex index = m_view->currentIndex();
    if (index.isValid())
        m_jobs.move(index.data(JobQueue::IdRole).toString(), index.row() + by);
}

} // namespace tintype::ui
