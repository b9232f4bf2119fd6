// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/preflight_check.h"

#include "deploy/control/hash_cache.h"
#include "ui/models/app_document.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"

#include <QCryptographicHash>
#include <QPromise>
#include <set>

namespace tintype::ui {
namespace {

constexpr int kPauseMs = 500;
constexpr std::uint64_t kReadAtOnce = 32U << 20; ///< bytes of unknown files that are hashed for a preflight
constexpr std::string_view kFilePrefix = "file:";

std::set<std::string> foldersOf(const domain::AppDefinition& definition)
{
    std::set<std::string> folders;
    for (const domain::Requirement& requirement : definition.requirements) {
        if (requirement.kind == domain::Requirement::Kind::File)
            folders.insert(requirement.name);
    }
    if (definition.setup.model.starts_with(kFilePrefix))
        folders.insert(definition.setup.model.substr(kFilePrefix.size()));
    return folders;
}

/// Stands for the hash of a file that was not read: no host has it.
std::string standIn(const control::LocalFile& file)
{
    const std::string identity = file.absolute + '\n' + std::to_string(file.size) + '\n' + std::to_string(file.modified);
    return QCryptographicHash::hash(QByteArrayView(identity), QCryptographicHash::Sha256).toHex().toStdString();
}

/// Work for the pool as a future.
template <class Work>
auto inPool(QThreadPool& pool, Work work)
{
    using Value = decltype(work());
    const auto promise = std::make_shared<QPromise<Value>>();
    promise->start();
    const auto future = promise->future();
    pool.start([promise, work] {
        promise->addResult(work());
        promise->finish();
    });
    return future;
}

} // namespace

/// What this machine knows by itself, and what is filled in as answers come.
struct PreflightCheck::Local {
    Preflight preflight;
    domain::AppDefinition definition;
    control::Deployment deployment;
    std::vector<std::string> machineTypes;

