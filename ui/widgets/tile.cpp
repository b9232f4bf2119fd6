// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/tile.h"

#include "ui/theme/theme.h"

#include <QGridLayout>
#include <QLabel>

namespace tintype::ui {
namespace {

QLabel* makeLabel(const char* role, Qt::Alignment alignment)
{
    auto* const label = new QLabel;
    label->setProperty("role", QLatin1String(role));
    label->setAlignment(alignment);
    return label;
}

} // namespace

Tile::Tile(const QString& title, QWidget* parent)
    : QFrame(parent)
    , m_value(makeLabel("figure", Qt::AlignLeft))
    , m_note(makeLabel("caption", Qt::AlignLeft))
    , m_more(new QGridLayout)
{
    setProperty("role", QStringLiteral("panel"));
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    QLabel* const head = makeLabel("muted", Qt::AlignLeft);
    head->setText(title);
    auto* const left = new QVBoxLayout;
    left->setSpacing(0);
    left->addWidget(head);
    left->addWidget(m_value);
    left->addWidget(m_note);
    left->addStretch(1);
    m_more->setHorizontalSpacing(Theme::space(2));
    m_more->setVerticalSpacing(0);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    row->addLayout(left, 1);
    row->addLayout(m_more);
    setAccessibleName(title);
}

void Tile::setFigure(const QString& value, const QString& note, const QVector<Figure>& more)
{
    m_value->setText(value);
    m_note->setText(note);
    for (int row = 0; row < more.size(); ++row) {
        if (m_more->itemAtPosition(row, 0) == nullptr) {
            m_more->addWidget(makeLabel("caption", Qt::AlignLeft | Qt::AlignVCenter), row, 0);
            m_more->addWidget(makeLabel("", Qt::AlignRight | Qt::AlignVCenter), row, 1);
        }
        static_cast<QLabel*>(m_more->itemAtPosition(row, 0)->widget())->setText(more[row].name);
        static_cast<QLabel*>(m_more->itemAtPosition(row, 1)->widget())->setText(more[row].value);
    }
}

} // namespace tintype::ui
