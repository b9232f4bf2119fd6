// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/studio.h"
#include "ui/models/call_output.h"
#include "ui/models/generation.h"
#include "ui/models/picture_loader.h"

#include <QWidget>

class QButtonGroup;
class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QStackedWidget;
class QToolButton;

namespace tintype::ui {

class EmptyState;
class PictureExport;
class PictureView;
class ResultDetails;

/// What a call gave: its pictures, or its JSON if it has none; while one runs, its preview.
class ResultPane : public QWidget {
    Q_OBJECT

public:
    ResultPane(Studio& studio, PictureLoader& loader, QWidget* parent = nullptr);

    void showEmpty(const QString& title, const QString& sentence);

    /// @param preview stands for a picture of `size`; it stays until the result comes
    void showPreview(const QString& prompt, const Picture& preview, const QSize& size);
    void showResult(const Generation& generation);
    const Generation& shown() const { return m_generation; } ///< without id while there is none
    int pictureIndex() const { return m_index; }

    PictureView& view() const { return *m_view; }
    void copyPicture();
    void savePicture();
    void addTool(QAction* action); ///< a button at the right end of the bar

Q_SIGNALS:
    void seedWanted(quint64 seed);
    void troubled(const QString& sentence);
    void noticed(const QString& sentence);

private:
    QWidget* makeBar();
    QToolButton* addButton(QHBoxLayout* row, const QString& icon, const QString& tip);
    void onOutput(const QString& id, const CallOutput& output);
    void showPicture(int index);
    void onPicture(const QString& id, int index, const Result<Picture>& picture);
    void showText();
    void fillGallery();
    void showFacts();
    void showZoom();
    void setNote(const QString& sentence);

    Studio& m_studio;
    PictureLoader& m_loader;
    PictureExport* m_export;
    QLabel* m_caption;
    QHBoxLayout* m_tools;
    QToolButton* m_zoom;
    QStackedWidget* m_stack;
    EmptyState* m_empty;
    PictureView* m_view;
    QPlainTextEdit* m_text;
    QWidget* m_gallery;
    QButtonGroup* m_thumbnails;
    QLabel* m_note;
    ResultDetails* m_details;
    Generation m_generation;
    CallOutput m_output;
    int m_index = 0;
};

} // namespace tintype::ui
