// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/history_store.h"

#include "ui/models/history_pictures.h"

#include <QAtomicInt>
#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QVariant>

namespace tintype::ui {
namespace {

// Results of SQLite as QSqlError gives them. @source sqlite.org/rescode.html
constexpr int kBusy = 5;
constexpr int kLocked = 6;
constexpr int kCorrupt = 11;
constexpr int kNotADatabase = 26;

constexpr int kSchema = 1;
constexpr int kMostFiles = 8; ///< databases that are tried
constexpr int kPromptShown = 400;

const auto kCreate = QStringLiteral("CREATE TABLE IF NOT EXISTS entries (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,"
                                    " created_ms INTEGER NOT NULL, target TEXT, app TEXT, endpoint TEXT, revision TEXT, input TEXT,"
                                    " form TEXT, output TEXT, request TEXT, error TEXT, seed TEXT, seconds REAL, prompt TEXT, search TEXT,"
                                    " pictures TEXT, width INTEGER, height INTEGER, bytes INTEGER NOT NULL,"
                                    " pinned INTEGER NOT NULL DEFAULT 0, removed INTEGER NOT NULL DEFAULT 0)");
const auto kRowColumns = QStringLiteral("number, id, created_ms, target, app, substr(prompt, 1, %1), seed, error, seconds, pinned,"
                                        " pictures, width, height").arg(kPromptShown);

QString text(const char* source) { return QCoreApplication::translate("HistoryStore", source); }

QString nextConnection()
{
    static QAtomicInt count;
    return QStringLiteral("history-%1").arg(count.fetchAndAddRelaxed(1));
}

int codeOf(const QSqlError& error)
{
    return error.nativeErrorCode().toInt() & 0xff;
}

bool saysDamaged(int code) { return code == kCorrupt || code == kNotADatabase; }
bool saysTaken(int code) { return code == kBusy || code == kLocked; }

QString placeholders(qsizetype count)
{
    return QStringList(count, QStringLiteral("?")).join(u',');
}

QVariantList variants(const QStringList& list)
{
    return {list.begin(), list.end()};
}

QString searchText(const Generation& generation)
{
    const QString seed = generation.seed ? QString::number(*generation.seed) : QString();
    return QStringList{generation.prompt(), generation.app, generation.target, seed}.join(u'\n').toCaseFolded();
}

} // namespace

HistoryStore::HistoryStore(QString folder, HistoryLimits limits)
    : m_folder(std::move(folder))
    , m_limits(limits)
    , m_connection(nextConnection())
{
    open();
    purge();
}

HistoryStore::~HistoryStore()
{
    purge();
    close();
}

void HistoryStore::open()
{
    for (int number = 1; number <= kMostFiles; ++number) {
        const QString name = number == 1 ? QStringLiteral("history.db") : QStringLiteral("history-%1.db").arg(number);
        Opening opening = tryOpen(m_folder + u'/' + name);
        if (opening == Opening::Damaged) {
            setAside(m_folder + u'/' + name);
            opening = tryOpen(m_folder + u'/' + name);
        }
        if (opening == Opening::Good)
            return;
        close();
        if (opening == Opening::Failed)
            break;
        m_notice = text("The history %1 is in use by another program or newer than this one. It is left alone; another one begins.").arg(name);
    }
    const QString wanted = m_folder;
    m_temporary = std::make_unique<QTemporaryDir>();
    m_folder = m_temporary->path();
    if (m_temporary->isValid() && tryOpen(m_folder + QStringLiteral("/history.db")) == Opening::Good)
        m_notice = text("The history cannot be written to %1. What comes now is kept until Tintype closes.").arg(wanted);
    else
        m_notice = text("There is no history: neither %1 nor a temporary folder can be written to.").arg(wanted);
}

HistoryStore::Opening HistoryStore::tryOpen(const QString& file)
{
    m_file = file;
    QDir().mkpath(m_folder);
    QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), m_connection);
    database.setDatabaseName(file);
    database.setConnectOptions(QStringLiteral("QSQLITE_BUSY_TIMEOUT=2000"));
    if (!database.open())
        return Opening::Failed;
    const auto verdict = [](const QSqlQuery& query) {
        const int code = codeOf(query.lastError());
        return saysDamaged(code) ? Opening::Damaged : saysTaken(code) ? Opening::Taken : Opening::Failed;
    };
    QSqlQuery query(database);
    if (!query.exec(QStringLiteral("PRAGMA journal_mode=WAL")) || !query.exec(QStringLiteral("PRAGMA synchronous=NORMAL")))
        return verdict(query);
    if (!query.exec(QStringLiteral("PRAGMA user_version")) || !query.next())
        return verdict(query);
    if (query.value(0).toInt() > kSchema)
        return Opening::Taken;
    if (!query.exec(QStringLiteral("PRAGMA quick_check(1)")) || !query.next())
        return verdict(query);
    if (query.value(0).toString() != QLatin1String("ok"))
        return Opening::Damaged;
    query.finish();
    for (const QString& sql : {QStringLiteral("BEGIN IMMEDIATE"), kCreate, QStringLiteral("PRAGMA user_version=%1").arg(kSchema),
             QStringLiteral("COMMIT")}) {
        if (!query.exec(sql))
            return verdict(query);
    }
    // A table of that name with other columns is no history of ours.
    return query.exec(QStringLiteral("SELECT %1, search, bytes, removed FROM entries LIMIT 0").arg(kRowColumns)) ? Opening::Good
                                                                                                                : Opening::Damaged;
}

