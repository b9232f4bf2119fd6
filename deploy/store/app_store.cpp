// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/app_store.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::store {
namespace {

using nlohmann::json;

json parsed(const std::string& text)
{
    json value = json::parse(text, nullptr, /*allow_exceptions=*/false);
    return value.is_discarded() ? json::object() : value;
}

/// Never throws: text that is not UTF-8 is mended.
std::string jsonText(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

std::map<std::string, std::string> textMap(const std::string& text)
{
    std::map<std::string, std::string> map;
    const json value = parsed(text);
    if (value.is_object()) {
        for (const auto& [name, entry] : value.items())
            map[name] = entry.is_string() ? entry.get<std::string>() : jsonText(entry);
    }
    return map;
}

std::string filesJson(const std::vector<StoredFile>& files)
{
    json list = json::array();
    for (const StoredFile& file : files)
        list.push_back({{"path", file.path}, {"sha256", file.sha256}, {"size", file.size}});
    return jsonText(list);
}

/// Nothing if it is not a list of files.
std::optional<std::vector<StoredFile>> filesFromJson(const std::string& text)
{
    const json list = parsed(text);
    if (!list.is_array())
        return std::nullopt;
    std::vector<StoredFile> files;
    for (const json& entry : list) {
        const auto field = [&entry](const char* name) { return entry.is_object() ? entry.value(name, json()) : json(); };
        const json path = field("path");
        const json hash = field("sha256");
        const json size = field("size");
        if (!path.is_string() || !hash.is_string() || !size.is_number_unsigned())
            return std::nullopt;
        files.push_back({path.get<std::string>(), hash.get<std::string>(), size.get<std::uint64_t>()});
    }
    return files;
}

constexpr const char* kRevisionColumns
    = "SELECT app, id, number, hash, definition, files, commits, message, annotations, author, created FROM revisions ";

Result<StoredRevision> readRevision(const Statement& row)
{
    auto files = filesFromJson(row.text(5));
    if (!files)
        return fail(ErrorCode::Corrupt,
            fmt::format("revision {} of {}: its list of files is damaged; deploy it again", row.integer(2), row.text(0)));
    return StoredRevision{.app = row.text(0), .id = row.text(1), .number = static_cast<int>(row.integer(2)), .hash = row.text(3),
        .definition = row.text(4), .files = *std::move(files), .commits = textMap(row.text(6)),
        .message = row.text(7), .annotations = textMap(row.text(8)), .author = row.text(9),
        .created = fromMilliseconds(row.integer(10))};
}

Result<std::vector<StoredRevision>> readRevisions(Statement& select)
{
    std::vector<StoredRevision> revisions;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return revisions;
        TINTYPE_TRY_ASSIGN(StoredRevision revision, readRevision(select));
        revisions.push_back(std::move(revision));
    }
}

/// The numbers of a Scaling by their names in app.yaml.
template <class Scaling, class Visitor>
void visitNumbers(Scaling& scaling, Visitor visit)
{
    visit("min_concurrency", scaling.minConcurrency);
    visit("max_concurrency", scaling.maxConcurrency);
    visit("concurrency_buffer", scaling.concurrencyBuffer);
    visit("concurrency_buffer_perc", scaling.concurrencyBufferPerc);
    visit("max_multiplexing", scaling.maxMultiplexing);
    visit("scaling_delay", scaling.scalingDelay);
    visit("keep_alive", scaling.keepAlive);
    visit("request_timeout", scaling.requestTimeout);
    visit("startup_timeout", scaling.startupTimeout);
    visit("termination_grace_period_seconds", scaling.terminationGrace);
}

std::int64_t toNumber(int value) { return value; }
std::int64_t toNumber(std::chrono::seconds value) { return value.count(); }
void assign(int& target, std::int64_t value) { target = static_cast<int>(value); }
void assign(std::chrono::seconds& target, std::int64_t value) { target = std::chrono::seconds(value); }

} // namespace

std::string scalingJson(const domain::Scaling& scaling)
{
    json fields = json::object();
    visitNumbers(scaling, [&fields](const char* name, const auto& value) { fields[name] = toNumber(value); });
    fields["machine_types"] = scaling.machineTypes;
    fields["regions"] = scaling.regions;
    return jsonText(fields);
}

domain::Scaling scalingFromJson(const std::string& text)
{
    const json fields = parsed(text);
    domain::Scaling scaling;
    if (!fields.is_object())
        return scaling;
    visitNumbers(scaling, [&fields](const char* name, auto& value) {
        if (const auto found = fields.find(name); found != fields.end() && found->is_number_integer())
            assign(value, found->get<std::int64_t>());
    });
    const auto readList = [&fields](const char* name, std::vector<std::string>& list) {
        const auto found = fields.find(name);
        if (found == fields.end() || !found->is_array())
            return;
        list.clear();
        for (const json& entry : *found)
            list.push_back(entry.is_string() ? entry.get<std::string>() : jsonText(entry));
    };
    readList("machine_types", scaling.machineTypes);
    readList("regions", scaling.regions);
    return scaling;
}

Result<> saveApp(Database& database, const StoredApp& app)
{
    TINTYPE_TRY_ASSIGN(Statement save,
        database.prepare("INSERT OR REPLACE INTO apps (name, auth, revision, scaling, paused, ephemeral, created, updated) "
                         "VALUES (?,?,?,?,?,?,?,?)"));
    save.bind(app.name).bind(domain::authModeName(app.auth)).bind(app.revision).bind(scalingJson(app.scaling));
    save.bind(app.paused).bind(app.ephemeral).bind(toMilliseconds(app.created)).bind(toMilliseconds(app.updated));
    return save.run();
}

