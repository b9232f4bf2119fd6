// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/find_bar.h"

#include "ui/models/app_document.h"
#include "ui/theme/theme.h"
#include "ui/views/apps/definition_editor.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QToolButton>

namespace tintype::ui {

FindBar::FindBar(const Theme& theme, DefinitionEditor& editor, QWidget* parent)
    : QFrame(parent)
    , m_editor(editor)
    , m_what(new QLineEdit)
    , m_with(new QLineEdit)
    , m_case(new QToolButton)
    , m_regex(new QToolButton)
    , m_notice(new QLabel)
    , m_replaceRow(new QWidget)
{
    setProperty("role", QStringLiteral("bar"));
    m_what->setObjectName(QStringLiteral("find-what"));
    m_what->setPlaceholderText(tr("Find"));
    m_what->setAccessibleName(tr("Find"));
    m_with->setObjectName(QStringLiteral("find-with"));
    m_with->setPlaceholderText(tr("Replace with"));
    m_with->setAccessibleName(tr("Replace with"));
    m_case->setText(QStringLiteral("Aa"));
    m_case->setToolTip(tr("Match case"));
    m_case->setCheckable(true);
    m_regex->setObjectName(QStringLiteral("find-regex"));
    m_regex->setText(QStringLiteral(".*"));
    m_regex->setToolTip(tr("Regular expression; \\1 in the replacement is the first group"));
    m_regex->setCheckable(true);
    m_notice->setObjectName(QStringLiteral("find-notice"));
    m_notice->setProperty("role", QStringLiteral("muted"));
    layOut(theme);
    connect(m_what, &QLineEdit::textEdited, this, [this] { find(true, true); });
    connect(m_case, &QToolButton::toggled, this, [this] { find(true, true); });
    connect(m_regex, &QToolButton::toggled, this, [this] { find(true, true); });
    hide();
}

void FindBar::layOut(const Theme& theme)
{
    auto* const closeButton = new QToolButton;
    closeButton->setIcon(theme.icon(QStringLiteral("window-close")));
    closeButton->setToolTip(tr("Close (Esc)"));
    closeButton->setAccessibleName(tr("Close the search"));
    auto* const row = new QHBoxLayout;
    row->setSpacing(Theme::space(2));
    row->addWidget(m_what, 1);
    for (QWidget* const widget : std::initializer_list<QWidget*>{m_case, m_regex, m_notice, closeButton})
        row->addWidget(widget);
    auto* const one = new QPushButton(tr("Replace"));
    auto* const all = new QPushButton(tr("Replace all"));
    all->setObjectName(QStringLiteral("replace-all"));
    auto* const second = new QHBoxLayout(m_replaceRow);
    second->setContentsMargins(0, 0, 0, 0);
    second->setSpacing(Theme::space(2));
    second->addWidget(m_with, 1);
    second->addWidget(one);
    second->addWidget(all);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(2), Theme::space(2), Theme::space(2), Theme::space(2));
    column->setSpacing(Theme::space(2));
    column->addLayout(row);
    column->addWidget(m_replaceRow);
    connect(closeButton, &QToolButton::clicked, this, &FindBar::close);
    connect(one, &QPushButton::clicked, this, &FindBar::replaceOne);
    connect(all, &QPushButton::clicked, this, &FindBar::replaceAll);
}

void FindBar::open(bool withReplace)
{
    m_replaceRow->setVisible(withReplace);
    const QString selected = m_editor.selectedText();
    if (!selected.isEmpty() && !selected.contains(QLatin1Char('\n')))
        m_what->setText(selected);
    m_notice->clear();
    show();
    m_what->setFocus();
    m_what->selectAll();
}

void FindBar::close()
{
    hide();
    m_editor.setFocus();
}

QRegularExpression FindBar::pattern() const
{
    const QString text = m_what->text();
    const auto options = m_case->isChecked() ? QRegularExpression::NoPatternOption : QRegularExpression::CaseInsensitiveOption;
    return QRegularExpression(m_regex->isChecked() ? text : QRegularExpression::escape(text), options | QRegularExpression::MultilineOption);
}

/// @param mayStay what is selected already may be found again: its beginning was entered before
void FindBar::find(bool isForward, bool mayStay)
{
    const QRegularExpression wanted = pattern();
    if (m_what->text().isEmpty() || !wanted.isValid()) {
        m_notice->setText(m_what->text().isEmpty() ? QString() : wanted.errorString());
        return;
    }
    const TextSpan selection = m_editor.selection();
    const QString text = m_editor.text();
    std::optional<TextSpan> first, before, after, last;
    int count = 0;
    for (auto matches = wanted.globalMatch(text); matches.hasNext(); ++count) {
        const QRegularExpressionMatch match = matches.next();
        const TextSpan place{static_cast<int>(match.capturedStart()), static_cast<int>(match.capturedEnd())};
        if (!first)
            first = place;
        if (place.start < selection.start)
            before = place;
        const bool isNext = mayStay ? place.start >= selection.start : place.start > selection.start || (place.start == selection.start && place.end != selection.end);
        if (!after && isNext)
            after = place;
        last = place;
    }
    if (count == 0) {
        m_notice->setText(tr("Not found"));
        return;
    }
    m_notice->setText(count == 1 ? tr("1 match") : tr("%1 matches").arg(count));
    m_editor.select(isForward ? after.value_or(*first) : before.value_or(*last));
}

QString FindBar::replacement(const QRegularExpressionMatch& match) const
{
    const QString with = m_with->text();
    if (!m_regex->isChecked())
        return with;
    QString text;
    for (qsizetype at = 0; at < with.size(); ++at) {
        const bool isGroup = with[at] == QLatin1Char('\\') && at + 1 < with.size() && with[at + 1].isDigit();
        text += isGroup ? match.captured(with[at + 1].digitValue()) : QString(with[at]);
        at += isGroup ? 1 : 0;
    }
    return text;
}

void FindBar::replaceOne()
{
    const QRegularExpression wanted = pattern();
    const TextSpan selection = m_editor.selection();
    const QRegularExpressionMatch match = wanted.match(m_editor.text(), selection.start);
    const bool isSelected = !m_what->text().isEmpty() && match.hasMatch() && match.capturedStart() == selection.start && match.capturedEnd() == selection.end;
    if (isSelected && m_editor.document()) {
        const QString with = replacement(match);
        m_editor.document()->replace(selection.start, selection.end - selection.start, with, tr("Replace"));
        const int end = selection.start + static_cast<int>(with.size());
        m_editor.select({end, end});
    }
    find(true, true);
}

/// One step of undo.
void FindBar::replaceAll()
{
    const QRegularExpression wanted = pattern();
    if (m_what->text().isEmpty() || !wanted.isValid() || !m_editor.document())
        return;
    const QString before = m_editor.text();
    QString text;
    qsizetype end = 0;
    int count = 0;
    for (auto matches = wanted.globalMatch(before); matches.hasNext(); ++count) {
        const QRegularExpressionMatch match = matches.next();
        text += QStringView(before).mid(end, match.capturedStart() - end);
        text += replacement(match);
        end = match.capturedEnd();
    }
    text += QStringView(before).mid(end);
    m_editor.document()->replace(0, static_cast<int>(before.size()), text, tr("Replace all"));
    m_notice->setText(count == 0 ? tr("Not found") : tr("%1 replaced").arg(count));
}

void FindBar::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Escape) {
        close();
    } else if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        if (m_with->hasFocus())
            replaceOne();
        else
            find(!event->modifiers().testFlag(Qt::ShiftModifier), false);
    } else {
        QFrame::keyPressEvent(event);
    }
}

} // namespace tintype::ui
