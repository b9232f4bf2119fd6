// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/push.h"

#include "deploy/cli/progress_display.h"
#include "deploy/control/hash_cache.h"
#include "deploy/domain/definition_yaml.h"

#include <fmt/format.h>

namespace tintype::cli {
namespace {

// @source fal 2026-08, cli/deploy.py
constexpr std::size_t kMaxMessage = 2048;
constexpr std::size_t kMaxAnnotations = 32;
constexpr std::size_t kMaxAnnotationKey = 64;
constexpr std::size_t kMaxAnnotationBytes = 16 << 10;

Result<std::map<std::string, std::string>> annotationsOf(const std::vector<std::string>& pairs)
{
    std::map<std::string, std::string> annotations;
    std::size_t bytes = 0;
    for (const std::string& pair : pairs) {
        const auto equals = pair.find('=');
        if (equals == std::string::npos || equals == 0 || equals > kMaxAnnotationKey)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("--annotation {}: is K=V with a name of at most {} letters", pair, kMaxAnnotationKey));
        annotations[pair.substr(0, equals)] = pair.substr(equals + 1);
        bytes += pair.size();
    }
    if (annotations.size() > kMaxAnnotations || bytes > kMaxAnnotationBytes)
        return fail(ErrorCode::InvalidArgument,
            fmt::format("--annotation: at most {} of {} bytes together", kMaxAnnotations, kMaxAnnotationBytes));
    return annotations;
}

void show(ProgressDisplay& display, const control::PushProgress& progress)
{
    const bool isHashing = progress.stage == control::PushProgress::Stage::Hashing;
    display.showTransfer({isHashing ? "reading" : "uploading", progress.bytesDone, progress.bytesTotal, progress.bytesPerSecond, progress.etaSeconds});
}

} // namespace

Result<control::PushOptions> pushOptions(const PushFlags& flags)
{
    if (flags.message.size() > kMaxMessage)
        return fail(ErrorCode::InvalidArgument, fmt::format("--message: {} bytes, at most {}", flags.message.size(), kMaxMessage));
    control::PushOptions options;
    options.name = flags.name;
    options.message = flags.message;
    options.auth = domain::authModeFromName(flags.auth);
    options.strategy = flags.strategy == "recreate" ? control::Strategy::Recreate : control::Strategy::Rolling;
    options.resetScale = flags.resetScale;
    TINTYPE_TRY_ASSIGN(options.annotations, annotationsOf(flags.annotations));
    return options;
}

Result<std::string> appName(const control::Deployment& deployment, const std::string& file)
{
    if (!deployment.name.empty())
        return deployment.name;
    TINTYPE_TRY_ASSIGN(const auto definition, domain::readDefinition(deployment.definition, file));
    return definition.name;
}

Push::Push(Session& session, bool quiet)
    : m_session(session)
    , m_pusher(session.control(), control::HashCache::defaultFile())
{
    if (quiet)
        return;
    const auto display = std::make_shared<ProgressDisplay>();
    QObject::connect(&m_pusher, &control::Pusher::progressed, &m_pusher,
        [display](const control::PushProgress& progress) { show(*display, progress); });
}

Result<control::Deployment> Push::prepare(const std::string& file, const control::PushOptions& options)
{
    return m_session.await(m_pusher.prepare(file, options));
}

Result<control::DeployPlan> Push::check(const control::Deployment& deployment)
{
    return m_session.await(m_pusher.check(deployment));
}

Result<control::DeployReceipt> Push::send(const control::Deployment& deployment)
{
    return m_session.await(m_pusher.push(deployment));
}

} // namespace tintype::cli
