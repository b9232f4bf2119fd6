// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/command_palette.h"

#include "ui/commands/commands.h"
#include "ui/theme/theme.h"

#include <QGraphicsDropShadowEffect>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr int kWidthSteps = 150;
constexpr int kVisibleRows = 12;
constexpr int kScoreRole = Qt::UserRole + 1;
constexpr int kKeysRole = Qt::UserRole + 2;
constexpr int kActionRole = Qt::UserRole + 3;

/// Name on the left, keys on the right.
class RowDelegate : public QStyledItemDelegate {
public:
    RowDelegate(const Theme& theme, QObject* parent)
        : QStyledItemDelegate(parent)
        , m_theme(theme)
    {
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        const bool isSelected = option.state.testFlag(QStyle::State_Selected);
        painter->setPen(m_theme.color(isSelected ? ColorToken::OnSelection : ColorToken::TextMuted));
        painter->setFont(m_theme.font(TextStyle::Caption));
        painter->drawText(option.rect.adjusted(0, 0, -Theme::space(3), 0), Qt::AlignRight | Qt::AlignVCenter, index.data(kKeysRole).toString());
    }

    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {QStyledItemDelegate::sizeHint(option, index).width(), m_theme.rowHeight()};
    }

private:
    const Theme& m_theme;
};

/// Best first.
class ByScore : public QSortFilterProxyModel {
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

protected:
    bool filterAcceptsRow(int row, const QModelIndex& parent) const override
    {
        return sourceModel()->index(row, 0, parent).data(kScoreRole).toInt() > 0;
    }
    bool lessThan(const QModelIndex& left, const QModelIndex& right) const override
    {
        const int a = left.data(kScoreRole).toInt();
        const int b = right.data(kScoreRole).toInt();
        return a != b ? a > b : left.row() < right.row();
    }
};

} // namespace

int fuzzyScore(const QString& pattern, const QString& text)
{
    if (pattern.isEmpty())
        return 1;
    int score = 1;
    qsizetype at = 0;
    qsizetype last = -2;
    for (const QChar letter : pattern) {
        if (letter.isSpace())
            continue;
        const qsizetype found = text.indexOf(letter, at, Qt::CaseInsensitive);
        if (found < 0)
            return 0;
        const bool isStart = found == 0 || !text[found - 1].isLetterOrNumber();
        score += found == last + 1 ? 8 : isStart ? 6 : 1;
        last = found;
        at = found + 1;
    }
    return score * 100 - static_cast<int>(text.size());
}

CommandPalette::CommandPalette(const Theme& theme, const Commands& commands, QWidget* window)
    : QFrame(window)
    , m_theme(theme)
    , m_commands(commands)
    , m_line(new QLineEdit)
    , m_list(new QListView)
    , m_model(new QStandardItemModel(this))
    , m_filtered(new ByScore(this))
{
    setProperty("role", QStringLiteral("panel"));
    setAutoFillBackground(true);
    m_line->setPlaceholderText(tr("What would you like to do?"));
    m_line->setAccessibleName(tr("Command"));
    m_line->setClearButtonEnabled(true);
    m_filtered->setSourceModel(m_model);
    m_list->setModel(m_filtered);
    m_list->setItemDelegate(new RowDelegate(theme, m_list));
    m_list->setUniformItemSizes(true);
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setEditTriggers(QAbstractItemView::NoEditTriggers);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(2), Theme::space(2), Theme::space(2), Theme::space(2));
    column->setSpacing(Theme::space(2));
    column->addWidget(m_line);
    column->addWidget(m_list);
    m_line->installEventFilter(this);
    connect(m_line, &QLineEdit::textChanged, this, &CommandPalette::filter);
    connect(m_list, &QListView::clicked, this, &CommandPalette::runCurrent);
    hide();
}

void CommandPalette::open()
{
    fill();
    m_line->clear();
    filter({});
    const int width = std::min(parentWidget()->width() - Theme::space(8), Theme::space(kWidthSteps));
    const int height = m_line->sizeHint().height() + kVisibleRows * m_theme.rowHeight() + Theme::space(8);
    setGeometry((parentWidget()->width() - width) / 2, Theme::space(15), width, std::min(height, parentWidget()->height() - Theme::space(20)));
    show();
    raise();
    m_line->setFocus();
}

void CommandPalette::fill()
{
    m_model->clear();
    for (const Commands::Command& command : m_commands.all()) {
        if (!command.action->isEnabled() || !command.action->isVisible())
            continue;
        auto* const item = new QStandardItem(command.action->icon(), QString(command.spec.group + QStringLiteral(": ") + command.action->text()));
        item->setData(command.action->shortcut().toString(QKeySequence::NativeText), kKeysRole);
        item->setData(QVariant::fromValue<QObject*>(command.action), kActionRole);
        m_model->appendRow(item);
    }
}

void CommandPalette::filter(const QString& text)
{
    for (int row = 0; row < m_model->rowCount(); ++row)
        m_model->item(row)->setData(fuzzyScore(text, m_model->item(row)->text()), kScoreRole);
    m_filtered->invalidate();
    m_filtered->sort(0);
    m_list->setCurrentIndex(m_filtered->index(0, 0));
}

void CommandPalette::runCurrent()
{
    auto* const action = qobject_cast<QAction*>(m_list->currentIndex().data(kActionRole).value<QObject*>());
    hide();
    if (action)
        action->trigger();
}

void CommandPalette::moveBy(int rows)
{
    const int row = std::clamp(m_list->currentIndex().row() + rows, 0, m_filtered->rowCount() - 1);
    m_list->setCurrentIndex(m_filtered->index(row, 0));
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut) {
        hide();
    } else if (event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Down || key == Qt::Key_Up) {
            moveBy(key == Qt::Key_Down ? 1 : -1);
            return true;
        }
        if (key == Qt::Key_PageDown || key == Qt::Key_PageUp) {
            moveBy(key == Qt::Key_PageDown ? kVisibleRows : -kVisibleRows);
            return true;
        }
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            runCurrent();
            return true;
        }
        if (key == Qt::Key_Escape) {
            hide();
            parentWidget()->setFocus();
            return true;
        }
    }
    return QFrame::eventFilter(watched, event);
}

} // namespace tintype::ui
