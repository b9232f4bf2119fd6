// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/listing_fetch.h"

#include <fmt/format.h>
#include <utility>

namespace tintype::requirements {
namespace {

constexpr qsizetype kMaxListingBytes = 16 << 20;

} // namespace

ListingFetch::ListingFetch(HubClient& hub, std::string revision, QObject* parent)
    : QObject(parent)
    , m_hub(hub)
    , m_revision(std::move(revision))
    , m_retries(hub.settings().retry)
{
}

void ListingFetch::start()
{
    m_json.clear();
    m_call = m_hub.listing(m_revision, this);
    connect(m_call, &HubCall::arrived, this, [this] {
        m_json += m_call->take();
        if (m_json.size() > kMaxListingBytes)
            end(fail(ErrorCode::Protocol,
                fmt::format(
                    "{}: the hub's list of files is longer than {} bytes", m_hub.repository(), kMaxListingBytes)));
    });
    connect(m_call, &HubCall::finished, this, &ListingFetch::conclude);
}

void ListingFetch::conclude(const std::optional<HubFailure>& failure)
{
    if (!failure) {
        m_json += m_call->take();
        return end(parseListing({m_json.constData(), static_cast<std::size_t>(m_json.size())}, m_hub.repository()));
    }
    const auto wait = m_retries.waitAfter(*failure);
    if (!wait)
        return end(tl::unexpected(failure->error));
    std::exchange(m_call, nullptr)->deleteLater();
    QTimer::singleShot(*wait, this, &ListingFetch::start);
}

void ListingFetch::end(const Result<HubListing>& listing)
{
    m_call->disconnect(this);
    m_call->deleteLater();
    Q_EMIT finished(listing, m_json);
}

} // namespace tintype::requirements
