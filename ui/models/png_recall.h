// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace tintype::ui {

/// How a picture was made, out of its file.
struct PictureRecall {
    QString input; ///< JSON object as a call would send it
    QString model; ///< as its maker named it
    QString weightsHash; ///< SHA-256; empty = not told
    QString commit;
    QString engine; ///< "Tintype 0.1.0 (LibTorch 2.11.0)"
    QString device; ///< "cuda:0"
    QString dtype;
    int index = 0;  ///< of its batch
    int count = 1;  ///< pictures of that batch

    bool operator==(const PictureRecall&) const = default;
};

/// What is known of the app that would draw it again; empty = not known.
struct ReplayPlace {
    QString engine;
    QStringList weightsHashes;
    QString device;
};

struct PngText {
    QString key;
    QString text;

    bool operator==(const PngText&) const = default;
};

/// Text chunks of a PNG (tEXt, iTXt, zTXt), without its pixels. Blocks: for a worker thread.
/// @error Unsupported: no PNG · Corrupt: it ends within a chunk, or a chunk is damaged
Result<QVector<PngText>> readPngTexts(const QByteArray& file);

/// @error Unsupported: the picture says nothing that Tintype wrote · Corrupt
Result<PictureRecall> recallPicture(const QByteArray& file);
Result<PictureRecall> recallPictureFile(const QString& path); ///< reads no more than kMostBytes of it; Io

/// Sentences: why drawing it again may not give the same pixels. Empty = nothing known speaks against it.
QStringList replayNotes(const PictureRecall& recall, const ReplayPlace& place);

} // namespace tintype::ui
