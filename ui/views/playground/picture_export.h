// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/generation.h"
#include "ui/models/picture_loader.h"

#include <QObject>
#include <QTemporaryDir>

class QMimeData;

namespace tintype::ui {

/// Takes a picture out of the studio, its file as it came: to the clipboard, into a file, by dragging. Files are written on worker threads.
class PictureExport : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// "shapes-flux-42.png": app, seed, place among several.
    static QString fileName(const Generation& generation, int index);

    void copy(const QByteArray& file, const Picture& picture) const;
    void saveAs(const Generation& generation, int index, QWidget* window); ///< asks where to
    void drag(const Generation& generation, int index, const Picture& picture, QWidget* source);

Q_SIGNALS:
    void saved(const QString& path);
    void failed(const QString& sentence);

private:
    void write(const QString& path, const QByteArray& file, bool tellsSaved);

    QTemporaryDir m_folder; ///< of dragged files
    QString m_lastFolder;
};

} // namespace tintype::ui
