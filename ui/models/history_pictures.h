// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "ui/models/generation.h"

#include <QImage>
#include <QSize>
#include <QStringList>
#include <QVector>

// The files of the history: DATA/pictures/2026-11/20261123-140327_app_42_1f2e3d4c.png, and DATA/thumbnails/ID. All of it blocks.

namespace tintype::ui {

constexpr int kThumbnailSide = 256; ///< longest side, pixels

struct Thumbnail {
    QImage image;
    QSize size; ///< of the picture
};

struct KeptPictures {
    QStringList names; ///< relative to the folder
    QSize size;        ///< of the first one; empty = it cannot be read
    qint64 bytes = 0;
};

Result<Thumbnail> makeThumbnail(const QByteArray& encoded);
void keepThumbnail(const QString& folder, const QString& id, const QImage& image);
QString thumbnailPath(const QString& folder, const QString& id);

/// @error Io: nothing is left of them
Result<KeptPictures> writePictures(const QString& folder, const Generation& generation);
QVector<QByteArray> readPictures(const QString& folder, const QStringList& names); ///< those that are there
void deletePictures(const QString& folder, const QString& id, const QStringList& names);

/// "png", "jpg", "webp" by the first bytes; "bin" for anything else.
QString pictureSuffix(const QByteArray& encoded);

/// A result's JSON with the data: URIs of its pictures cut: the files have them.
QString withoutEmbeddedFiles(const QString& output);

} // namespace tintype::ui
