// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/history_store.h"

#include <QAbstractListModel>
#include <QCache>
#include <QFuture>
#include <QSet>
#include <QThread>
#include <memory>
#include <vector>

namespace tintype::ui {

/// What the playground made, newest first, kept from start to start: rows as far as they were asked for (fetchMore), thumbnails as they are
/// looked at. The store behind it works on a thread of its own. GUI thread.
class History : public QAbstractListModel {
    Q_OBJECT

public:
    enum Role {
        IdRole = Qt::UserRole,
        PinnedRole,
        ErrorRole,
        SeedRole,
        SecondsRole,
        CountRole, ///< of pictures
        SizeRole,  ///< of the first one
        PathRole,  ///< of the first one; empty = it has none
    };

    static QString defaultFolder();

    explicit History(const QString& folder, HistoryLimits limits = {}, QObject* parent = nullptr);
    ~History() override; ///< waits for what is being written

    /// Keeps it; it comes as the first row when it is written, or troubled() tells why not.
    void add(const Generation& generation);

    /// Rows that match only, from the newest on. Words of prompt, app, target and seed.
    void setFilter(const QString& text, bool pinnedOnly);
    const QString& filterText() const { return m_query.text; }
    bool isPinnedOnly() const { return m_query.pinnedOnly; }

    const HistoryRow* row(const QModelIndex& index) const; ///< null for no row
    const HistoryRow* find(const QString& id) const;       ///< null if it is not among the rows
    QModelIndex indexOf(const QString& id) const;
    qint64 total() const { return m_total; }               ///< rows that match, whether fetched or not
    bool isLoading() const { return m_isLoading; }

    /// The whole entry, pictures too.
    QFuture<Result<Generation>> load(const QString& id);

    void setPinned(const QStringList& ids, bool isPinned);
    void remove(const QStringList& ids);
    void undoRemove(); ///< the last remove() that was not taken back
    bool canUndoRemove() const { return !m_removed.empty(); }
    int lastRemovedCount() const { return m_removed.empty() ? 0 : static_cast<int>(m_removed.back().size()); }

    double usualSeconds(const QString& app) const; ///< of a call, median of the rows that are here; 0 = none

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override; ///< display: prompt; decoration: QImage, null until it is read
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QStringList mimeTypes() const override;
    QMimeData* mimeData(const QModelIndexList& indexes) const override; ///< the pictures' files
    Qt::DropActions supportedDragActions() const override { return Qt::CopyAction; }

    qint64 thumbnailBytes() const { return m_thumbnails.totalCost(); }

Q_SIGNALS:
    void added(const QString& id, const tintype::ui::HistoryRow& row); ///< it is on disk
    void removedChanged();  ///< canUndoRemove()
    void totalChanged();    ///< total() or isLoading()
    void troubled(const QString& sentence);

private:
    /// Runs `work` on the store's thread and `then` with its result on this one, unless this history is gone.
    template <class Work, class Then>
    void ask(Work work, Then then);
    void reload();
    void askRows(qint64 before);
    void onRows(const Result<HistoryStore::Rows>& rows, bool isFirst);
    void onAdded(const Result<HistoryStore::Added>& added);
    void insertRow(const HistoryRow& row);
    std::vector<HistoryRow> takeRows(const QStringList& ids);
    void wantThumbnail(const QString& id);
    void tell(const Error& error);
    int rowOf(const QString& id) const; ///< -1 if it is not here

    std::vector<HistoryRow> m_rows;
    HistoryQuery m_query;
    qint64 m_total = 0;
    bool m_hasMore = false;
    bool m_isLoading = false;
    int m_filterNumber = 0; ///< answers to an older filter are dropped
    QCache<QString, QImage> m_thumbnails; ///< cost in bytes; a null image = there is none
    QSet<QString> m_wantedThumbnails;
    std::vector<std::vector<HistoryRow>> m_removed;
    QThread m_thread;
    QObject* const m_worker; ///< lives on m_thread
    std::unique_ptr<HistoryStore> m_store; ///< made, used and ended on m_thread
};

} // namespace tintype::ui
