// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/database.h"

#include "deploy/store/schema.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unistd.h>
#include <utility>

namespace tintype::store {
namespace {

constexpr int kBusyMilliseconds = 5000;
constexpr std::size_t kMaxKeptStatements = 300;

Error errorOf(sqlite3* handle, int code, const std::string& file)
{
    const std::string reason = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    switch (code & 0xFF) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return {ErrorCode::Corrupt,
            fmt::format("{}: damaged or not a database ({}); move it away to begin with an empty one", file, reason), {}};
    case SQLITE_FULL: return {ErrorCode::Io, fmt::format("{}: no space left on the disk", file), {}};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return {ErrorCode::Unavailable, fmt::format("{}: another program has it locked", file), {}};
    case SQLITE_CONSTRAINT: return {ErrorCode::Conflict, fmt::format("{}: {}", file, reason), {}};
    case SQLITE_CANTOPEN:
    case SQLITE_IOERR:
    case SQLITE_READONLY:
    case SQLITE_PERM: return {ErrorCode::Io, fmt::format("{}: {}", file, reason), {}};
    default: return {ErrorCode::Internal, fmt::format("{}: {}", file, reason), {}};
    }
}

/// SQLite would make the file, and the log beside it, readable by everybody. One that exists is not touched: closing it
/// here would drop the locks of this process's other connections.
void makePrivate(const std::string& file)
{
    if (const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600); descriptor >= 0)
        ::close(descriptor);
}

} // namespace

Statement::Statement(sqlite3* database, sqlite3_stmt* statement, bool isOwned)
    : m_database(database)
    , m_statement(statement)
    , m_isOwned(isOwned)
{
}

Statement::Statement(Statement&& other) noexcept
    : m_database(other.m_database)
    , m_statement(std::exchange(other.m_statement, nullptr))
    , m_isOwned(other.m_isOwned)
    , m_next(other.m_next)
    , m_bindError(other.m_bindError)
{
}

Statement::~Statement()
{
    if (!m_statement)
        return;
    if (m_isOwned) {
        sqlite3_finalize(m_statement);
        return;
    }
    sqlite3_reset(m_statement);
    sqlite3_clear_bindings(m_statement);
}

std::string Statement::file() const { return sqlite3_db_filename(m_database, "main"); }

Statement& Statement::bind(std::int64_t value)
{
    m_bindError |= sqlite3_bind_int64(m_statement, ++m_next, value);
    return *this;
}

Statement& Statement::bind(double value)
{
    m_bindError |= sqlite3_bind_double(m_statement, ++m_next, value);
    return *this;
}

