// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/schema.h"

namespace tintype::store {

const std::vector<std::string>& schemaMigrations()
{
    // Times are milliseconds since 1970 (UTC), durations seconds.
    static const std::vector<std::string> kMigrations{
        R"sql(
CREATE TABLE apps (
    name TEXT PRIMARY KEY, auth TEXT NOT NULL, revision TEXT NOT NULL, scaling TEXT NOT NULL, paused INTEGER NOT NULL,
    ephemeral INTEGER NOT NULL, created INTEGER NOT NULL, updated INTEGER NOT NULL) STRICT;
CREATE TABLE revisions (
    app TEXT NOT NULL, id TEXT NOT NULL, number INTEGER NOT NULL, hash TEXT NOT NULL, definition TEXT NOT NULL,
    files TEXT NOT NULL, commits TEXT NOT NULL, message TEXT NOT NULL, annotations TEXT NOT NULL, author TEXT NOT NULL,
    created INTEGER NOT NULL, PRIMARY KEY (app, id)) STRICT;
CREATE TABLE events (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, category TEXT NOT NULL, app TEXT NOT NULL, actor TEXT NOT NULL,
    text TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL) STRICT;
CREATE INDEX events_by_app ON events (app, id);

CREATE TABLE requests (
    id TEXT PRIMARY KEY, app TEXT NOT NULL, endpoint TEXT NOT NULL, via INTEGER NOT NULL, priority INTEGER NOT NULL,
    input TEXT NOT NULL, submitted INTEGER NOT NULL, deadline INTEGER, hint TEXT NOT NULL, webhook TEXT NOT NULL,
    key TEXT NOT NULL, base TEXT NOT NULL, no_retry INTEGER NOT NULL, retries TEXT NOT NULL, store_io INTEGER NOT NULL,
    lifetime INTEGER, attempts INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
CREATE TABLE records (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, app TEXT NOT NULL, endpoint TEXT NOT NULL, via INTEGER NOT NULL,
    priority INTEGER NOT NULL, input TEXT NOT NULL, submitted INTEGER NOT NULL, webhook TEXT NOT NULL, key TEXT NOT NULL,
    store_io INTEGER NOT NULL, revision TEXT NOT NULL, replica TEXT NOT NULL, outcome INTEGER NOT NULL,
    status INTEGER NOT NULL, error_type TEXT NOT NULL, error TEXT NOT NULL, output TEXT NOT NULL, attempts INTEGER NOT NULL,
    cold INTEGER NOT NULL, started INTEGER NOT NULL, finished INTEGER NOT NULL, queue REAL NOT NULL, setup REAL NOT NULL,
    text REAL NOT NULL, denoise REAL NOT NULL, decode REAL NOT NULL, encode REAL NOT NULL, worker REAL NOT NULL,
    total REAL NOT NULL, steps TEXT NOT NULL) STRICT;
CREATE INDEX records_for_analytics ON records
    (app, finished, endpoint, outcome, status, total, queue, setup, worker); -- never touches input and output
CREATE INDEX records_by_app ON records (app); -- with the number, so in order of time
CREATE INDEX records_by_time ON records (finished);
CREATE INDEX records_by_duration ON records (total);
CREATE INDEX records_to_forget ON records (finished) WHERE store_io = 0 AND output <> '';

CREATE TABLE keys (
    id TEXT PRIMARY KEY, hash BLOB NOT NULL, scope TEXT NOT NULL, description TEXT NOT NULL,
    created INTEGER NOT NULL) STRICT;
CREATE TABLE secrets (name TEXT PRIMARY KEY, sealed BLOB NOT NULL, created INTEGER NOT NULL) STRICT;
CREATE TABLE files (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL, created INTEGER NOT NULL,
    expires INTEGER, key TEXT NOT NULL, acl TEXT NOT NULL) STRICT;
CREATE INDEX files_by_expiry ON files (expires) WHERE expires IS NOT NULL;
CREATE TABLE logs (
    id INTEGER PRIMARY KEY, time INTEGER NOT NULL, level INTEGER NOT NULL, app TEXT NOT NULL, revision TEXT NOT NULL,
    replica TEXT NOT NULL, request TEXT NOT NULL, source TEXT NOT NULL, text TEXT NOT NULL) STRICT;
CREATE INDEX logs_by_app ON logs (app, id);
CREATE INDEX logs_by_time ON logs (time);
CREATE INDEX logs_by_request ON logs (request) WHERE request <> '';
CREATE TABLE webhooks (
    request TEXT PRIMARY KEY, url TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, attempts INTEGER NOT NULL,
    due INTEGER NOT NULL) STRICT;
)sql",
        R"sql(
DROP INDEX records_for_analytics;
DROP INDEX records_by_time;
CREATE INDEX records_by_time ON records
    (finished, app, endpoint, outcome, status, total, queue, setup, worker, submitted, started, cold); -- all that analytics read
CREATE INDEX records_of_failures ON records
    (finished, app, endpoint, outcome, status, error_type, error) WHERE outcome IN (1, 2); -- those of user_error and error
CREATE INDEX records_by_app_and_duration ON records (app, total);
CREATE TABLE replica_states (
    replica TEXT NOT NULL, app TEXT NOT NULL, state INTEGER NOT NULL, begun INTEGER NOT NULL, ended INTEGER) STRICT;
CREATE UNIQUE INDEX replica_states_now ON replica_states (replica) WHERE ended IS NULL;
CREATE INDEX replica_states_by_end ON replica_states (ended);
CREATE INDEX events_of_deployments ON events (time) WHERE category = 'deployment';
)sql",
    };
    return kMigrations;
}

} // namespace tintype::store
