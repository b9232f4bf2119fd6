// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/picture_loader.h"

#include <QBuffer>
#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>
#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace tintype::ui {
namespace {

constexpr int kSmallestLevel = 256; ///< no smaller ones below this width or height
constexpr int kThreads = 2;

/// What of `size` is read: within the most pixels and the bound.
QSize heldSize(const QSize& size, int bound)
{
    const double pixels = static_cast<double>(size.width()) * size.height();
    double scale = std::min(1.0, std::sqrt(static_cast<double>(PictureLoader::kMostPixels) / pixels));
    if (bound > 0)
        scale = std::min(scale, static_cast<double>(bound) / std::max(size.width(), size.height()));
    if (scale >= 1)
        return size;
    return QSize(static_cast<int>(size.width() * scale), static_cast<int>(size.height() * scale)).expandedTo({1, 1});
}

Result<QByteArray> readFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", path.toStdString(), file.errorString().toStdString()));
    return file.readAll();
}

Result<Picture> readAndDecode(const PictureLoader::Read& read, int bound)
{
    const Result<QByteArray> encoded = read();
    if (!encoded)
        return tl::unexpected(encoded.error());
    return decodePicture(*encoded, bound);
}

} // namespace

qint64 Picture::bytes() const
{
    qint64 sum = 0;
    for (const QImage& level : levels)
        sum += level.sizeInBytes();
    return sum;
}

Picture Picture::fromImage(const QImage& image)
{
    Picture picture;
    if (image.isNull())
        return picture;
    picture.size = image.size();
    QImage level = image.convertToFormat(image.hasAlphaChannel() ? QImage::Format_ARGB32_Premultiplied : QImage::Format_RGB32);
    picture.levels.append(level);
    while (level.width() > kSmallestLevel && level.height() > kSmallestLevel) {
        level = level.scaled(level.size() / 2, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        picture.levels.append(level);
    }
    return picture;
}

Result<Picture> decodePicture(const QByteArray& encoded, int bound)
{
    QByteArray bytes = encoded;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::ReadOnly);
    QImageReader reader(&buffer);
    reader.setDecideFormatFromContent(true);
    const QSize size = reader.size();
    if (size.isEmpty())
        return fail(ErrorCode::Unsupported, "the file is no picture that can be shown", reader.errorString().toStdString());
    if (const QSize held = heldSize(size, bound); held != size)
        reader.setScaledSize(held);
    QImage image;
    if (!reader.read(&image))
        return fail(ErrorCode::Corrupt, fmt::format("the picture of {} × {} px cannot be read", size.width(), size.height()),
            reader.errorString().toStdString());
    Picture picture = Picture::fromImage(image);
    picture.size = size;
    return picture;
}

PictureLoader::PictureLoader(qint64 mostBytes, QObject* parent)
    : QObject(parent)
    , m_cache(mostBytes)
    , m_isStopped(std::make_shared<std::atomic<bool>>(false))
{
    m_pool.setMaxThreadCount(kThreads);
}

PictureLoader::~PictureLoader()
{
    *m_isStopped = true;
}

PictureLoader::Answer PictureLoader::load(const QString& key, Read read, int bound)
{
    const QString fullKey = key + u'@' + QString::number(bound);
    if (const Picture* known = m_cache.object(fullKey))
        return QtFuture::makeReadyFuture(Result<Picture>(*known));
    QPromise<Result<Picture>> promise;
    promise.start();
    Answer answer = promise.future();
    const bool isUnderWay = m_waiting.contains(fullKey);
    m_waiting[fullKey].push_back(std::move(promise));
    if (!isUnderWay)
        decode(fullKey, std::move(read), bound);
    return answer;
}

PictureLoader::Answer PictureLoader::load(const QString& key, const QByteArray& encoded, int bound)
{
    return load(key, [encoded] { return Result<QByteArray>(encoded); }, bound);
}

PictureLoader::Answer PictureLoader::loadFile(const QString& path, int bound)
{
    const QFileInfo info(path);
    const QString key = path + u'@' + QString::number(info.lastModified().toMSecsSinceEpoch()) + u'@' + QString::number(info.size());
    return load(key, [path] { return readFile(path); }, bound);
}

void PictureLoader::decode(const QString& fullKey, Read read, int bound)
{
    const auto work = [read = std::move(read), bound, isStopped = m_isStopped]() -> Result<Picture> {
        if (*isStopped)
            return fail(ErrorCode::Cancelled, "cancelled");
        return readAndDecode(read, bound);
    };
    QtFuture::makeReadyFuture().then(&m_pool, work).then(this, [this, fullKey](const Result<Picture>& picture) {
        onDecoded(fullKey, picture);
    });
}

void PictureLoader::onDecoded(const QString& fullKey, const Result<Picture>& picture)
{
    if (picture)
        m_cache.insert(fullKey, new Picture(*picture), std::max<qint64>(1, picture->bytes()));
    const auto found = m_waiting.find(fullKey);
    if (found == m_waiting.end())
        return;
    Promises promises = std::move(found->second);
    m_waiting.erase(found); // before the answers: their takers may ask again
    for (QPromise<Result<Picture>>& promise : promises) {
        promise.addResult(picture);
        promise.finish();
    }
}

} // namespace tintype::ui
