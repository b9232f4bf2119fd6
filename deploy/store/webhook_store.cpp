// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/webhook_store.h"

namespace tintype::store {

Result<> saveWebhook(Database& database, const PendingWebhook& webhook)
{
    TINTYPE_TRY_ASSIGN(Statement save,
        database.prepare("INSERT OR REPLACE INTO webhooks (request, url, key, body, attempts, due) VALUES (?,?,?,?,?,?)"));
    save.bind(webhook.request).bind(webhook.url).bind(webhook.keyId).bind(webhook.body).bind(webhook.attempts);
    return save.bind(toMilliseconds(webhook.due)).run();
}

Result<> deleteWebhook(Database& database, const std::string& request)
{
    TINTYPE_TRY_ASSIGN(Statement remove, database.prepare("DELETE FROM webhooks WHERE request = ?"));
    return remove.bind(request).run();
}

Result<std::vector<PendingWebhook>> pendingWebhooks(Database& database)
{
    TINTYPE_TRY_ASSIGN(
        Statement select, database.prepare("SELECT request, url, key, body, attempts, due FROM webhooks ORDER BY due"));
    std::vector<PendingWebhook> webhooks;
    while (true) {
        TINTYPE_TRY_ASSIGN(const bool hasRow, select.step());
        if (!hasRow)
            return webhooks;
        webhooks.push_back({select.text(0), select.text(1), select.text(2), select.text(3),
            static_cast<int>(select.integer(4)), fromMilliseconds(select.integer(5))});
    }
}

} // namespace tintype::store
