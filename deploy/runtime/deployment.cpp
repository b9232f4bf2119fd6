// SPDX-License-Identifier: Apache-2.0
// The part of Apps that turns a pushed definition into a revision.
#include "deploy/domain/definition_yaml.h"
#include "deploy/runtime/app_entry.h"
#include "deploy/runtime/memory_estimate.h"
#include "deploy/store/digest.h"
#include "deploy/store/names.h"
#include "deploy/store/stores.h"

#include <QFuture>
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace tintype::runtime {
namespace {

bool isCommit(const std::string& revision)
{
    return revision.size() == 40
        && std::ranges::all_of(revision, [](char digit) { return (digit >= '0' && digit <= '9') || (digit >= 'a' && digit <= 'f'); });
}

std::string filesJson(const std::vector<store::StoredFile>& files)
{
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (const store::StoredFile& file : files)
        list.push_back({{"path", file.path}, {"sha256", file.sha256}, {"size", file.size}});
    return list.dump(2);
}

/// Equal for equal definitions, files and commits.
std::string contentHash(const std::string& canonical, const std::string& files, const std::map<std::string, std::string>& commits)
{
    return store::sha256(canonical + '\n' + files + '\n' + nlohmann::json(commits).dump());
}

Result<> checkFiles(const domain::AppDefinition& definition, const std::vector<store::StoredFile>& files)
{
    for (const store::StoredFile& file : files) {
        TINTYPE_TRY(store::checkRelativePath(file.path, file.path));
        TINTYPE_TRY(store::checkSha256(file.sha256));
    }
    for (const domain::Requirement& requirement : definition.requirements) {
        if (requirement.kind != domain::Requirement::Kind::File)
            continue;
        const bool isThere = std::ranges::any_of(
            files, [&](const store::StoredFile& file) { return file.path.starts_with(requirement.name + "/"); });
        if (!isThere)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: no file of this folder was pushed; is it beside the definition?", requirement.text));
    }
    return {};
}

} // namespace

Result<Apps::Prepared> Apps::check(const DeployRequest& request) const
{
    Prepared prepared;
    TINTYPE_TRY_ASSIGN(prepared.definition, domain::readDefinition(request.definition, "app.yaml"));
    if (const auto unsupported = domain::unsupportedParts(prepared.definition))
        return tl::unexpected(*unsupported);
    if (!request.name.empty())
        prepared.definition.name = request.name;
    const std::string& name = prepared.definition.name;
    TINTYPE_TRY(store::checkName(name, fmt::format("app name \"{}\"", name)));
    TINTYPE_TRY(checkFiles(prepared.definition, request.files));
    std::optional<domain::CurrentSettings> current;
    if (const auto found = m_apps.find(name); found != m_apps.end()) {
        const store::StoredApp& stored = found->second->stored;
        if (stored.ephemeral != request.ephemeral)
            return fail(ErrorCode::Conflict,
                fmt::format("app {} exists on this host and is {}; choose another name", name, stored.ephemeral ? "a temporary one" : "deployed"));
        if (!stored.revision.empty())
            current = domain::CurrentSettings{stored.scaling, stored.auth};
    }
    prepared.settings = domain::effectiveSettings(prepared.definition, current, request.resetScale);
    if (request.auth)
        prepared.settings.auth = *request.auth;
    if (request.ephemeral) // whoever runs an app tries it: the model stays loaded until the run ends
        prepared.settings.scaling.minConcurrency = std::max(1, prepared.settings.scaling.minConcurrency);
    for (const store::StoredFile& file : request.files) {
        if (!m_stores.blobs().keep(file.sha256))
            prepared.missing.push_back(file);
    }
    return prepared;
}

Result<DeployPlan> Apps::plan(const DeployRequest& request) const
{
    TINTYPE_TRY_ASSIGN(const Prepared prepared, check(request));
    DeployPlan plan;
    plan.app = prepared.definition.name;
    const auto current = info(plan.app);
    plan.isNew = !current;
    plan.currentRevision = current ? current->revision : std::string();
    plan.values = prepared.settings.values;
    plan.missing = prepared.missing;
    for (const store::StoredFile& file : plan.missing)
        plan.bytesMissing += file.size;
    for (const store::StoredFile& file : request.files)
        plan.weightBytes += file.path.ends_with(".safetensors") ? file.size : 0;
    plan.memoryBytes = memoryFor(plan.weightBytes);
    for (const std::string& wanted : prepared.settings.scaling.machineTypes) {
        const auto& types = m_environment.machines.types();
        if (std::ranges::any_of(types, [&](const auto& type) { return type.name == wanted || (wanted == "GPU" && type.isGpu); }))
            plan.machineTypes.push_back(wanted);
    }
    if (plan.machineTypes.empty())
        plan.warnings.push_back(fmt::format("this host has no machine of type {}: no replica would start",
            fmt::join(prepared.settings.scaling.machineTypes, " or ")));
    return plan;
}

void Apps::deploy(const DeployRequest& request, DeployCallback done)
{
    auto prepared = check(request);
    if (!prepared)
        return done(tl::unexpected(prepared.error()));
    if (!prepared->missing.empty())
        return done(fail(ErrorCode::Conflict,
            fmt::format("{} of {} files are not on this host yet; the first is {}", prepared->missing.size(), request.files.size(),
                prepared->missing.front().path)));
    pinHubRevisions(request, *std::move(prepared), {}, std::move(done));
}

void Apps::pinHubRevisions(
    DeployRequest request, Prepared prepared, std::map<std::string, std::string> commits, DeployCallback done)
{
    const auto open = std::ranges::find_if(prepared.definition.requirements, [&commits](const domain::Requirement& requirement) {
        return requirement.kind == domain::Requirement::Kind::Hub && !commits.contains(requirement.text);
    });
    if (open == prepared.definition.requirements.end())
        return makeRevision(request, prepared, std::move(commits), std::move(done));
    if (isCommit(open->revision)) {
        commits[open->text] = open->revision;
        return pinHubRevisions(std::move(request), std::move(prepared), std::move(commits), std::move(done));
    }
    const std::string text = open->text;
    m_fetcher.resolveHubRevision(open->name, open->revision)
        .then(this, [this, text, request = std::move(request), prepared = std::move(prepared), commits = std::move(commits),
                        done = std::move(done)](const Result<std::string>& commit) mutable {
            if (!commit)
                return done(tl::unexpected(commit.error()));
            commits[text] = *commit;
            pinHubRevisions(std::move(request), std::move(prepared), std::move(commits), std::move(done));
        });
}

void Apps::makeRevision(const DeployRequest& request, const Prepared& prepared, std::map<std::string, std::string> commits,
    DeployCallback done)
{
    store::StoredRevision revision;
    revision.app = prepared.definition.name;
    revision.definition = domain::canonicalJson(prepared.definition);
    revision.files = request.files;
    std::ranges::sort(revision.files, {}, &store::StoredFile::path);
    revision.commits = std::move(commits);
    revision.message = request.message;
    revision.annotations = request.annotations;
    revision.author = request.actor;
    revision.created = wallClockNow();
    const std::string manifest = filesJson(revision.files);
    revision.hash = contentHash(revision.definition, manifest, revision.commits);

    if (const auto latest = store::revisionsOf(m_stores.reader(), revision.app); latest && !latest->empty()
        && latest->front().hash == revision.hash) { // nothing changed: the same revision
        begin(request, prepared, latest->front());
        return done(DeployReceipt{revision.app, latest->front().id, latest->front().number, /*isNewRevision=*/false});
    }
    auto made = std::make_shared<store::StoredRevision>(std::move(revision));
    const std::map<std::string, std::string> contents{{"app.yaml", request.definition},
        {"canonical.json", made->definition}, {"manifest.json", manifest}, {"commits.json", nlohmann::json(made->commits).dump(2)}};
    m_stores.writer().write(
        [made, contents, repositories = m_stores.revisions()](store::Database& database) -> Result<> {
            TINTYPE_TRY_ASSIGN(made->id,
                repositories.commit(made->app, contents, {made->message, made->author, made->created}));
            TINTYPE_TRY_ASSIGN(made->number, store::insertRevision(database, *made));
            return {};
        },
        [this, made, request, prepared, done](const Result<>& outcome) {
            if (!outcome)
                return done(tl::unexpected(outcome.error()));
            begin(request, prepared, *made);
            done(DeployReceipt{made->app, made->id, made->number, /*isNewRevision=*/true});
        });
}

void Apps::begin(const DeployRequest& request, const Prepared& prepared, const store::StoredRevision& revision)
{
    const auto found = m_apps.find(revision.app);
    App* app = found == m_apps.end() ? nullptr : found->second.get();
    if (!app) {
        store::StoredApp stored;
        stored.name = revision.app;
        stored.auth = prepared.settings.auth;
        stored.scaling = prepared.settings.scaling;
        stored.ephemeral = request.ephemeral;
        stored.created = stored.updated = wallClockNow();
        app = &add(stored);
        save(*app);
    }
    app->actor = request.actor;
    note("deployment", revision.app, request.actor,
        fmt::format("revision {} is rolled out{}{}", revision.number, revision.message.empty() ? "" : ": ", revision.message));
    const bool isUnchanged = app->stored.revision == revision.id && app->stored.scaling == prepared.settings.scaling
        && !app->runtime->isRolling();
    if (!isUnchanged)
        return rollOut(*app, revision, prepared.settings, request.strategy);
    if (app->stored.auth != prepared.settings.auth)
        std::ignore = setAuth(revision.app, prepared.settings.auth, request.actor);
    QMetaObject::invokeMethod(this, [this, name = revision.app, id = revision.id] {
        Q_EMIT rolloutEnded(name, id, std::nullopt);
    }, Qt::QueuedConnection);
}

} // namespace tintype::runtime
