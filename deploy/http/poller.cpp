// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/poller.h"

#include <array>
#include <sys/epoll.h>
#include <unistd.h>

namespace tintype::http {
namespace {

constexpr int kEventsPerTurn = 128; ///< then timers and others have their turn

// An event carries both: the number finds the client, the ticket tells whether it still is the one.
constexpr int kDescriptorBits = 24;

std::uint64_t labelOf(int descriptor, std::uint64_t ticket)
{
    return ticket << kDescriptorBits | static_cast<std::uint64_t>(descriptor);
}

std::uint32_t eventsOf(unsigned readiness)
{
    std::uint32_t events = 0; // a reset (EPOLLERR, EPOLLHUP) is always told
    if ((readiness & Poller::Readable) != 0)
        events |= EPOLLIN;
    if ((readiness & Poller::Writable) != 0)
        events |= EPOLLOUT;
    return events;
}

unsigned readinessOf(std::uint32_t events)
{
    unsigned readiness = Poller::Nothing;
    if ((events & EPOLLIN) != 0)
        readiness |= Poller::Readable;
    if ((events & EPOLLOUT) != 0)
        readiness |= Poller::Writable;
    if ((events & (EPOLLERR | EPOLLHUP)) != 0)
        readiness |= Poller::Reset;
    return readiness;
}

} // namespace

Poller::Poller()
    : m_descriptor(::epoll_create1(EPOLL_CLOEXEC))
    , m_notifier(std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read))
{
    QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), [this] { dispatch(); });
}

Poller::~Poller()
{
    m_notifier.reset();
    ::close(m_descriptor);
}

void Poller::watch(int descriptor, Client& client, unsigned readiness)
{
    const auto [entry, isNew] = m_watched.try_emplace(descriptor);
    if (isNew)
        entry->second = {&client, ++m_lastTicket};
    epoll_event event{.events = eventsOf(readiness), .data = {.u64 = labelOf(descriptor, entry->second.ticket)}};
    ::epoll_ctl(m_descriptor, isNew ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
}

void Poller::forget(int descriptor)
{
    if (m_watched.erase(descriptor) > 0)
        ::epoll_ctl(m_descriptor, EPOLL_CTL_DEL, descriptor, nullptr);
}

void Poller::dispatch()
{
    std::array<epoll_event, kEventsPerTurn> events;
    const int count = ::epoll_wait(m_descriptor, events.data(), kEventsPerTurn, 0);
    for (int index = 0; index < count; ++index) {
        const epoll_event& event = events[static_cast<std::size_t>(index)];
        const auto found = m_watched.find(static_cast<int>(event.data.u64 & ((1U << kDescriptorBits) - 1)));
        if (found != m_watched.end() && found->second.ticket == event.data.u64 >> kDescriptorBits)
            found->second.client->becameReady(readinessOf(event.events));
    }
}

} // namespace tintype::http
