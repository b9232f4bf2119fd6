// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_failure.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace tintype::requirements {
namespace {

constexpr std::size_t kMaxDetailBytes = 200;

std::string refusal(const HubAnswer& answer, const HubSubject& subject)
{
    const std::string page = subject.endpoint + "/" + subject.repository;
    if (answer.errorCode == "GatedRepo" && subject.hasToken)
        return fmt::format(
            "{} is gated, and the account of HF_TOKEN has no access: accept its licence on {} with that account",
            subject.repository, page);
    if (answer.errorCode == "GatedRepo")
        return fmt::format("{} is gated: accept its licence on {} and set a secret HF_TOKEN of that account",
            subject.repository, page);
    if (answer.status == 403)
        return fmt::format(
            "{}: HF_TOKEN may not read it: give the token access to this repository", subject.repository);
    if (subject.hasToken && answer.errorCode.empty())
        return fmt::format("{}: the hub does not accept HF_TOKEN: set a valid one", subject.repository);
    return fmt::format("{}: the hub has no such repository, or it is private: check the name, or set a secret HF_TOKEN "
                       "that may read it",
        subject.repository);
}

std::string absence(const HubAnswer& answer, const HubSubject& subject)
{
    if (answer.errorCode == "RevisionNotFound")
        return fmt::format("{} has no revision '{}'", subject.repository, subject.revision);
    if (!subject.path.empty() && answer.errorCode != "RepoNotFound")
        return fmt::format("{} at revision '{}' has no file {}", subject.repository, subject.revision, subject.path);
    return fmt::format("the hub has no repository {} with a revision '{}'", subject.repository, subject.revision);
}

} // namespace

std::string HubSubject::name() const
{
    return path.empty() ? repository + "@" + revision : repository + ": " + path;
}

HubFailure failureOf(const HubAnswer& answer, const HubSubject& subject)
{
    const std::string detail = answer.errorMessage.substr(0, kMaxDetailBytes);
    const auto failure = [&](ErrorCode code, std::string message, bool mayPass) {
        return HubFailure{{code, std::move(message), detail}, mayPass, answer.retryAfter, answer.status};
    };
    if (!answer.fromHub) { // signed addresses expire: the next try gets a fresh one
        return failure(ErrorCode::Unavailable,
            fmt::format("{}: the store that the hub redirects to answered {}", subject.name(), answer.status), true);
    }
    if (answer.status == 401 || answer.status == 403)
        return failure(ErrorCode::Unauthorized, refusal(answer, subject), false);
    if (answer.status == 404 || answer.status == 410)
        return failure(ErrorCode::NotFound, absence(answer, subject), false);
    if (answer.status == 429)
        return failure(ErrorCode::QuotaExceeded,
            subject.name() + ": the hub answers that there were too many requests (429)", true);
    const bool mayPass = answer.status >= 500 || answer.status == 408;
    return failure(mayPass ? ErrorCode::Unavailable : ErrorCode::Protocol,
        fmt::format("{}: the hub answered {}", subject.name(), answer.status), mayPass);
}

std::optional<std::chrono::seconds> parseRetryAfter(std::string_view value, const QDateTime& now)
{
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (error == std::errc() && end == value.data() + value.size() && seconds >= 0)
        return std::chrono::seconds(seconds);
    QString text = QString::fromUtf8(value.data(), static_cast<qsizetype>(value.size())).trimmed();
    if (text.endsWith(QStringLiteral(" GMT")))
        text.replace(text.size() - 3, 3, QStringLiteral("+0000"));
    const QDateTime date = QDateTime::fromString(text, Qt::RFC2822Date);
    if (!date.isValid())
        return std::nullopt;
    return std::chrono::seconds(std::max<qint64>(0, now.secsTo(date)));
}

std::optional<std::chrono::milliseconds> RetryCounter::waitAfter(const HubFailure& failure)
{
    if (!failure.mayPass || ++m_failures >= m_policy.attempts)
        return std::nullopt;
    if (failure.retryAfter) {
        if (*failure.retryAfter > m_policy.longestRetryAfter)
            return std::nullopt;
        return std::max<std::chrono::milliseconds>(*failure.retryAfter, m_policy.firstDelay);
    }
    const auto doubled = m_policy.firstDelay * (1LL << std::min(m_failures - 1, 20));
    return std::min<std::chrono::milliseconds>(doubled, m_policy.maxDelay);
}

} // namespace tintype::requirements
