// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/picture_export.h"

#include "ui/models/format.h"

#include <QClipboard>
#include <QDrag>
#include <QFileDialog>
#include <QFileInfo>
#include <QFuture>
#include <QGuiApplication>
#include <QMimeData>
#include <QSaveFile>
#include <QStandardPaths>
#include <QUrl>

namespace tintype::ui {
namespace {

constexpr int kDragSide = 128;

const char* typeOf(const QByteArray& file)
{
    if (file.startsWith("\xff\xd8\xff"))
        return "jpeg";
    return file.startsWith("RIFF") ? "webp" : "png";
}

Result<> writeFile(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "cannot write " + path.toStdString() + ": " + file.errorString().toStdString());
    return {};
}

} // namespace

QString PictureExport::fileName(const Generation& generation, int index)
{
    QString name = generation.app.isEmpty() ? QStringLiteral("picture") : generation.app;
    if (generation.seed)
        name += u'-' + QString::number(*generation.seed);
    if (generation.pictures.size() > 1)
        name += u'-' + QString::number(index + 1);
    return name + u'.' + QLatin1String(typeOf(generation.pictures.value(index)));
}

void PictureExport::copy(const QByteArray& file, const Picture& picture) const
{
    auto* const data = new QMimeData;
    if (!picture.isNull())
        data->setImageData(picture.image());
    data->setData(QLatin1String("image/") + QLatin1String(typeOf(file)), file); // with what it says about its making
    QGuiApplication::clipboard()->setMimeData(data);
}

void PictureExport::write(const QString& path, const QByteArray& file, bool tellsSaved)
{
    QtFuture::makeReadyFuture()
        .then(QtFuture::Launch::Async, [path, file] { return writeFile(path, file); })
        .then(this, [this, path, tellsSaved](const Result<>& written) {
            if (!written)
                Q_EMIT failed(qs(written.error().message));
            else if (tellsSaved)
                Q_EMIT saved(path);
        });
}

void PictureExport::saveAs(const Generation& generation, int index, QWidget* window)
{
    if (m_lastFolder.isEmpty())
        m_lastFolder = QStandardPaths::writableLocation(QStandardPaths::PicturesLocation);
    auto* const dialog = new QFileDialog(window, tr("Save picture"), m_lastFolder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(fileName(generation, index));
    connect(dialog, &QFileDialog::fileSelected, this, [this, file = generation.pictures.value(index)](const QString& path) {
        m_lastFolder = QFileInfo(path).absolutePath();
        write(path, file, true);
    });
    dialog->open();
}

void PictureExport::drag(const Generation& generation, int index, const Picture& picture, QWidget* source)
{
    if (picture.isNull() || !m_folder.isValid())
        return;
    const QString path = m_folder.filePath(fileName(generation, index));
    write(path, generation.pictures.value(index), false); // long done when it is dropped
    auto* const data = new QMimeData;
    data->setUrls({QUrl::fromLocalFile(path)});
    data->setImageData(picture.image());
    auto* const drag = new QDrag(source);
    drag->setMimeData(data);
    drag->setPixmap(QPixmap::fromImage(picture.levels.back().scaled(kDragSide, kDragSide, Qt::KeepAspectRatio, Qt::SmoothTransformation)));
    drag->exec(Qt::CopyAction);
}

} // namespace tintype::ui
