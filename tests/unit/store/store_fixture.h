// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/record.h"
#include "deploy/store/database.h"
#include "tests/unit/domain/std_string.h"

#include <QTemporaryDir>
#include <QTest>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

namespace tintype::store {

/// A folder of its own for every test.
class TestFolder {
public:
    std::filesystem::path operator/(const std::string& name) const { return m_folder.path().toStdString() + "/" + name; }
    std::string path() const { return m_folder.path().toStdString(); }

private:
    QTemporaryDir m_folder;
};

inline Database openDatabase(const std::string& file, Database::Mode mode = Database::Mode::ReadWrite)
{
    auto database = Database::open(file, mode);
    if (!database)
        qFatal("%s", database.error().message.c_str());
    return *std::move(database);
}

inline void writeFile(const std::filesystem::path& file, const std::string& content)
{
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
}

inline std::string readFile(const std::filesystem::path& file)
{
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

inline std::int64_t countOf(Database& database, const std::string& sql)
{
    auto statement = database.prepare(sql);
    return statement && statement->step().value_or(false) ? statement->integer(0) : -1;
}

/// A filter with one more condition.
template <class Filter, class Field, class Value>
Filter with(Field Filter::*field, Value value, Filter filter = {})
{
    filter.*field = std::move(value);
    return filter;
}

/// A request in which every field says something.
inline domain::Request fullRequest(const std::string& id)
{
    domain::Request request;
    request.id = id;
    request.app = "shapes";
    request.endpoint = "/edit";
    request.via = domain::Via::Queue;
    request.priority = domain::Priority::Low;
    request.input = std::string("{\"prompt\": \"caf\xC3\xA9 \xF0\x9F\x98\x80\"}  \n") + '\0' + "end";
    request.submittedAt = fromMilliseconds(1'700'000'000'123);
    request.startDeadline = fromMilliseconds(1'700'000'060'000);
    request.hint = "hint";
    request.webhook = "https://example.org/hook";
    request.keyId = "0123456789abcdef";
    request.publicBase = "http://127.0.0.1:7870";
    request.noRetry = true;
    request.retries = {{"server_error", 0}, {"timeout", 3}};
    request.fileLifetime = std::chrono::seconds(60);
    return request;
}

inline domain::Record recordOf(domain::Request request, std::int64_t finished = 1'700'000'005'123)
{
    domain::Record record;
    record.request = std::move(request);
    record.revision = std::string(40, 'a');
    record.replica = "replica-1";
    record.output = "{\"images\": []}";
    record.attempts = 2;
    record.cold = true;
    record.startedAt = fromMilliseconds(1'700'000'002'000);
    record.finishedAt = fromMilliseconds(finished);
    record.queueSeconds = 0.25;
    record.setupSeconds = 1.5;
    record.timings = {.text = 0.125, .denoise = 2, .steps = {0.5, 0.5, 1}, .decode = 0.0625, .encode = 0.03125, .total = 2.25};
    return record;
}

} // namespace tintype::store
