// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/document_list.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"

#include <QDir>
#include <QFileInfo>
#include <QMouseEvent>
#include <QTimer>

namespace tintype::ui {
namespace {

constexpr int kPathRole = Qt::UserRole;

} // namespace

DocumentList::DocumentList(Studio& studio, QWidget* parent)
    : QListWidget(parent)
    , m_studio(studio)
{
    setAccessibleName(tr("Definitions"));
    setUniformItemSizes(true);
    setEditTriggers(NoEditTriggers);
    connect(this, &QListWidget::itemActivated, this, &DocumentList::activate);
    connect(this, &QListWidget::itemClicked, this, &DocumentList::activate);
    setTextElideMode(Qt::ElideRight);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    connect(&studio.workspace, &Workspace::opened, this, &DocumentList::follow);
    for (const auto& document : studio.workspace.documents())
        follow(document.get());
    connect(&studio.workspace, &Workspace::currentChanged, this, &DocumentList::fill);
    connect(&studio.workspace, &Workspace::recentChanged, this, &DocumentList::fill);
    connect(&studio.theme, &Theme::changed, this, &DocumentList::fill);
    fill();
}

void DocumentList::follow(AppDocument* document)
{
    connect(document, &AppDocument::modifiedChanged, this, &DocumentList::nameRows);
    connect(document, &AppDocument::textChanged, this, &DocumentList::nameRows);
    connect(document, &AppDocument::pathChanged, this, &DocumentList::fill);
}

void DocumentList::fill()
{
    clear();
    QStringList open;
    for (const auto& document : m_studio.workspace.documents()) {
        open += document->path();
        addRow({}, document->path(), true);
        if (document.get() == m_studio.workspace.current())
            setCurrentRow(count() - 1);
    }
    nameRows();
    const QStringList recent = m_studio.workspace.recentFiles();
    for (const QString& path : recent) {
        if (!open.contains(path))
            addRow(QFileInfo(path).absoluteDir().dirName(), path, false);
    }
}

/// The open ones are the first rows.
void DocumentList::nameRows()
{
    int row = 0;
    for (const auto& document : m_studio.workspace.documents()) {
        if (QListWidgetItem* const item = this->item(row++))
            item->setText(document->isModified() ? document->name() + QStringLiteral(" •") : document->name());
    }
}

void DocumentList::addRow(const QString& text, const QString& path, bool isOpen)
{
    auto* const item = new QListWidgetItem(text, this);
    item->setData(kPathRole, path);
    item->setToolTip(isOpen ? path : tr("%1\nRecent, not open").arg(path));
    item->setSizeHint({0, m_studio.theme.rowHeight()});
    if (!isOpen)
        item->setForeground(m_studio.theme.color(ColorToken::TextMuted));
}

void DocumentList::activate(QListWidgetItem* item)
{
    const QString path = item->data(kPathRole).toString();
    QTimer::singleShot(0, this, [this, path] { Q_EMIT openWanted(path); }); // the list is filled anew by it
}

void DocumentList::mouseReleaseEvent(QMouseEvent* event)
{
    const QListWidgetItem* const item = itemAt(event->position().toPoint());
    if (event->button() != Qt::MiddleButton || !item) {
        QListWidget::mouseReleaseEvent(event);
        return;
    }
    for (const auto& document : m_studio.workspace.documents()) {
        if (document->path() == item->data(kPathRole).toString()) {
            m_studio.workspace.close(document.get());
            return;
        }
    }
}

} // namespace tintype::ui
