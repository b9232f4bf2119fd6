// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/control.h"

#include <QObject>
#include <QPointer>
#include <functional>
#include <optional>

class QAction;

namespace tintype::ui {

struct Studio;
class Target;

/// What a user can do to the chosen app or replica of a host. Asks for a yes through confirmationWanted() before anything is lost.
class DeploymentCommands : public QObject {
    Q_OBJECT

public:
    explicit DeploymentCommands(Studio& studio, QObject* parent = nullptr);

    /// @param target null = nothing is chosen   @param app empty = a host   @param replica empty = the app itself
    void setSubject(Target* target, const std::string& app, const std::string& replica);
    Target* target() const { return m_target; }
    const std::string& app() const { return m_app; }

    // Of the app
    QAction* pause() const { return m_pause; } ///< resumes a paused one
    QAction* restart() const { return m_restart; }
    QAction* stop() const { return m_stop; }
    QAction* flush() const { return m_flush; }
    QAction* remove() const { return m_remove; }
    // Of the replica
    QAction* drain() const { return m_drain; }
    QAction* replace() const { return m_replace; }
    QAction* kill() const { return m_kill; }

    void change(const control::AppChange& change);
    void rollBack(const control::RevisionInfo& revision, control::Strategy strategy);

Q_SIGNALS:
    void confirmationWanted(const QString& question, const QString& verb, const std::function<void()>& run);
    void failed(const tintype::Error& error);
    void succeeded(); ///< the host has taken it; what comes of it shows in the snapshot

private:
    using Run = void (DeploymentCommands::*)();
    QAction* add(const char* id, const QString& text, const char* icon, const QString& tip, Run run);
    void update();
    const control::AppInfo* appInfo() const;
    const domain::ReplicaInfo* replicaInfo() const;
    template <class T>
    void tell(const control::Future<T>& future);

    void runPause();
    void runRestart();
    void runStop();
    void runFlush();
    void runRemove();
    void runDrain();
    void runReplace();
    void runKill();

    Studio& m_studio;
    QPointer<Target> m_target;
    std::string m_app;
    std::string m_replica;
    QAction* m_pause;
    QAction* m_restart;
    QAction* m_stop;
    QAction* m_flush;
    QAction* m_remove;
    QAction* m_drain;
    QAction* m_replace;
    QAction* m_kill;
};

} // namespace tintype::ui
