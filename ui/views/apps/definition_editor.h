// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/yaml_layout.h"
#include "ui/widgets/scintilla.h"

#include <QPointer>

namespace tintype::ui {

class AppDocument;
struct Studio;

/// The text of a definition. It shows an AppDocument and hands every change to it; undo is the document's.
class DefinitionEditor : public QsciScintilla {
    Q_OBJECT

public:
    explicit DefinitionEditor(Studio& studio, QWidget* parent = nullptr);

    void setDocument(AppDocument* document);
    AppDocument* document() const { return m_document; } ///< null if there is none

    TextSpan selection() const; ///< of the document's text; empty at the cursor
    void select(TextSpan span);
    void jumpTo(int line, int column); ///< from 1; column in bytes, as problems have it

    /// Keys or values that may stand at the cursor.
    void complete();

protected:
    void changeEvent(QEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dragMoveEvent(QDragMoveEvent* event) override;

private:
    void dress();
    void dressLexer(QsciLexer& lexer);
    void onEdited();
    void showDocument();
    void markProblems();
    void showHelp(int position);
    int toBytes(int offset) const;
    QStringList lines() const;
    QStringList machineTypes() const;
    QStringList requirements() const;

    Studio& m_studio;
    QPointer<AppDocument> m_document;
    bool m_isSyncing = false;
};

} // namespace tintype::ui
