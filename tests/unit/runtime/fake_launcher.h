// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/launcher.h"
#include "deploy/runtime/provisioner.h"

#include <map>
#include <string>
#include <vector>

namespace tintype::runtime {

/// A worker that does nothing by itself: the test plays its part by emitting its signals.
class FakeWorker : public Worker {
    Q_OBJECT

public:
    void start() override { }
    Result<> load(const LoadRequest& request) override
    {
        loadRequest = request;
        return {};
    }
    Result<> generate(const std::string& request, const GenerateRequest& input) override
    {
        generated.push_back(request);
        prompts[request] = input.prompt;
        return {};
    }
    void cancel(const std::string& request) override { cancelled.push_back(request); }
    void ping(quint64 number) override
    {
        ++pings;
        if (answersPings)
            Q_EMIT ponged(number);
    }
    void requestStats() override { }
    void drain() override { drained = true; }
    void terminate() override { terminated = true; }
    void kill() override { killed = true; }
    qint64 processId() const override { return 4711; }

    // What a test makes happen.
    void becomeLoaded() { Q_EMIT loaded({}); }
    void finish(const std::string& request) { Q_EMIT finished(request, {}); }
    void failWith(const std::string& request, ErrorCode code) { Q_EMIT failed(request, Error{code, "scripted", {}}); }
    void stop(std::optional<Error> reason = {}) { Q_EMIT stopped(reason); }

    LoadRequest loadRequest;
    std::vector<std::string> generated;
    std::map<std::string, std::string> prompts;
    std::vector<std::string> cancelled;
    int pings = 0;
    bool answersPings = true;
    bool drained = false;
    bool terminated = false;
    bool killed = false;
};

/// Keeps every worker that it made; they stay the runtime's.
class FakeLauncher : public Launcher {
public:
    std::unique_ptr<Worker> launch(const std::map<std::string, std::string>& environment) override
    {
        auto worker = std::make_unique<FakeWorker>();
        workers.push_back(worker.get());
        environments.push_back(environment);
        return worker;
    }

    std::vector<FakeWorker*> workers;
    std::vector<std::map<std::string, std::string>> environments;
};

/// Requirements that are there, unless the test holds them back.
class FakeProvisioner : public Provisioner {
    Q_OBJECT

public:
    bool isPrepared(const std::string&) const override { return ready; }
    void prepare(const std::string& revision) override { wanted.push_back(revision); }
    std::string modelFolder(const std::string&) const override { return "/models/m"; }
    void complete(const std::string& revision, const std::optional<Error>& reason = {})
    {
        ready = !reason;
        Q_EMIT prepared(revision, reason);
    }

    bool ready = true;
    std::vector<std::string> wanted;
};

} // namespace tintype::runtime
