// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"
#include "ui/models/generation.h"

#include <QImage>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <memory>
#include <vector>

class QSqlQuery;
class QTemporaryDir;

namespace tintype::ui {

/// An entry of the history as a list shows it.
struct HistoryRow {
    qint64 number = 0; ///< grows with each entry
    QString id;
    TimePoint createdAt;
    QString target;
    QString app;
    QString prompt; ///< its beginning
    QString seed;   ///< empty = not known
    QString error;
    double totalSeconds = 0;
    bool isPinned = false;
    QStringList pictures; ///< absolute paths
    QSize pictureSize;    ///< of the first one, pixels
};

/// What the history may hold; beyond it the oldest entries go, pinned ones never.
struct HistoryLimits {
    qint64 bytes = 4LL << 30; ///< of pictures
    int entries = 20'000;
};

struct HistoryQuery {
    QString text; ///< words that must all be there: prompt, app, target, seed
    bool pinnedOnly = false;
    qint64 before = 0; ///< number of the last row that is known; 0 = from the newest
    int limit = 60;
};

/// The history on disk: a SQLite file, and pictures and thumbnails as files beside it. Blocks: everything, also its making and end, on
/// one thread that is not the GUI's.
///
/// A database that is damaged is renamed and a new one begun; one that another program holds locked is left alone and another one begun
/// beside it; a folder that cannot be written to is replaced by a temporary one. Each time a sentence tells.
class HistoryStore {
public:
    HistoryStore(QString folder, HistoryLimits limits);
    ~HistoryStore(); ///< removes what is marked as deleted

    /// What went wrong since it was asked last, a sentence for the user; empty = nothing. After one the rows may be others.
    QString takeNotice();

    /// @return the new row and the ids of those that had to go
    struct Added {
        HistoryRow row;
        QStringList evicted;
    };
    Result<Added> add(const Generation& generation);

    struct Rows {
        std::vector<HistoryRow> rows; ///< newest first
        bool hasMore = false;
        qint64 total = 0; ///< that match
    };
    Result<Rows> rows(const HistoryQuery& query);

    Result<Generation> load(const QString& id); ///< with the bytes of its pictures, as far as the files are still there
    Result<QImage> thumbnail(const QString& id); ///< @error NotFound: no picture, or not readable

    Result<> setPinned(const QStringList& ids, bool isPinned);
    Result<> remove(const QStringList& ids);  ///< can be taken back as long as this store lives
    Result<> restore(const QStringList& ids);

private:
    enum class Opening { Good, Damaged, Taken, Failed };

    void open();
    Opening tryOpen(const QString& file);
    void close();
    void setAside(const QString& file);
    void purge();
    Result<Added> insert(const Generation& generation);
    Result<QStringList> evict(const QString& except);
    Result<> run(const QString& sql, const QVariantList& values = {});
    Result<QSqlQuery> select(const QString& sql, const QVariantList& values = {});
    HistoryRow rowFrom(const QSqlQuery& query) const;

    QString m_folder;
    const HistoryLimits m_limits;
    const QString m_connection; ///< Qt Sql's name of it
    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_file; ///< of the database
    QString m_notice;
    bool m_isDamaged = false; ///< found out in use: takeNotice() begins a new one
};

} // namespace tintype::ui
