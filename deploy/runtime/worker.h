// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/generation.h"
#include "engine/base/result.h"
#include "engine/protocol/messages.h"

#include <QObject>
#include <optional>
#include <string>

namespace tintype::runtime {

/// A worker wherever it runs: its frames as typed calls and signals. Nothing blocks; destroying it kills it.
class Worker : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// Starts it and greets it. Call once; stopped() follows exactly once, whatever happens.
    virtual void start() = 0;

    /// `request` names the call in the signals that answer it.
    /// @error InvalidArgument: a text is not UTF-8, a number not finite
    virtual Result<> load(const LoadRequest& request) = 0;
    virtual Result<> generate(const std::string& request, const GenerateRequest& input) = 0;

    virtual void cancel(const std::string& request) = 0; ///< an empty name cancels the load
    virtual void ping(quint64 number) = 0;
    virtual void requestStats() = 0;

    virtual void drain() = 0;     ///< finish what was accepted, then exit
    virtual void terminate() = 0; ///< SIGTERM: the same, told by the system
    virtual void kill() = 0;

    virtual qint64 processId() const = 0;

Q_SIGNALS:
    void greeted(const tintype::protocol::Hello& hello);
    void loadProgressed(const tintype::LoadProgress& progress);
    void loaded(const tintype::ModelCard& card);
    void progressed(const std::string& request, const tintype::Progress& progress);
    void finished(const std::string& request, const tintype::GenerateResult& result);
    void failed(const std::string& request, const tintype::Error& error);
    void ponged(quint64 number);
    void statsArrived(const tintype::protocol::Stats& stats);
    void wroteLine(const std::string& line); ///< of its stderr

    /// It is gone. Without a reason if it was asked to end and ended well; unanswered requests fail with it.
    void stopped(const std::optional<tintype::Error>& reason);
};

} // namespace tintype::runtime
