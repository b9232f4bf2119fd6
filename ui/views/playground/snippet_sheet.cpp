// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/snippet_sheet.h"

#include "ui/theme/theme.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTabBar>
#include <QVBoxLayout>

namespace tintype::ui {

SnippetSheet::SnippetSheet(const Theme& theme, QWidget* over)
    : Sheet(theme, tr("Call it from a program"), over)
    , m_tabs(new QTabBar)
    , m_text(new QPlainTextEdit)
{
    for (const char* language : {"curl", "Python", "JavaScript"}) // in the order of SnippetLanguage
        m_tabs->addTab(QLatin1String(language));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(false);
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setFont(theme.font(TextStyle::Mono));
    m_text->setAccessibleName(tr("Snippet"));
    auto* const note = new QLabel(tr("Makes exactly this call. Put a key of the host where the text says so; the studio never writes one here."));
    note->setProperty("role", QStringLiteral("muted"));
    note->setWordWrap(true);
    content()->addWidget(m_tabs);
    content()->addWidget(m_text, 1);
    content()->addWidget(note);
    connect(m_tabs, &QTabBar::currentChanged, this, &SnippetSheet::showText);
    connect(addButton(tr("Copy"), true), &QPushButton::clicked, this, &SnippetSheet::copy);
}

void SnippetSheet::setCall(const SnippetCall& call)
{
    m_call = call;
    showText();
}

void SnippetSheet::showText()
{
    m_text->setPlainText(snippetText(static_cast<SnippetLanguage>(m_tabs->currentIndex()), m_call));
}

void SnippetSheet::copy()
{
    QGuiApplication::clipboard()->setText(m_text->toPlainText());
}

} // namespace tintype::ui