void HistoryStore::close()
{
    QSqlDatabase::database(m_connection, false).close();
    QSqlDatabase::removeDatabase(m_connection);
}

void HistoryStore::setAside(const QString& file)
{
    close();
    const QString aside = file + QStringLiteral(".broken-") + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz"));
    QFile::rename(file, aside);
    QFile::remove(file + QStringLiteral("-wal"));
    QFile::remove(file + QStringLiteral("-shm"));
    m_notice = text("The history was damaged. It is kept as %1, and a new one begins.").arg(aside);
}

QString HistoryStore::takeNotice()
{
    if (std::exchange(m_isDamaged, false)) {
        setAside(m_file);
        const QString notice = m_notice;
        open();
        m_notice = notice;
    }
    return std::exchange(m_notice, {});
}

Result<QSqlQuery> HistoryStore::select(const QString& sql, const QVariantList& values)
{
    QSqlQuery query(QSqlDatabase::database(m_connection, false));
    query.setForwardOnly(true);
    bool isDone = query.prepare(sql);
    for (const QVariant& value : values)
        query.addBindValue(value);
    isDone = isDone && query.exec();
    if (isDone)
        return query;
    m_isDamaged = m_isDamaged || saysDamaged(codeOf(query.lastError()));
    return fail(m_isDamaged ? ErrorCode::Corrupt : ErrorCode::Io,
        text("The history cannot be read or written: %1.").arg(query.lastError().databaseText()).toStdString());
}

Result<> HistoryStore::run(const QString& sql, const QVariantList& values)
{
    TINTYPE_TRY(select(sql, values));
    return {};
}

Result<HistoryStore::Added> HistoryStore::add(const Generation& generation)
{
    Result<Added> added = insert(generation);
    if (!added && m_isDamaged) {
        const QString notice = takeNotice();
        added = insert(generation);
        m_notice = notice;
    }
    return added;
}

