// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QListWidget>

namespace tintype::ui {

class AppDocument;
struct Studio;

/// Open definitions, and below them the recent ones. Click opens or shows; the middle button closes.
class DocumentList : public QListWidget {
    Q_OBJECT

public:
    explicit DocumentList(Studio& studio, QWidget* parent = nullptr);

Q_SIGNALS:
    void openWanted(const QString& path);

protected:
    void mouseReleaseEvent(QMouseEvent* event) override;

private:
    void follow(AppDocument* document);
    void fill();
    void nameRows();
    void addRow(const QString& text, const QString& path, bool isOpen);
    void activate(QListWidgetItem* item);

    Studio& m_studio;
};

} // namespace tintype::ui
