// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

struct sqlite3;
struct sqlite3_stmt;

namespace tintype::store {

/// One prepared statement, borrowed from its database until it goes out of scope; parameters and columns count from 1
/// and 0 as in SQLite. An error of a bind shows at the next step.
class Statement {
public:
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement(); ///< resets it for its next use

    Statement& bind(std::int64_t value);
    Statement& bind(double value);
    Statement& bind(std::string_view text);
    Statement& bind(const char* text) { return bind(std::string_view(text)); }
    Statement& bind(bool value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bind(int value) { return bind(static_cast<std::int64_t>(value)); }
    Statement& bindView(std::string_view text); ///< not copied: it must live until the statement has run
    Statement& bindBlob(std::string_view bytes);
    Statement& bindNull();

    /// @return whether there is a row
    Result<bool> step();
    Result<> run(); ///< steps to the end

    std::int64_t integer(int column) const;
    double number(int column) const;
    std::string text(int column) const; ///< empty for NULL
    bool isNull(int column) const;

private:
    friend class Database;
    Statement(sqlite3* database, sqlite3_stmt* statement, bool isOwned);
    std::string file() const; ///< of the database: for errors

    sqlite3* m_database;
    sqlite3_stmt* m_statement;
    bool m_isOwned;     ///< not kept by the database
    int m_next = 0;
    int m_bindError = 0;
};

/// One connection to a SQLite file. Not for use from two threads.
class Database {
public:
    enum class Mode { ReadWrite, ReadOnly };

    /// Opens or creates it in WAL mode and brings its schema up to date.
    /// @error Corrupt: not a database, or damaged · Unsupported: written by a newer version · Io
    static Result<Database> open(const std::string& file, Mode mode);

    Database(Database&& other) noexcept;
    Database& operator=(Database&&) = delete;
    ~Database();

    /// The statement of this text; the first few hundred texts are compiled once, so values belong into parameters.
    Result<Statement> prepare(std::string_view sql);
    Result<> execute(const std::string& sql); ///< an error ends the transaction around it
    int changes() const;                      ///< rows that the last statement changed

    /// SQLite ends a transaction by itself when the disk is full or fails.
    bool isInTransaction() const;

private:
    Database(sqlite3* handle, std::string file);
    Result<> configure(Mode mode);
    Result<> migrate();

    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
    };

    sqlite3* m_handle;
    std::string m_file;
    std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> m_statements;
};

} // namespace tintype::store