Result<HistoryStore::Added> HistoryStore::insert(const Generation& generation)
{
    TINTYPE_TRY_ASSIGN(const KeptPictures kept, writePictures(m_folder, generation));
    const QVariantList values{generation.id, static_cast<qint64>(toMilliseconds(generation.createdAt)), generation.target, generation.app, generation.endpoint,
        generation.revision, generation.input, generation.form, withoutEmbeddedFiles(generation.output), generation.requestId,
        generation.error, generation.seed ? QString::number(*generation.seed) : QString(), generation.totalSeconds, generation.prompt(),
        searchText(generation), kept.names.join(u'\n'), kept.size.width(), kept.size.height(), kept.bytes};
    const Result<> inserted = run(QStringLiteral("INSERT INTO entries (id, created_ms, target, app, endpoint, revision, input, form, output,"
                                                 " request, error, seed, seconds, prompt, search, pictures, width, height, bytes)"
                                                 " VALUES (%1)").arg(placeholders(values.size())), values);
    if (!inserted) {
        deletePictures(m_folder, generation.id, kept.names);
        return tl::unexpected(inserted.error());
    }
    Added added;
    TINTYPE_TRY_ASSIGN(QSqlQuery query, select(QStringLiteral("SELECT %1 FROM entries WHERE id = ?").arg(kRowColumns), {generation.id}));
    if (query.next())
        added.row = rowFrom(query);
    TINTYPE_TRY_ASSIGN(added.evicted, evict(generation.id));
    return added;
}

Result<QStringList> HistoryStore::evict(const QString& except)
{
    QStringList evicted;
    for (;;) {
        TINTYPE_TRY_ASSIGN(QSqlQuery sums, select(QStringLiteral("SELECT COUNT(*), COALESCE(SUM(bytes), 0) FROM entries")));
        if (!sums.next() || (sums.value(0).toInt() <= m_limits.entries && sums.value(1).toLongLong() <= m_limits.bytes))
            return evicted;
        TINTYPE_TRY_ASSIGN(QSqlQuery oldest, select(QStringLiteral("SELECT id, pictures FROM entries WHERE pinned = 0 AND id <> ?"
                                                                   " ORDER BY removed DESC, number LIMIT 1"), {except}));
        if (!oldest.next())
            return evicted;
        const QString id = oldest.value(0).toString();
        const QStringList pictures = oldest.value(1).toString().split(u'\n', Qt::SkipEmptyParts);
        TINTYPE_TRY(run(QStringLiteral("DELETE FROM entries WHERE id = ?"), {id}));
        deletePictures(m_folder, id, pictures);
        evicted.push_back(id);
    }
}

Result<HistoryStore::Rows> HistoryStore::rows(const HistoryQuery& query)
{
    QString where = QStringLiteral("removed = 0");
    QVariantList values;
    if (query.pinnedOnly)
        where += QStringLiteral(" AND pinned = 1");
    const QStringList words = query.text.toCaseFolded().split(QChar::Space, Qt::SkipEmptyParts);
    for (const QString& word : words) {
        where += QStringLiteral(" AND instr(search, ?) > 0");
        values.push_back(word);
    }
    Rows result;
    TINTYPE_TRY_ASSIGN(QSqlQuery total, select(QStringLiteral("SELECT COUNT(*) FROM entries WHERE %1").arg(where), values));
    if (total.next())
        result.total = total.value(0).toLongLong();
    if (query.before > 0) {
        where += QStringLiteral(" AND number < ?");
        values.push_back(query.before);
    }
    values.push_back(query.limit + 1);
    TINTYPE_TRY_ASSIGN(QSqlQuery found,
        select(QStringLiteral("SELECT %1 FROM entries WHERE %2 ORDER BY number DESC LIMIT ?").arg(kRowColumns, where), values));
    while (found.next())
        result.rows.push_back(rowFrom(found));
    result.hasMore = result.rows.size() > static_cast<std::size_t>(query.limit);
    if (result.hasMore)
        result.rows.pop_back();
    return result;
}

