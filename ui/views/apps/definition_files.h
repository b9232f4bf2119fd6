// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/error.h"

#include <QObject>

class QFileDialog;
class QWidget;

namespace tintype::ui {

class AppDocument;
struct Studio;

/// Opens, makes and saves definitions where the user says: the dialogs, none of which is waited for.
class DefinitionFiles : public QObject {
    Q_OBJECT

public:
    /// @param over the widget that the dialogs belong to, and the parent
    DefinitionFiles(Studio& studio, QWidget& over);

    void askOpen();
    void askNew(); ///< a new one from the example
    void askSaveAs(AppDocument* document);
    void open(const QString& path);

    /// A new definition beside a model folder, or the one that is there.
    void makeForModel(const QString& folder);

Q_SIGNALS:
    void failed(const tintype::Error& error);

private:
    QFileDialog* dialog(const QString& title, const QString& folder, const QString& filter);
    void create(const QString& path, const QString& text);
    void saveAs(AppDocument& document, const QString& path);

    Studio& m_studio;
    QWidget& m_over;
};

} // namespace tintype::ui
