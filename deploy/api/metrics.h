// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/host.h"

#include <QObject>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace tintype::api {

/// Upper bounds of the latency histogram, in seconds; one more bucket takes the rest.
constexpr std::array kLatencyBounds{0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0};

/// Counts what happens since the host's start, and writes it as Prometheus reads it.
class Metrics : public QObject {
    Q_OBJECT

public:
    /// @param connectionCount of the HTTP server; may be empty
    Metrics(runtime::Host& host, std::function<int()> connectionCount);

    std::string text() const;

private:
    struct Counters {
        std::uint64_t received = 0;
        std::map<std::pair<std::string, int>, std::uint64_t> completed; ///< by method and status
        std::array<std::uint64_t, kLatencyBounds.size() + 1> latency{}; ///< requests in each bucket
        double latencySum = 0;
    };

    void count(const domain::Record& record);
    std::string appText() const;
    std::string latencyText() const;
    std::string hostText() const;

    runtime::Host& m_host;
    const std::function<int()> m_connectionCount;
    std::map<std::string, Counters> m_apps;
};

} // namespace tintype::api