Result<> deleteApp(Database& database, const std::string& name)
{
    for (const char* sql : {"DELETE FROM apps WHERE name = ?", "DELETE FROM revisions WHERE app = ?"}) {
        TINTYPE_TRY_ASSIGN(Statement remove, database.prepare(sql));
        TINTYPE_TRY(remove.bind(name).run());
    }
    return {};
}

Result<std::vector<StoredApp>> loadApps(Database& database)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT name, auth, revision, scaling, paused, ephemeral, created, updated FROM apps ORDER BY name"));
    std::vector<StoredApp> apps;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return apps;
        apps.push_back({.name = select.text(0),
            .auth = domain::authModeFromName(select.text(1)).value_or(domain::AuthMode::Private), .revision = select.text(2),
            .scaling = scalingFromJson(select.text(3)), .paused = select.integer(4) != 0, .ephemeral = select.integer(5) != 0,
            .created = fromMilliseconds(select.integer(6)), .updated = fromMilliseconds(select.integer(7))});
    }
}

Result<int> insertRevision(Database& database, const StoredRevision& revision)
{
    TINTYPE_TRY_ASSIGN(Statement latest, database.prepare("SELECT coalesce(max(number), 0) FROM revisions WHERE app = ?"));
    TINTYPE_TRY(latest.bind(revision.app).step());
    const int number = static_cast<int>(latest.integer(0)) + 1;
    TINTYPE_TRY_ASSIGN(Statement insert,
        database.prepare("INSERT INTO revisions (app, id, number, hash, definition, files, commits, message, annotations, "
                         "author, created) VALUES (?,?,?,?,?,?,?,?,?,?,?)"));
    insert.bind(revision.app).bind(revision.id).bind(number).bind(revision.hash).bind(revision.definition);
    insert.bind(filesJson(revision.files)).bind(jsonText(revision.commits)).bind(revision.message);
    insert.bind(jsonText(revision.annotations)).bind(revision.author).bind(toMilliseconds(revision.created));
    TINTYPE_TRY(insert.run());
    return number;
}

Result<std::vector<StoredRevision>> revisionsOf(Database& database, const std::string& app)
{
    TINTYPE_TRY_ASSIGN(
        Statement select, database.prepare(std::string(kRevisionColumns) + "WHERE app = ? ORDER BY number DESC"));
    select.bind(app);
    return readRevisions(select);
}

Result<std::vector<StoredRevision>> allRevisions(Database& database)
{
    TINTYPE_TRY_ASSIGN(
        Statement select, database.prepare(std::string(kRevisionColumns) + "ORDER BY app, number DESC"));
    return readRevisions(select);
}

Result<std::optional<StoredRevision>> findRevision(Database& database, const std::string& app, const std::string& id)
{
    TINTYPE_TRY_ASSIGN(Statement select, database.prepare(std::string(kRevisionColumns) + "WHERE app = ? AND id = ?"));
    TINTYPE_TRY_ASSIGN(const bool hasRow, select.bind(app).bind(id).step());
    if (!hasRow)
        return std::nullopt;
    return readRevision(select);
}

Result<std::vector<std::string>> referencedBlobs(Database& database)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT DISTINCT json_extract(file.value, '$.sha256') FROM revisions, json_each(revisions.files) AS file"));
    std::vector<std::string> blobs;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return blobs;
        blobs.push_back(select.text(0));
    }
}

Result<> insertEvent(Database& database, const StoredEvent& event)
{
    TINTYPE_TRY_ASSIGN(Statement insert,
        database.prepare("INSERT INTO events (time, category, app, actor, text, before, after) VALUES (?,?,?,?,?,?,?)"));
    insert.bind(toMilliseconds(event.time)).bind(event.category).bind(event.app).bind(event.actor).bind(event.text);
    return insert.bind(event.before).bind(event.after).run();
}

Result<std::vector<StoredEvent>> eventsOf(Database& database, const std::string& app, std::int64_t beforeId, int limit)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT id, time, category, app, actor, text, before, after FROM events "
                         "WHERE app = ? AND (? = 0 OR id < ?) ORDER BY id DESC LIMIT ?"));
    select.bind(app).bind(beforeId).bind(beforeId).bind(limit);
    std::vector<StoredEvent> events;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return events;
        events.push_back({.id = select.integer(0), .time = fromMilliseconds(select.integer(1)), .category = select.text(2),
            .app = select.text(3), .actor = select.text(4), .text = select.text(5), .before = select.text(6),
            .after = select.text(7)});
    }
}

Result<std::vector<DeploymentMark>> deploymentsBetween(
    Database& database, const std::string& app, TimePoint since, TimePoint until, int limit)
{
    TINTYPE_TRY_ASSIGN(Statement select,
        database.prepare("SELECT events.time, events.app, events.after, coalesce(revisions.number, 0),"
                         " coalesce(revisions.message, '') FROM events"
                         " LEFT JOIN revisions ON revisions.app = events.app AND revisions.id = events.after"
                         " WHERE category = 'deployment' AND time >= ? AND time < ? AND after <> '' AND (? = '' OR events.app = ?)"
                         " ORDER BY time DESC LIMIT ?"));
    select.bind(toMilliseconds(since)).bind(toMilliseconds(until)).bind(app).bind(app).bind(limit);
    std::vector<DeploymentMark> marks;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            break;
        marks.push_back({fromMilliseconds(select.integer(0)), select.text(1), select.text(2),
            static_cast<int>(select.integer(3)), select.text(4)});
    }
    std::ranges::reverse(marks);
    return marks;
}

} // namespace tintype::store
