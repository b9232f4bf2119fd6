// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/confirm_strip.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <utility>

namespace tintype::ui {

ConfirmStrip::ConfirmStrip(QWidget* parent)
    : QFrame(parent)
    , m_question(new QLabel)
    , m_yes(new QPushButton)
    , m_no(new QPushButton(tr("Cancel")))
{
    setProperty("role", QStringLiteral("banner"));
    setProperty("severity", QStringLiteral("warning"));
    m_question->setWordWrap(true);
    m_yes->setProperty("role", QStringLiteral("danger"));
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_question, 1);
    row->addWidget(m_no);
    row->addWidget(m_yes);
    connect(m_no, &QPushButton::clicked, this, &ConfirmStrip::cancel);
    connect(m_yes, &QPushButton::clicked, this, [this] {
        const std::function<void()> run = std::exchange(m_run, nullptr);
        hide();
        if (run)
            run();
    });
    hide();
}

void ConfirmStrip::ask(const QString& question, const QString& verb, std::function<void()> run)
{
    m_question->setText(question);
    setAccessibleName(question);
    m_yes->setText(verb);
    m_run = std::move(run);
    show();
    m_no->setFocus();
}

void ConfirmStrip::cancel()
{
    m_run = nullptr;
    hide();
}

void ConfirmStrip::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape)
        cancel();
    else
        QFrame::keyPressEvent(event);
}

} // namespace tintype::ui
