// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/requests.h"

#include "deploy/runtime/apps.h"
#include "deploy/runtime/result_output.h"
#include "deploy/store/request_store.h"
#include "deploy/store/stores.h"

#include <QRandomGenerator>
#include <array>
#include <fmt/format.h>
#include <memory>
#include <tuple>
#include <utility>

namespace tintype::runtime {
namespace {

using domain::Outcome;
using domain::Record;
using domain::Via;

constexpr std::chrono::hours kFileLifetime{24 * 30};

Outcome outcomeOf(const domain::Failure& failure)
{
    switch (failure.kind) {
    case domain::FailureKind::User: return Outcome::UserError;
    case domain::FailureKind::Cancelled: return Outcome::Cancelled;
    case domain::FailureKind::ServerError:
    case domain::FailureKind::Timeout:
    case domain::FailureKind::ConnectionError:
    case domain::FailureKind::OutOfMemory:
    case domain::FailureKind::StartDeadline:
    case domain::FailureKind::Startup: return Outcome::Error;
    }
    return Outcome::Error;
}

Record recordOf(const LiveRequest& live)
{
    Record record;
    record.request = live.request;
    record.revision = live.revision;
    record.replica = live.replica;
    record.attempts = live.attempts;
    record.cold = live.cold;
    record.finishedAt = wallClockNow();
    record.startedAt = live.attempts > 0 ? live.startedAt : record.finishedAt;
    if (live.attempts > 0) {
        const WaitingTimes waited = waitingTimes(live);
        record.queueSeconds = waited.queue;
        record.setupSeconds = waited.setup;
    }
    return record;
}

} // namespace

Requests::Requests(Apps& apps, store::Stores& stores, QObject* parent)
    : QObject(parent)
    , m_apps(apps)
    , m_stores(stores)
{
    connect(&m_apps, &Apps::added, this, &Requests::connectApp);
}

Requests::~Requests() = default;

/// Version 7 (RFC 9562): the time first, so that indices grow at their end, then 74 random bits.
std::string Requests::newId()
{
    const auto milliseconds = static_cast<std::uint64_t>(toMilliseconds(wallClockNow()));
    std::array<std::uint64_t, 2> random;
    QRandomGenerator::system()->generate(random.begin(), random.end());
    return fmt::format("{:08x}-{:04x}-7{:03x}-{:04x}-{:012x}", milliseconds >> 16, milliseconds & 0xffff, random[0] & 0xfff,
        0x8000 | (random[0] >> 12 & 0x3fff), random[1] >> 16);
}

void Requests::connectApp(AppRuntime& app)
{
    connect(&app, &AppRuntime::requestStarted, this, [this](const LiveRequest& live) {
        if (live.request.via == Via::Queue) // the others get one attempt, whatever happens
            m_stores.writer().write([id = live.request.id](store::Database& database) { return store::countAttempt(database, id); });
        Q_EMIT started(live);
    });
    connect(&app, &AppRuntime::requestRequeued, this, &Requests::requeued);
    connect(&app, &AppRuntime::requestProgressed, this, &Requests::progressed);
    connect(&app, &AppRuntime::requestSucceeded, this, &Requests::onSucceeded);
    connect(&app, &AppRuntime::requestFailed, this, &Requests::onFailed);
}

Result<> Requests::restore()
{
    TINTYPE_TRY(restoreCalls());
    TINTYPE_TRY_ASSIGN(auto unfinished, store::unfinishedRequests(m_stores.reader()));
    for (store::UnfinishedRequest& entry : unfinished) {
        LiveRequest live;
        live.request = std::move(entry.request);
        live.attempts = entry.attempts;
        live.startedAt = live.request.submittedAt;
        if (live.request.via != Via::Queue || entry.attempts >= domain::kMaxAttempts) {
            failForStop(live);
            continue;
        }
        m_appOf[live.request.id] = live.request.app;
        place(std::move(live));
    }
    return {};
}

Result<> Requests::restoreCalls()
{
    store::CallJournal& calls = m_stores.calls();
    for (const domain::Request& request : calls.leftOver()) {
        TINTYPE_TRY_ASSIGN(const auto record, store::findRecord(m_stores.reader(), request.id));
        if (record) {
            calls.end(request.id);
            continue;
        }
        LiveRequest live;
        live.request = request;
        live.attempts = 1;
        live.startedAt = request.submittedAt;
        failForStop(live);
    }
    calls.forgetLeftOver();
    std::ignore = calls.tidy(); // if it cannot be written now it is tried again
    return {};
}

void Requests::failForStop(const LiveRequest& live)
{
    onFailed(live, {domain::FailureKind::ConnectionError, 503, "runner_disconnected", false},
        {ErrorCode::Unavailable, "the host stopped before the request was done", {}});
}

void Requests::submit(domain::Request request, std::optional<int> maxQueueLength, AcceptedCallback accepted)
{
    AppRuntime* app = m_apps.runtime(request.app);
    if (!app || !app->revision())
        return accepted(fail(ErrorCode::NotFound, fmt::format("app {}: not found on this host", request.app)));
    if (m_closed)
        return accepted(fail(ErrorCode::Unavailable, "the host is stopping and takes no new requests"));
    if (!app->revision()->endpoint(request.endpoint))
        return accepted(fail(ErrorCode::NotFound, fmt::format("Path {} not found", request.endpoint)));
    if (request.id.empty())
        request.id = newId();
    else if (const auto known = request.via == Via::Queue ? findSame(request) : std::nullopt)
        return accepted(*known);
    if (maxQueueLength && app->queueSize() >= *maxQueueLength)
        return accepted(fail(ErrorCode::QuotaExceeded,
            fmt::format("{} requests wait already; the call allows {} (fal_max_queue_length)", app->queueSize(), *maxQueueLength)));
    m_appOf[request.id] = request.app;
    if (request.via == Via::Queue)
        acceptQueued(std::move(request), std::move(accepted));
    else
        acceptCall(std::move(request), accepted);
}

std::optional<Result<Accepted>> Requests::findSame(const domain::Request& request) const
{
    const auto known = view(request.id);
    if (!known) {
        return m_appOf.contains(request.id)
            ? std::optional<Result<Accepted>>(Accepted{.id = request.id, .position = 0}) // on its way into the store
            : std::nullopt;
    }
    const domain::Request& first = known->live ? known->live->request : known->record->request;
    if (first.app == request.app && first.endpoint == request.endpoint && first.input == request.input)
        return Accepted{.id = request.id, .position = known->position};
    return fail(ErrorCode::Conflict, fmt::format("request {} exists already, with another input", request.id));
}

void Requests::acceptQueued(domain::Request request, AcceptedCallback accepted)
{
    const auto shared = std::make_shared<domain::Request>(std::move(request));
    m_stores.writer().write(
        [shared](store::Database& database) { return store::insertRequest(database, *shared); },
        [this, shared, accepted = std::move(accepted)](const Result<>& outcome) {
            if (!outcome) {
                m_appOf.erase(shared->id);
                return accepted(tl::unexpected(outcome.error()));
            }
            const AppRuntime* app = m_apps.runtime(shared->app);
            accepted(Accepted{.id = shared->id, .position = app ? app->queueSize() : 0});
            enter(std::move(*shared));
        });
}

void Requests::acceptCall(domain::Request request, const AcceptedCallback& accepted)
{
    if (const auto kept = m_stores.calls().begin(request); !kept) // it runs all the same: its caller is there
        Q_EMIT failedToKeep(request, kept.error());
    accepted(Accepted{.id = request.id, .position = 0});
    enter(std::move(request));
}

void Requests::enter(domain::Request request)
{
    LiveRequest live;
    live.request = std::move(request);
    Q_EMIT accepted(live.request);
    place(std::move(live));
}

void Requests::place(LiveRequest live)
{
    AppRuntime* app = m_apps.runtime(live.request.app);
    const domain::EndpointSchema* endpoint = app && app->revision() ? app->revision()->endpoint(live.request.endpoint) : nullptr;
    if (!endpoint)
        return onFailed(live, {domain::FailureKind::User, 404, "bad_request", false},
            {ErrorCode::NotFound, fmt::format("app {}: it has no endpoint {} any more", live.request.app, live.request.endpoint), {}});
    auto input = endpoint->parse(live.request.input);
    if (!input) {
        Record record = recordOf(live);
        record.outcome = Outcome::UserError;
        record.status = 422;
        record.error = fmt::format("the input is not valid: {}", input.error().front().msg);
        record.output = domain::validationErrorBody(input.error());
        return finish(std::move(record), {});
    }
    live.call = std::move(input->call);
    live.syncMode = input->syncMode || live.request.via == Via::Realtime;
    live.call.previews = live.request.via == Via::Stream;
    app->enqueue(std::move(live));
}

bool Requests::cancel(const std::string& id, CancelCause cause)
{
    const auto found = m_appOf.find(id);
    AppRuntime* app = found == m_appOf.end() ? nullptr : m_apps.runtime(found->second);
    return app && app->cancel(id, cause);
}

void Requests::onSucceeded(const LiveRequest& live, const GenerateResult& result)
{
    Record record = recordOf(live);
    record.timings = result.timings;
    std::vector<std::string> urls;
    Pictures pictures;
    for (const EncodedImage& image : result.images) {
        if (live.syncMode) {
            urls.push_back(dataUri(image));
            continue;
        }
        store::ServedFile file;
        file.id = store::randomName();
        file.name = fmt::format("{}-{}.{}", live.request.id, urls.size() + 1, fileExtension(image.contentType));
        file.contentType = image.contentType;
        file.size = image.bytes.size();
        file.created = record.finishedAt;
        file.expires = record.finishedAt + live.request.fileLifetime.value_or(kFileLifetime);
        file.keyId = live.request.keyId;
        urls.push_back(fileUrl(live.request.publicBase, file.id, file.name));
        pictures.emplace_back(std::move(file), image.bytes);
    }
    record.output = outputJson(live, result, urls, record.finishedAt);
    finish(std::move(record), std::move(pictures));
}

void Requests::onFailed(const LiveRequest& live, const domain::Failure& failure, const Error& error)
{
    Record record = recordOf(live);
    record.outcome = outcomeOf(failure);
    record.status = failure.status;
    record.errorType = failure.errorType;
    record.error = error.message;
    record.output = failureJson(error, failure.errorType);
    finish(std::move(record), {});
}

void Requests::finish(Record record, Pictures pictures)
{
    const std::string id = record.request.id;
    const auto shared = std::make_shared<const Record>(std::move(record));
    m_finishing[id] = shared;
    m_appOf.erase(id);
    const auto kept = [this, shared](const Result<>& outcome) {
        if (outcome)
            m_stores.calls().end(shared->request.id);
        else
            Q_EMIT failedToKeep(shared->request, outcome.error()); // the next run of the host finds its line, or its row
        Q_EMIT finished(*shared);
        m_finishing.erase(shared->request.id);
    };
    if (pictures.empty() && m_stores.calls().has(id))
        m_stores.writer().writeStatement([shared](store::Database& database) { return store::insertRecord(database, *shared); }, kept);
    else
        m_stores.writer().write(
            [shared, pictures = std::make_shared<const Pictures>(std::move(pictures)), files = &m_stores.files()](
                store::Database& database) -> Result<> {
                for (const auto& [file, bytes] : *pictures)
                    TINTYPE_TRY(files->put(database, file, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}));
                return store::finishRequest(database, *shared);
            },
            kept);
}

std::optional<RequestView> Requests::view(const std::string& id) const
{
    RequestView view;
    if (const auto found = m_appOf.find(id); found != m_appOf.end()) {
        const AppRuntime* app = m_apps.runtime(found->second);
        const LiveRequest* live = app ? app->request(id) : nullptr;
        if (!live)
            return std::nullopt;
        view.state = live->state;
        view.live = *live;
        view.position = app->position(id);
        view.reason = app->waitingReason(id);
        view.etaSeconds = app->etaSeconds(id);
        return view;
    }
    view.state = domain::RequestState::Done;
    if (const auto found = m_finishing.find(id); found != m_finishing.end()) {
        view.record = *found->second;
        return view;
    }
    auto record = store::findRecord(m_stores.reader(), id);
    if (!record || !*record)
        return std::nullopt;
    view.record = std::move(**record);
    return view;
}

} // namespace tintype::runtime
