// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/pusher.h"
#include "ui/commands/run_session.h"
#include "ui/models/target.h"

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>

namespace tintype::ui {

/// One deploy, from the file to the revision that serves: hash, check, upload, start. What it waits for is told as it comes; the host
/// goes on by itself once it has the revision, whether this object lives or not. GUI thread.
class DeploySession : public QObject {
    Q_OBJECT

public:
    enum class State {
        Idle,
        Hashing,   ///< reads the files
        Checking,  ///< asks the host what the deploy would do
        Ready,     ///< plan() is there: deploy()
        Uploading,
        Starting,  ///< the host has the revision, its first replica starts
        Done,
        Failed,    ///< error(); retry with check()
    };
    Q_ENUM(State)

    /// @param hashCacheFile of control::HashCache
    explicit DeploySession(std::string hashCacheFile, QObject* parent = nullptr);
    ~DeploySession() override;

    /// Hashes the file's requirements and asks the host. Called again, it begins anew; with another set of options only, no file
    /// is read again.
    /// @param file app.yaml as it is on disk
    void check(const QString& file, Target& target, const control::PushOptions& options);

    /// The next check() reads the file again.
    void forget() { m_deployment.reset(); }

    /// From Ready: deploys what was checked, with the message and the strategy of these options.
    void deploy(const control::PushOptions& options);

    /// Stops hashing and uploading; a revision that the host has is rolled out all the same.
    void cancel();

    State state() const { return m_state; }
    bool isBusy() const { return m_state == State::Uploading || m_state == State::Starting; }
    Target* target() const { return m_target; }
    const control::PushProgress& progress() const { return m_progress; } ///< of Hashing and Uploading
    const control::DeployPlan& plan() const { return m_plan; }           ///< from Ready on
    const control::DeployReceipt& receipt() const { return m_receipt; }  ///< from Starting on
    const std::optional<Error>& error() const { return m_error; }
    bool wasRolledOut() const { return !m_receipt.revision.empty(); }    ///< Failed: the host has the revision, and gave it up
    const std::vector<RunStage>& stages() const { return m_stages; }     ///< Uploading, Starting: those before are done

Q_SIGNALS:
    void stateChanged(tintype::ui::DeploySession::State state);
    void progressChanged();
    void stagesChanged();

private:
    void setState(State state);
    void fail(const Error& error);
    void ask();
    void onProgress(const control::PushProgress& progress);
    void onReceipt(const control::DeployReceipt& receipt);
    void onEvent(const control::Event& event);
    void lookAgain();
    void finish(const std::optional<Error>& error);
    void enterStage(const QString& name);
    void followReplica();

    const std::string m_hashCacheFile;
    State m_state = State::Idle;
    QString m_file;
    control::PushOptions m_options;
    QPointer<Target> m_target;
    std::unique_ptr<control::Pusher> m_pusher;
    std::unique_ptr<QObject> m_guard; ///< of this attempt: answers that come after it are nobody's
    std::optional<control::Deployment> m_deployment; ///< with its files, hashed
    control::PushProgress m_progress;
    control::DeployPlan m_plan;
    control::DeployReceipt m_receipt;
    std::optional<Error> m_error;
    std::optional<control::RolloutEnded> m_ended; ///< may come before the receipt
    std::vector<RunStage> m_stages;
    QTimer m_grace; ///< the app has settled and no event has said how: it may still come
};

} // namespace tintype::ui