Statement& Statement::bind(std::string_view text)
{
    const char* bytes = text.data() ? text.data() : "";
    m_bindError |= sqlite3_bind_text64(m_statement, ++m_next, bytes, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindView(std::string_view text)
{
    const char* bytes = text.data() ? text.data() : "";
    m_bindError |= sqlite3_bind_text64(m_statement, ++m_next, bytes, text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement& Statement::bindBlob(std::string_view bytes)
{
    const char* begin = bytes.data() ? bytes.data() : "";
    m_bindError |= sqlite3_bind_blob64(m_statement, ++m_next, begin, bytes.size(), SQLITE_TRANSIENT);
    return *this;
}

Statement& Statement::bindNull()
{
    m_bindError |= sqlite3_bind_null(m_statement, ++m_next);
    return *this;
}

Result<bool> Statement::step()
{
    if (m_bindError != 0)
        return fail(ErrorCode::Internal, fmt::format("{}: a value does not fit its statement", file()));
    const int code = sqlite3_step(m_statement);
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    return tl::unexpected(errorOf(m_database, code, file()));
}

Result<> Statement::run()
{
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, step());
        if (!hasRow)
            return {};
    }
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(m_statement, column); }
double Statement::number(int column) const { return sqlite3_column_double(m_statement, column); }
bool Statement::isNull(int column) const { return sqlite3_column_type(m_statement, column) == SQLITE_NULL; }

std::string Statement::text(int column) const
{
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(m_statement, column));
    const int size = sqlite3_column_bytes(m_statement, column);
    return bytes ? std::string(bytes, static_cast<std::size_t>(size)) : std::string();
}

Database::Database(sqlite3* handle, std::string file)
    : m_handle(handle)
    , m_file(std::move(file))
{
}

Database::Database(Database&& other) noexcept
    : m_handle(std::exchange(other.m_handle, nullptr))
    , m_file(std::move(other.m_file))
    , m_statements(std::move(other.m_statements))
{
    other.m_statements.clear();
}

Database::~Database()
{
    for (const auto& [sql, statement] : m_statements)
        sqlite3_finalize(statement);
    sqlite3_close_v2(m_handle);
}

Result<Database> Database::open(const std::string& file, Mode mode)
{
    // Nobody asks how much memory SQLite uses, and counting takes a lock at every allocation.
    [[maybe_unused]] static const int counting = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (mode == Mode::ReadWrite)
        makePrivate(file);
    sqlite3* handle = nullptr;
    const int flags = mode == Mode::ReadOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    const int code = sqlite3_open_v2(file.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Database database(handle, file);
    if (code != SQLITE_OK)
        return tl::unexpected(errorOf(handle, code, file));
    TINTYPE_TRY(database.configure(mode));
    if (mode == Mode::ReadWrite)
        TINTYPE_TRY(database.migrate());
    return database;
}

Result<> Database::configure(Mode mode)
{
    sqlite3_busy_timeout(m_handle, kBusyMilliseconds);
    if (mode == Mode::ReadOnly)
        return execute("PRAGMA query_only = 1");
    // NORMAL: a commit is safe against a killed program; only a power cut may undo the last ones, never damage the file.
    // A longer log is copied back less often; pages that were written many times meanwhile are copied once.
    TINTYPE_TRY(execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON;"
                        "PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -8000"));
    TINTYPE_TRY_ASSIGN(Statement check, prepare("PRAGMA quick_check(1)"));
    TINTYPE_TRY_ASSIGN(const bool hasRow, check.step());
    if (hasRow && check.text(0) == "ok")
        return {};
    return fail(ErrorCode::Corrupt,
        fmt::format("{}: damaged ({}); move it away to begin with an empty one", m_file, hasRow ? check.text(0) : "no answer"));
}

Result<> Database::migrate()
{
    std::int64_t version = 0;
    {
        TINTYPE_TRY_ASSIGN(Statement statement, prepare("PRAGMA user_version"));
        TINTYPE_TRY(statement.step());
        version = statement.integer(0);
    }
    const auto& migrations = schemaMigrations();
    if (version > std::ssize(migrations))
        return fail(ErrorCode::Unsupported,
            fmt::format("{}: written by a newer Tintype (schema {}, this one knows {}); install that one", m_file, version,
                migrations.size()));
    for (auto next = static_cast<std::size_t>(version); next < migrations.size(); ++next)
        TINTYPE_TRY(execute(fmt::format("BEGIN; {} PRAGMA user_version = {}; COMMIT", migrations[next], next + 1)));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql)
{
    const auto found = m_statements.find(sql);
    if (found != m_statements.end() && sqlite3_stmt_busy(found->second) == 0)
        return Statement(m_handle, found->second, /*isOwned=*/false);
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v3(
        m_handle, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (code != SQLITE_OK)
        return tl::unexpected(errorOf(m_handle, code, m_file));
    const bool isKept = found == m_statements.end() && m_statements.size() < kMaxKeptStatements;
    if (isKept)
        m_statements.emplace(sql, statement);
    return Statement(m_handle, statement, !isKept);
}

Result<> Database::execute(const std::string& sql)
{
    const int code = sqlite3_exec(m_handle, sql.c_str(), nullptr, nullptr, nullptr);
    if (code == SQLITE_OK)
        return {};
    const Error error = errorOf(m_handle, code, m_file);
    if (isInTransaction())
        sqlite3_exec(m_handle, "ROLLBACK", nullptr, nullptr, nullptr);
    return tl::unexpected(error);
}

int Database::changes() const { return sqlite3_changes(m_handle); }

bool Database::isInTransaction() const { return sqlite3_get_autocommit(m_handle) == 0; }

} // namespace tintype::store
