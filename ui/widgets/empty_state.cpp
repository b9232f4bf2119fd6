// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/empty_state.h"

#include "ui/theme/theme.h"

#include <QAction>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr int kIconSteps = 8;
constexpr int kTextWidthSteps = 100;

} // namespace

EmptyState::EmptyState(const Theme& theme, const QString& icon, const QString& title, const QString& sentence, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_icon(new QLabel)
    , m_title(new QLabel)
    , m_sentence(new QLabel)
    , m_button(new QPushButton)
{
    const auto drawIcon = [this, icon] {
        m_icon->setPixmap(m_theme.icon(icon, ColorToken::TextMuted).pixmap(Theme::space(kIconSteps)));
    };
    drawIcon();
    connect(&theme, &Theme::changed, this, drawIcon);
    m_title->setProperty("role", QStringLiteral("title"));
    m_sentence->setProperty("role", QStringLiteral("muted"));
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignHCenter);
    m_sentence->setMaximumWidth(Theme::space(kTextWidthSteps));
    m_button->setVisible(false);

    auto* const column = new QVBoxLayout(this);
    column->setSpacing(Theme::space(2));
    column->addStretch(1);
    column->addWidget(m_icon, 0, Qt::AlignHCenter);
    column->addWidget(m_title, 0, Qt::AlignHCenter);
    auto* const row = new QHBoxLayout; // an alignment would keep the text from wrapping
    row->addStretch(1);
    row->addWidget(m_sentence, 8);
    row->addStretch(1);
    column->addLayout(row);
    column->addSpacing(Theme::space(1));
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(2);
    setText(title, sentence);
}

void EmptyState::setText(const QString& title, const QString& sentence)
{
    m_title->setText(title);
    m_sentence->setText(sentence);
}

void EmptyState::setAction(QAction* action)
{
    m_button->setVisible(action);
    if (!action)
        return;
    m_button->setText(action->text());
    m_button->setEnabled(action->isEnabled());
    m_button->disconnect();
    connect(m_button, &QPushButton::clicked, action, &QAction::trigger);
    connect(action, &QAction::changed, m_button, [this, action] { m_button->setEnabled(action->isEnabled()); });
}

} // namespace tintype::ui