    void read(const std::string& text, const std::string& folder, const std::string& cacheFile);
    Result<> readFiles(const std::string& folder, const std::string& cacheFile);
};

void PreflightCheck::Local::read(const std::string& text, const std::string& folder, const std::string& cacheFile)
{
    domain::ParsedDefinition parsed = domain::parseDefinition(text);
    definition = std::move(parsed.definition);
    preflight.problems = std::move(parsed.problems);
    preflight.app = qs(definition.name);
    machineTypes = domain::withChanges({}, definition.scaling).machineTypes;
    deployment.definition = text;
    if (!preflight.problems.empty())
        return;
    if (const auto read = readFiles(folder, cacheFile); !read)
        preflight.error = read.error();
}

Result<> PreflightCheck::Local::readFiles(const std::string& folder, const std::string& cacheFile)
{
    std::map<std::string, control::LocalFile> files;
    for (const std::string& wanted : foldersOf(definition)) {
        TINTYPE_TRY_ASSIGN(const auto found, control::folderFiles(folder, wanted));
        for (const control::LocalFile& file : found)
            files.emplace(file.path, file);
    }
    control::HashCache cache(cacheFile);
    std::uint64_t unknown = 0;
    for (const auto& [path, file] : files)
        unknown += cache.knows(file) ? 0 : file.size;
    for (const auto& [path, file] : files) {
        const bool isRead = cache.knows(file) || unknown <= kReadAtOnce;
        preflight.isExact = preflight.isExact && isRead;
        std::string sha256 = standIn(file);
        if (isRead) {
            TINTYPE_TRY_ASSIGN(sha256, cache.hash(file, [](std::uint64_t) { return true; }));
        }
        deployment.files.push_back({path, std::move(sha256), file.size});
    }
    return {};
}

PreflightCheck::PreflightCheck(const Targets& targets, std::string hashCacheFile, QObject* parent)
    : QObject(parent)
    , m_targets(targets)
    , m_hashCacheFile(std::move(hashCacheFile))
{
    m_pool.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    m_timer.setInterval(kPauseMs);
    connect(&m_timer, &QTimer::timeout, this, &PreflightCheck::check);
}

PreflightCheck::~PreflightCheck()
{
    m_guard.reset();
    m_pool.waitForDone();
}

void PreflightCheck::setDocument(const AppDocument* document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    if (document) {
        connect(document, &AppDocument::textChanged, this, &PreflightCheck::checkSoon);
        connect(document, &AppDocument::pathChanged, this, &PreflightCheck::checkSoon);
    }
    checkSoon();
}

void PreflightCheck::setTarget(Target* target)
{
    if (m_target == target)
        return;
    if (m_target)
        m_target->disconnect(this);
    m_target = target;
    if (target) {
        connect(target, &Target::hostInfoChanged, this, &PreflightCheck::checkSoon);
        connect(target, &Target::connectionChanged, this, &PreflightCheck::checkSoon);
        connect(target, &Target::appsChanged, this, [this] {
            if (live() != m_seen)
                checkSoon();
        });
    }
    checkSoon();
}

/// What of the live app a definition is compared with; counts of requests change all the time.
std::optional<PreflightCheck::Live> PreflightCheck::live() const
{
    const control::AppInfo* const app = m_target && m_document ? m_target->findApp(m_document->parsed().definition.name) : nullptr;
    return app ? std::optional(Live{app->revision, app->scaling, app->auth}) : std::nullopt;
}

void PreflightCheck::checkSoon()
{
    m_guard.reset();
    m_isChecking = m_document != nullptr;
    m_timer.start();
}

void PreflightCheck::check()
{
    m_guard = std::make_unique<QObject>();
    m_seen = live();
    if (!m_document || m_document->isPython()) {
        m_result = {};
        m_isChecking = false;
        Q_EMIT changed();
        return;
    }
    const auto local = std::make_shared<Local>();
    const auto work = [local, text = m_document->text(), folder = m_document->folder().toStdString(), cache = m_hashCacheFile] {
        local->read(text.toStdString(), folder, cache);
        return true;
    };
    inPool(m_pool, work).then(m_guard.get(), [this, local](bool) { onLocal(local); });
}

void PreflightCheck::onLocal(const std::shared_ptr<Local>& local)
{
    const Preflight& known = local->preflight;
    if (!known.problems.empty() || known.error || !m_target || !m_target->isConnected())
        return finish(local);
    askHost(local);
}

void PreflightCheck::askHost(const std::shared_ptr<Local>& local)
{
    m_target->control().check(local->deployment).then(m_guard.get(), [this, local](const Result<control::DeployPlan>& plan) {
        Preflight& preflight = local->preflight;
        if (!plan) {
            preflight.error = plan.error();
            return finish(local);
        }
        preflight.isKnown = true;
        preflight.isNew = plan->isNew;
        preflight.bytesMissing = plan->bytesMissing;
        preflight.weightBytes = plan->weightBytes;
        preflight.memoryBytes = plan->memoryBytes;
        preflight.warnings = plan->warnings;
        askRevision(local);
    });
}

void PreflightCheck::askRevision(const std::shared_ptr<Local>& local)
{
    const control::AppInfo* const app = m_target ? m_target->findApp(local->definition.name) : nullptr;
    if (!app || app->revision.empty())
        return finish(local);
    if (const auto known = m_definitions.find(app->revision); known != m_definitions.end())
        return compareWith(local, known->second);
    m_target->control().revision(app->name, app->revision).then(m_guard.get(),
        [this, local, id = app->revision](const Result<control::RevisionDetail>& detail) {
            if (detail)
                m_definitions[id] = detail->definition;
            compareWith(local, detail ? detail->definition : std::string());
        });
}

void PreflightCheck::compareWith(const std::shared_ptr<Local>& local, const std::string& definition)
{
    const control::AppInfo* const app = m_target ? m_target->findApp(local->definition.name) : nullptr;
    if (!app)
        return finish(local);
    const auto work = [local, definition, live = *app] {
        const domain::ParsedDefinition parsed = domain::parseDefinition(definition);
        local->preflight.differences = differences(local->definition, parsed.problems.empty() ? &parsed.definition : nullptr, &live);
        return true;
    };
    inPool(m_pool, work).then(m_guard.get(), [this, local](bool) { finish(local); });
}

void PreflightCheck::finish(const std::shared_ptr<Local>& local)
{
    m_result = std::move(local->preflight);
    m_result.target = m_target ? m_target->name() : QString();
    const auto add = [&](const Target* target) {
        if (target && target->hostInfo() && m_result.problems.empty())
            m_result.fits.push_back(fitOn(target->name(), *target->hostInfo(), local->machineTypes, m_result.memoryBytes));
    };
    add(m_target);
    for (const auto& target : m_targets.all()) {
        if (target.get() != m_target)
            add(target.get());
    }
    m_isChecking = false;
    Q_EMIT changed();
}

} // namespace tintype::ui
