// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/history.h"

#include "ui/models/format.h"

#include <QMimeData>
#include <QPromise>
#include <QStandardPaths>
#include <QUrl>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kThumbnailBytes = 32 << 20;
constexpr std::size_t kUsualOf = 50; ///< calls that usualSeconds() looks at

} // namespace

QString History::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/history");
}

History::History(const QString& folder, HistoryLimits limits, QObject* parent)
    : QAbstractListModel(parent)
    , m_thumbnails(kThumbnailBytes)
    , m_worker(new QObject)
{
    m_worker->moveToThread(&m_thread);
    m_thread.setObjectName(QStringLiteral("history"));
    m_thread.start();
    QMetaObject::invokeMethod(m_worker, [this, folder, limits] { m_store = std::make_unique<HistoryStore>(folder, limits); });
    reload();
}

History::~History()
{
    // Comes after all that was asked before.
    QMetaObject::invokeMethod(m_worker, [this] {
        m_store.reset();
        m_thread.quit();
    });
    m_thread.wait();
    delete m_worker;
}

template <class Work, class Then>
void History::ask(Work work, Then then)
{
    QMetaObject::invokeMethod(m_worker, [this, work = std::move(work), then = std::move(then)]() mutable {
        auto result = work(*m_store);
        const QString notice = m_store->takeNotice();
        QMetaObject::invokeMethod(this, [this, then = std::move(then), result = std::move(result), notice] {
            then(result);
            if (notice.isEmpty())
                return;
            Q_EMIT troubled(notice);
            reload();
        });
    });
}

void History::tell(const Error& error)
{
    if (error.code != ErrorCode::Corrupt) // of which the store's notice tells more
        Q_EMIT troubled(qs(error.message));
}

void History::reload()
{
    ++m_filterNumber;
    askRows(0);
}

void History::askRows(qint64 before)
{
    HistoryQuery query = m_query;
    query.before = before;
    m_isLoading = true;
    Q_EMIT totalChanged();
    ask([query](HistoryStore& store) { return store.rows(query); },
        [this, number = m_filterNumber, isFirst = before == 0](const Result<HistoryStore::Rows>& rows) {
            if (number == m_filterNumber)
                onRows(rows, isFirst);
        });
}

void History::onRows(const Result<HistoryStore::Rows>& rows, bool isFirst)
{
    if (!rows) {
        m_hasMore = false;
        tell(rows.error());
    } else if (isFirst) {
        beginResetModel();
        m_rows = rows->rows;
        m_hasMore = rows->hasMore;
        endResetModel();
    } else if (!rows->rows.empty()) {
        const int first = static_cast<int>(m_rows.size());
        beginInsertRows({}, first, first + static_cast<int>(rows->rows.size()) - 1);
        m_rows.insert(m_rows.end(), rows->rows.begin(), rows->rows.end());
        m_hasMore = rows->hasMore;
        endInsertRows();
    } else {
        m_hasMore = false;
    }
    if (rows)
        m_total = rows->total;
    m_isLoading = false; // only now: a view asks for more while rows are being inserted
    Q_EMIT totalChanged();
}

void History::add(const Generation& generation)
{
    ask([generation](HistoryStore& store) { return store.add(generation); },
        [this](const Result<HistoryStore::Added>& added) { onAdded(added); });
}

void History::onAdded(const Result<HistoryStore::Added>& added)
{
    if (!added) {
        tell(added.error());
        return;
    }
    m_total -= static_cast<qint64>(takeRows(added->evicted).size());
    if (m_query.text.isEmpty() && !m_query.pinnedOnly) {
        insertRow(added->row);
        ++m_total;
    } else {
        reload();
    }
    Q_EMIT totalChanged();
    Q_EMIT this->added(added->row.id, added->row);
}

/// Where it belongs, unless that lies beyond what was fetched.
void History::insertRow(const HistoryRow& row)
{
    const auto place = std::ranges::find_if(m_rows, [&](const HistoryRow& other) { return other.number <= row.number; });
    if ((place == m_rows.end() && m_hasMore) || (place != m_rows.end() && place->number == row.number))
        return;
    const int at = static_cast<int>(place - m_rows.begin());
    beginInsertRows({}, at, at);
    m_rows.insert(place, row);
    endInsertRows();
}

std::vector<HistoryRow> History::takeRows(const QStringList& ids)
{
    std::vector<HistoryRow> taken;
    for (const QString& id : ids) {
        const int at = rowOf(id);
        if (at < 0)
            continue;
        beginRemoveRows({}, at, at);
        taken.push_back(m_rows[static_cast<std::size_t>(at)]);
        m_rows.erase(m_rows.begin() + at);
        endRemoveRows();
    }
    return taken;
}

void History::setFilter(const QString& text, bool pinnedOnly)
{
    const QString simplified = text.simplified();
    if (simplified == m_query.text && pinnedOnly == m_query.pinnedOnly)
        return;
    m_query.text = simplified;
    m_query.pinnedOnly = pinnedOnly;
    reload();
}

QFuture<Result<Generation>> History::load(const QString& id)
{
    auto promise = std::make_shared<QPromise<Result<Generation>>>();
    promise->start();
    ask([id](HistoryStore& store) { return store.load(id); },
        [promise](const Result<Generation>& generation) {
            promise->addResult(generation);
            promise->finish();
        });
    return promise->future();
}

