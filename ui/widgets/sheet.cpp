// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/sheet.h"

#include "ui/theme/theme.h"

#include <QApplication>
#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QShortcut>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kWidthSteps = 130;

} // namespace

Sheet::Sheet(const Theme& theme, const QString& title, QWidget* over)
    : QFrame(over)
    , m_theme(theme)
    , m_title(new QLabel(title))
    , m_content(new QVBoxLayout)
    , m_buttons(new QHBoxLayout)
{
    setProperty("role", QStringLiteral("sheet"));
    setAutoFillBackground(true);
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(title);
    m_title->setProperty("role", QStringLiteral("heading"));
    auto* const close = new QToolButton;
    close->setIcon(theme.icon(QStringLiteral("window-close")));
    close->setToolTip(tr("Close (Esc)"));
    connect(close, &QToolButton::clicked, this, &Sheet::dismiss);

    auto* const head = new QHBoxLayout;
    head->addWidget(m_title, 1);
    head->addWidget(close);
    auto* const inner = new QWidget;
    m_content->setContentsMargins(0, 0, Theme::space(2), 0);
    m_content->setSpacing(Theme::space(3));
    inner->setLayout(m_content);
    auto* const scroll = new QScrollArea;
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    m_buttons->setSpacing(Theme::space(2));
    m_buttons->addStretch(1);

    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(5), Theme::space(4), Theme::space(3), Theme::space(4));
    column->setSpacing(Theme::space(3));
    column->addLayout(head);
    column->addWidget(scroll, 1);
    column->addLayout(m_buttons);
    over->installEventFilter(this);
    hide();
}

void Sheet::setTitle(const QString& title)
{
    m_title->setText(title);
    setAccessibleName(title);
}

QPushButton* Sheet::addButton(const QString& text, bool isPrimary)
{
    auto* const button = new QPushButton(text);
    if (isPrimary) {
        button->setProperty("role", QStringLiteral("primary"));
        auto* const shortcut = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
        shortcut->setContext(Qt::WidgetWithChildrenShortcut);
        connect(shortcut, &QShortcut::activated, button, &QPushButton::click);
    }
    m_buttons->addWidget(button);
    return button;
}

void Sheet::open()
{
    if (isVisible())
        return;
    m_focusBefore = QApplication::focusWidget();
    place();
    show();
    raise();
    setFocus();
    focusNextChild();
}

void Sheet::dismiss()
{
    if (isHidden())
        return;
    hide();
    if (m_focusBefore)
        m_focusBefore->setFocus();
    Q_EMIT closed();
}

bool Sheet::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::Resize && watched == parent())
        place();
    return QFrame::eventFilter(watched, event);
}

void Sheet::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        dismiss();
    else
        QFrame::keyPressEvent(event);
}

void Sheet::place()
{
    const QSize room = parentWidget()->size();
    const int width = std::min(room.width(), Theme::space(kWidthSteps));
    setGeometry(room.width() - width, 0, width, room.height());
}

} // namespace tintype::ui
