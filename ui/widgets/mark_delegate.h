// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/mark.h"
#include "ui/theme/theme.h"

#include <QLabel>
#include <QStyledItemDelegate>

namespace tintype::ui {

ColorToken markColor(Mark mark);

/// Paints a cell's text behind its coloured mark, and its reason, muted, behind the text.
class MarkDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    /// @param markRole gives a Mark   @param reasonRole gives a sentence; -1 = none
    MarkDelegate(const Theme& theme, int markRole, int reasonRole, QObject* parent = nullptr);

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    const int m_markRole;
    const int m_reasonRole;
};

/// A mark and its word outside of tables.
class MarkLabel : public QWidget {
    Q_OBJECT

public:
    explicit MarkLabel(const Theme& theme, QWidget* parent = nullptr);

    void setState(Mark mark, const QString& word);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    const Theme& m_theme;
    Mark m_mark = Mark::None;
    QString m_word;
};

} // namespace tintype::ui
