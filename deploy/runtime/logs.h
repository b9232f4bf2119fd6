// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/time_point.h"

#include <QObject>
#include <QTimer>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace tintype::store {
class Stores;
}

namespace tintype::runtime {

/// A line of the host's log. Never holds a prompt, a picture or a secret's value.
struct LogLine {
    TimePoint time;
    std::string level; ///< "debug" | "info" | "warning" | "error"
    std::string app;
    std::string revision;
    std::string replica;
    std::string request;
    std::string source; ///< "worker" | "host"
    std::string text;
};

/// What happened, line by line: kept in the store, told live, and the latest of each request at hand for its status.
class Logs : public QObject {
    Q_OBJECT

public:
    explicit Logs(store::Stores& stores, QObject* parent = nullptr);
    ~Logs() override;

    /// Values that must not appear in any line: each is replaced by "***".
    void redact(const std::vector<std::string>& values);

    void add(LogLine line);
    std::vector<LogLine> ofRequest(const std::string& request) const; ///< the latest, at most 200

Q_SIGNALS:
    void added(const tintype::runtime::LogLine& line);

private:
    void remember(const LogLine& line);
    void flush();

    store::Stores& m_stores;
    std::vector<LogLine> m_unwritten; ///< written together, a few times a second
    QTimer m_flushTimer;
    std::vector<std::string> m_redacted;
    std::unordered_map<std::string, std::deque<LogLine>> m_recent;
    std::deque<std::string> m_recentOrder;
};

} // namespace tintype::runtime
