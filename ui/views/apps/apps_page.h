// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>
#include <QWidget>
#include <functional>

class QAction;
class QLabel;
class QSplitter;
class QStackedLayout;

namespace tintype::ui {

class AppDocument;
class DefinitionEditor;
class DefinitionFiles;
class DefinitionForm;
class ErrorBanner;
class FindBar;
class ProblemList;
struct Studio;

/// Definitions being edited: a list of them, and the current one as form and text side by side, kept in step.
class AppsPage : public QWidget {
    Q_OBJECT

public:
    explicit AppsPage(Studio& studio, QWidget* parent = nullptr);

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum class Mode { Form, Split, Text };

    void layOut();
    QWidget* makeDocumentArea();
    QWidget* makeEditorColumn();
    QWidget* makeHead();
    void addFileCommands();
    void addTextCommands();
    void addModeCommands();
    QAction* add(const char* id, const QString& text, const char* icon, const QKeySequence& keys, std::function<void()> run);
    void enableCommands();
    void showDocument(AppDocument* document);
    void setMode(Mode mode);
    void showViews();
    void showText(); ///< beside the form, if only that is there
    void showState();
    void showProblems();
    void showPath();
    void tellDiskState();
    void reload();
    void save();

    Studio& m_studio;
    QPointer<AppDocument> m_document;
    DefinitionFiles* m_files;
    ErrorBanner* m_banner;
    DefinitionForm* m_form;
    DefinitionEditor* m_editor;
    FindBar* m_find;
    ProblemList* m_problems;
    QLabel* m_path;
    QSplitter* m_views;
    QWidget* m_editorColumn = nullptr;
    QStackedLayout* m_stack = nullptr;
    Mode m_mode = Mode::Split;
};

} // namespace tintype::ui
