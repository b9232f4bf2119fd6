// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/pusher.h"
#include "ui/models/target.h"

#include <QElapsedTimer>
#include <QObject>
#include <QPointer>
#include <memory>

namespace tintype::ui {

class AppDocument;

/// A stage of a start, as a user watches it.
struct RunStage {
    QString name;      ///< "Hash", "Upload", "Fetch org/name", "Load transformer", "Warm-up"
    double seconds = 0;
    std::uint64_t bytesDone = 0;
    std::uint64_t bytesTotal = 0; ///< 0 = not measured in bytes
    bool isDone = false;
};

/// Run: the current definition as a temporary app on a target (what `tintype run` does), called NAME-run beside a deployed NAME, for as long
/// as Stop is not pressed and the studio lives. One at a time. Deployed apps are another matter (deploy_sheet).
class RunSession : public QObject {
    Q_OBJECT

public:
    enum class State { Stopped, Preparing, Uploading, Starting, Running, Stopping, Failed };

    explicit RunSession(QObject* parent = nullptr);
    ~RunSession() override;

    void start(const AppDocument& document, Target& target);

    /// Failed before it began: the definition could not be saved.
    void refuse(const AppDocument& document, const Error& error);
    void stop();

    State state() const { return m_state; }
    bool isActive() const { return m_state != State::Stopped && m_state != State::Failed; }
    const QString& app() const { return m_app; }       ///< its name on the target
    const QString& documentPath() const { return m_documentPath; }
    Target* target() const { return m_target; }
    const std::optional<Error>& error() const { return m_error; } ///< of Failed
    const std::vector<RunStage>& stages() const { return m_stages; }
    const std::vector<RunStage>& lastStages() const { return m_lastStages; } ///< of the last start that went well: the ghost

Q_SIGNALS:
    void stateChanged(tintype::ui::RunSession::State state);
    void stagesChanged();

private:
    void setState(State state);
    void fail(const Error& error);
    void end(State state);
    void onPushProgress(const control::PushProgress& progress);
    void upload(control::Deployment deployment);
    void onDeployed(const control::DeployReceipt& receipt);
    void onEvent(const control::Event& event);
    void onReplica(const domain::ReplicaInfo& replica);
    void setStage(const QString& name, std::uint64_t done, std::uint64_t total);
    void finishStages();

    State m_state = State::Stopped;
    QString m_app;
    QString m_documentPath;
    QPointer<Target> m_target;
    std::unique_ptr<control::Pusher> m_pusher;
    std::unique_ptr<QObject> m_guard; ///< what belongs to this start: answers that come after it are nobody's
    std::optional<Error> m_error;
    std::vector<RunStage> m_stages;
    std::vector<RunStage> m_lastStages;
    QElapsedTimer m_stageClock; ///< since the last stage began
};

} // namespace tintype::ui
