// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QSocketNotifier>
#include <cstdint>
#include <memory>
#include <unordered_map>

namespace tintype::http {

/// Watches the descriptors of many connections as one: the event loop would look at each of them at every turn, also at
/// those on which nothing happens.
class Poller {
public:
    /// What a descriptor can be ready for. Reset comes unasked for as long as it is watched.
    enum Readiness : unsigned { Nothing = 0, Readable = 1, Writable = 2, Reset = 4 };

    class Client {
    public:
        virtual ~Client() = default;
        virtual void becameReady(unsigned readiness) = 0;
    };

    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// From now on the client is told of these, again and again while they last.
    void watch(int descriptor, Client& client, unsigned readiness);
    void forget(int descriptor); ///< before it is closed; allowed from inside becameReady()

private:
    struct Watched {
        Client* client = nullptr;
        std::uint64_t ticket = 0; ///< tells it from one that had the same number before
    };

    void dispatch();

    int m_descriptor;
    std::unique_ptr<QSocketNotifier> m_notifier;
    std::unordered_map<int, Watched> m_watched;
    std::uint64_t m_lastTicket = 0;
};

} // namespace tintype::http
