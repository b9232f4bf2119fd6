// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QCache>
#include <QFuture>
#include <QImage>
#include <QObject>
#include <QPromise>
#include <QThreadPool>
#include <QVector>
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace tintype::ui {

/// A decoded picture, cheap to copy. One too large to hold is reduced while it is read.
struct Picture {
    QVector<QImage> levels; ///< the picture, then each half as wide and high as the one before, for drawing it small; empty = none
    QSize size;             ///< as the file has it, pixels

    bool isNull() const { return levels.isEmpty(); }
    const QImage& image() const { return levels.front(); } ///< not of a null one
    bool isReduced() const { return !isNull() && levels.front().size() != size; }
    qint64 bytes() const;

    /// Of an image that is small: makes the levels, in any thread.
    static Picture fromImage(const QImage& image);
};

/// Reads an encoded picture (PNG, JPEG, WebP). Any thread.
/// @param bound longest side that the caller wants; 0 = as large as may be held (kMostPixels)
/// @error Corrupt, Unsupported
Result<Picture> decodePicture(const QByteArray& encoded, int bound = 0);

/// Decodes pictures on worker threads and keeps the latest ones, as many as fit into a number of bytes. GUI thread.
class PictureLoader : public QObject {
    Q_OBJECT

public:
    using Read = std::function<Result<QByteArray>()>; ///< gives the encoded bytes; called on a worker thread
    using Answer = QFuture<Result<Picture>>;

    explicit PictureLoader(qint64 mostBytes = kMostBytes, QObject* parent = nullptr);
    ~PictureLoader() override;

    /// @param key names the bytes, unique among all that this loader is asked for: "<generation id>/0"
    /// @param bound longest side that is wanted (a thumbnail); 0 = full
    /// The same key and bound again are answered from memory, or by the decoding that is under way.
    Answer load(const QString& key, Read read, int bound = 0);
    Answer load(const QString& key, const QByteArray& encoded, int bound = 0);
    Answer loadFile(const QString& path, int bound = 0); ///< not found again after the file changed

    qint64 bytesHeld() const { return m_cache.totalCost(); }

    static constexpr qint64 kMostBytes = 160LL << 20;
    static constexpr qint64 kMostPixels = 16LL << 20; ///< of one picture

private:
    using Promises = std::vector<QPromise<Result<Picture>>>;

    void decode(const QString& fullKey, Read read, int bound);
    void onDecoded(const QString& fullKey, const Result<Picture>& picture);

    QCache<QString, Picture> m_cache; ///< cost in bytes
    std::map<QString, Promises> m_waiting;
    const std::shared_ptr<std::atomic<bool>> m_isStopped;
    QThreadPool m_pool; ///< last: its end waits for the worker threads
};

} // namespace tintype::ui
