// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/history_pictures.h"

#include "ui/models/picture_loader.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json;

constexpr qsizetype kLongestUri = 1024;
constexpr int kThumbnailQuality = 90;

QString text(const char* source) { return QCoreApplication::translate("HistoryStore", source); }

QString fileSafe(const QString& name)
{
    QString safe = name.left(60);
    for (QChar& c : safe) {
        if (!c.isLetterOrNumber() && c != u'-')
            c = u'-';
    }
    return safe;
}

/// "pictures/2026-11/20261123-140327_app_42_1f2e3d4c"
QString baseName(const Generation& generation)
{
    const QDateTime created = QDateTime::fromMSecsSinceEpoch(toMilliseconds(generation.createdAt));
    QStringList parts{created.toString(QStringLiteral("yyyyMMdd-HHmmss")), fileSafe(generation.app)};
    if (generation.seed)
        parts.push_back(QString::number(*generation.seed));
    parts.push_back(fileSafe(generation.id).left(8));
    return QStringLiteral("pictures/") + created.toString(QStringLiteral("yyyy-MM")) + u'/' + parts.join(u'_');
}

/// @return what failed; empty = done
QString writeFile(const QString& path, const QByteArray& bytes)
{
    QDir().mkpath(QFileInfo(path).absolutePath());
    QFile file(path);
    if (file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size() && file.flush())
        return {};
    return file.errorString();
}

void cutUris(Json& value)
{
    if (value.is_string()) {
        std::string& uri = value.get_ref<std::string&>();
        if (uri.size() > kLongestUri && uri.starts_with("data:"))
            uri = uri.substr(0, uri.find(',')) + ",";
    } else if (value.is_structured()) {
        for (Json& item : value)
            cutUris(item);
    }
}

} // namespace

Result<Thumbnail> makeThumbnail(const QByteArray& encoded)
{
    TINTYPE_TRY_ASSIGN(const Picture picture, decodePicture(encoded, kThumbnailSide));
    return Thumbnail{picture.image().scaled(kThumbnailSide, kThumbnailSide, Qt::KeepAspectRatio, Qt::SmoothTransformation), picture.size};
}

QString thumbnailPath(const QString& folder, const QString& id)
{
    return folder + QStringLiteral("/thumbnails/") + fileSafe(id);
}

void keepThumbnail(const QString& folder, const QString& id, const QImage& image)
{
    const QString path = thumbnailPath(folder, id);
    QDir().mkpath(QFileInfo(path).absolutePath());
    image.save(path, image.hasAlphaChannel() ? "PNG" : "JPG", kThumbnailQuality);
}

Result<KeptPictures> writePictures(const QString& folder, const Generation& generation)
{
    KeptPictures kept;
    for (qsizetype index = 0; index < generation.pictures.size(); ++index) {
        const QByteArray& bytes = generation.pictures[index];
        const QString number = index == 0 ? QString() : u'-' + QString::number(index + 1);
        const QString name = baseName(generation) + number + u'.' + pictureSuffix(bytes);
        kept.names.push_back(name);
        if (const QString failure = writeFile(folder + u'/' + name, bytes); !failure.isEmpty()) {
            deletePictures(folder, generation.id, kept.names);
            return fail(ErrorCode::Io,
                text("A picture could not be kept in the history (%1): %2.").arg(folder, failure).toStdString());
        }
        kept.bytes += bytes.size();
    }
    if (generation.pictures.isEmpty())
        return kept;
    if (const Result<Thumbnail> thumbnail = makeThumbnail(generation.pictures.front())) {
        kept.size = thumbnail->size;
        keepThumbnail(folder, generation.id, thumbnail->image);
    }
    return kept;
}

QVector<QByteArray> readPictures(const QString& folder, const QStringList& names)
{
    QVector<QByteArray> pictures;
    for (const QString& name : names) {
        QFile file(folder + u'/' + name);
        if (file.open(QIODevice::ReadOnly))
            pictures.push_back(file.readAll());
    }
    return pictures;
}

void deletePictures(const QString& folder, const QString& id, const QStringList& names)
{
    for (const QString& name : names)
        QFile::remove(folder + u'/' + name);
    QFile::remove(thumbnailPath(folder, id));
}

QString pictureSuffix(const QByteArray& encoded)
{
    if (encoded.startsWith("\x89PNG"))
        return QStringLiteral("png");
    if (encoded.startsWith("\xff\xd8"))
        return QStringLiteral("jpg");
    if (encoded.startsWith("RIFF") && encoded.mid(8, 4) == "WEBP")
        return QStringLiteral("webp");
    return QStringLiteral("bin");
}

QString withoutEmbeddedFiles(const QString& output)
{
    if (!output.contains(QLatin1String("\"data:")))
        return output;
    Json value = Json::parse(output.toStdString(), nullptr, false);
    if (value.is_discarded())
        return output;
    cutUris(value);
    return QString::fromStdString(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

} // namespace tintype::ui