HistoryRow HistoryStore::rowFrom(const QSqlQuery& query) const
{
    HistoryRow row;
    row.number = query.value(0).toLongLong();
    row.id = query.value(1).toString();
    row.createdAt = fromMilliseconds(query.value(2).toLongLong());
    row.target = query.value(3).toString();
    row.app = query.value(4).toString();
    row.prompt = query.value(5).toString();
    row.seed = query.value(6).toString();
    row.error = query.value(7).toString();
    row.totalSeconds = query.value(8).toDouble();
    row.isPinned = query.value(9).toBool();
    const QStringList names = query.value(10).toString().split(u'\n', Qt::SkipEmptyParts);
    for (const QString& name : names)
        row.pictures.push_back(m_folder + u'/' + name);
    row.pictureSize = QSize(query.value(11).toInt(), query.value(12).toInt());
    return row;
}

Result<Generation> HistoryStore::load(const QString& id)
{
    TINTYPE_TRY_ASSIGN(QSqlQuery query,
        select(QStringLiteral("SELECT created_ms, target, app, endpoint, revision, input, form, output, request, error, seed, seconds,"
                              " pictures FROM entries WHERE id = ?"), {id}));
    if (!query.next())
        return fail(ErrorCode::NotFound, text("This entry is not in the history any more.").toStdString());
    int column = 0;
    const auto next = [&] { return query.value(column++); };
    Generation generation;
    generation.id = id;
    generation.createdAt = fromMilliseconds(next().toLongLong());
    for (QString* field : {&generation.target, &generation.app, &generation.endpoint, &generation.revision, &generation.input,
             &generation.form, &generation.output, &generation.requestId, &generation.error})
        *field = next().toString();
    bool isNumber = false;
    const quint64 seed = next().toString().toULongLong(&isNumber);
    if (isNumber)
        generation.seed = seed;
    generation.totalSeconds = next().toDouble();
    generation.pictures = readPictures(m_folder, next().toString().split(u'\n', Qt::SkipEmptyParts));
    return generation;
}

Result<QImage> HistoryStore::thumbnail(const QString& id)
{
    if (QImage kept(thumbnailPath(m_folder, id)); !kept.isNull())
        return kept;
    TINTYPE_TRY_ASSIGN(QSqlQuery query, select(QStringLiteral("SELECT pictures FROM entries WHERE id = ?"), {id}));
    const QStringList names = query.next() ? query.value(0).toString().split(u'\n', Qt::SkipEmptyParts) : QStringList();
    const QVector<QByteArray> pictures = readPictures(m_folder, names.mid(0, 1));
    if (pictures.isEmpty())
        return fail(ErrorCode::NotFound, text("The picture is not there any more.").toStdString());
    TINTYPE_TRY_ASSIGN(const Thumbnail thumbnail, makeThumbnail(pictures.front()));
    keepThumbnail(m_folder, id, thumbnail.image);
    return thumbnail.image;
}

Result<> HistoryStore::setPinned(const QStringList& ids, bool isPinned)
{
    return run(QStringLiteral("UPDATE entries SET pinned = %1 WHERE id IN (%2)").arg(isPinned ? 1 : 0).arg(placeholders(ids.size())),
        variants(ids));
}

Result<> HistoryStore::remove(const QStringList& ids)
{
    return run(QStringLiteral("UPDATE entries SET removed = 1 WHERE id IN (%1)").arg(placeholders(ids.size())), variants(ids));
}

Result<> HistoryStore::restore(const QStringList& ids)
{
    return run(QStringLiteral("UPDATE entries SET removed = 0 WHERE id IN (%1)").arg(placeholders(ids.size())), variants(ids));
}

void HistoryStore::purge()
{
    Result<QSqlQuery> query = select(QStringLiteral("SELECT id, pictures FROM entries WHERE removed = 1"));
    if (!query)
        return;
    while (query->next())
        deletePictures(m_folder, query->value(0).toString(), query->value(1).toString().split(u'\n', Qt::SkipEmptyParts));
    query->finish();
    // What cannot be deleted now is tried again at the next start.
    if (const Result<> purged = run(QStringLiteral("DELETE FROM entries WHERE removed = 1")); !purged)
        m_notice = QString::fromStdString(purged.error().message);
}

} // namespace tintype::ui