void History::setPinned(const QStringList& ids, bool isPinned)
{
    for (const QString& id : ids) {
        const int at = rowOf(id);
        if (at < 0)
            continue;
        m_rows[static_cast<std::size_t>(at)].isPinned = isPinned;
        Q_EMIT dataChanged(index(at), index(at), {PinnedRole});
    }
    ask([ids, isPinned](HistoryStore& store) { return store.setPinned(ids, isPinned); },
        [this](const Result<>& done) {
            if (!done)
                tell(done.error());
        });
}

void History::remove(const QStringList& ids)
{
    std::vector<HistoryRow> taken = takeRows(ids);
    if (taken.empty())
        return;
    m_total -= static_cast<qint64>(taken.size());
    m_removed.push_back(std::move(taken));
    ask([ids](HistoryStore& store) { return store.remove(ids); },
        [this](const Result<>& done) {
            if (!done)
                tell(done.error());
        });
    Q_EMIT totalChanged();
    Q_EMIT removedChanged();
}

void History::undoRemove()
{
    if (m_removed.empty())
        return;
    const std::vector<HistoryRow> rows = std::move(m_removed.back());
    m_removed.pop_back();
    QStringList ids;
    for (const HistoryRow& row : rows) {
        ids.push_back(row.id);
        insertRow(row);
    }
    m_total += static_cast<qint64>(rows.size());
    ask([ids](HistoryStore& store) { return store.restore(ids); },
        [this](const Result<>& done) {
            if (!done)
                tell(done.error());
        });
    Q_EMIT totalChanged();
    Q_EMIT removedChanged();
}

double History::usualSeconds(const QString& app) const
{
    std::vector<double> seconds;
    for (const HistoryRow& row : m_rows) {
        if (row.app == app && row.error.isEmpty() && seconds.size() < kUsualOf)
            seconds.push_back(row.totalSeconds);
    }
    if (seconds.empty())
        return 0;
    const auto middle = seconds.begin() + static_cast<std::ptrdiff_t>(seconds.size() / 2);
    std::ranges::nth_element(seconds, middle);
    return *middle;
}

int History::rowOf(const QString& id) const
{
    const auto found = std::ranges::find(m_rows, id, &HistoryRow::id);
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

const HistoryRow* History::row(const QModelIndex& index) const
{
    return checkIndex(index, CheckIndexOption::IndexIsValid) ? &m_rows[static_cast<std::size_t>(index.row())] : nullptr;
}

const HistoryRow* History::find(const QString& id) const
{
    const int at = rowOf(id);
    return at < 0 ? nullptr : &m_rows[static_cast<std::size_t>(at)];
}

QModelIndex History::indexOf(const QString& id) const
{
    const int at = rowOf(id);
    return at < 0 ? QModelIndex() : index(at);
}

int History::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

bool History::canFetchMore(const QModelIndex& parent) const
{
    return !parent.isValid() && m_hasMore && !m_isLoading;
}

void History::fetchMore(const QModelIndex& parent)
{
    if (canFetchMore(parent))
        askRows(m_rows.back().number);
}

QVariant History::data(const QModelIndex& index, int role) const
{
    const HistoryRow* const row = this->row(index);
    if (!row)
        return {};
    switch (role) {
    case Qt::DisplayRole:
        return row->prompt;
    case Qt::DecorationRole:
        if (row->pictures.isEmpty())
            return {};
        if (const QImage* const image = m_thumbnails.object(row->id))
            return *image;
        // Looking makes it come: what is kept changes, what the model says does not.
        const_cast<History*>(this)->wantThumbnail(row->id);
        return {};
    case Qt::ToolTipRole:
        return tr("%1\n%2 on %3, %4, seed %5, %6").arg(row->prompt, row->app, row->target, formatDateTime(row->createdAt),
            row->seed.isEmpty() ? tr("unknown") : row->seed, formatDuration(row->totalSeconds));
    case IdRole:
        return row->id;
    case PinnedRole:
        return row->isPinned;
    case ErrorRole:
        return row->error;
    case SeedRole:
        return row->seed;
    case SecondsRole:
        return row->totalSeconds;
    case CountRole:
        return static_cast<int>(row->pictures.size());
    case SizeRole:
        return row->pictureSize;
    case PathRole:
        return row->pictures.value(0);
    default:
        return {};
    }
}

void History::wantThumbnail(const QString& id)
{
    if (m_wantedThumbnails.contains(id))
        return;
    m_wantedThumbnails.insert(id);
    ask([id](HistoryStore& store) { return store.thumbnail(id); },
        [this, id](const Result<QImage>& image) {
            m_wantedThumbnails.remove(id);
            m_thumbnails.insert(id, new QImage(image.value_or(QImage())), image ? image->sizeInBytes() : 1);
            if (const int at = rowOf(id); at >= 0)
                Q_EMIT dataChanged(index(at), index(at), {Qt::DecorationRole});
        });
}

Qt::ItemFlags History::flags(const QModelIndex& index) const
{
    const HistoryRow* const row = this->row(index);
    if (!row)
        return {};
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    return row->pictures.isEmpty() ? flags : flags | Qt::ItemIsDragEnabled;
}

QStringList History::mimeTypes() const
{
    return {QStringLiteral("text/uri-list")};
}

QMimeData* History::mimeData(const QModelIndexList& indexes) const
{
    QList<QUrl> urls;
    for (const QModelIndex& index : indexes) {
        if (const HistoryRow* const row = this->row(index)) {
            for (const QString& path : row->pictures)
                urls.push_back(QUrl::fromLocalFile(path));
        }
    }
    auto* const data = new QMimeData;
    data->setUrls(urls);
    return data;
}

} // namespace tintype::ui
