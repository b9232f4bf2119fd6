// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/control.h"
#include "ui/models/preflight.h"

#include <QObject>
#include <QPointer>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>

namespace tintype::ui {

class AppDocument;
class Target;
class Targets;

/// Keeps a Preflight of a document on a target up to date while the text changes: after a pause in typing it reads and compares on
/// another thread, asks the host, and tells when it knows more. Large files that were never hashed are not read: they count as missing.
/// GUI thread.
class PreflightCheck : public QObject {
    Q_OBJECT

public:
    /// @param hashCacheFile of control::HashCache
    PreflightCheck(const Targets& targets, std::string hashCacheFile, QObject* parent = nullptr);
    ~PreflightCheck() override;

    void setDocument(const AppDocument* document); ///< null = none
    void setTarget(Target* target);                ///< null = none
    void checkSoon();

    const Preflight& result() const { return m_result; }
    bool isChecking() const { return m_isChecking; }

Q_SIGNALS:
    void changed();

private:
    struct Local;
    struct Live {
        std::string revision;
        domain::Scaling scaling;
        domain::AuthMode auth;
        bool operator==(const Live&) const = default;
    };

    std::optional<Live> live() const;
    void check();
    void onLocal(const std::shared_ptr<Local>& local);
    void askHost(const std::shared_ptr<Local>& local);
    void askRevision(const std::shared_ptr<Local>& local);
    void compareWith(const std::shared_ptr<Local>& local, const std::string& definition);
    void finish(const std::shared_ptr<Local>& local);

    const Targets& m_targets;
    const std::string m_hashCacheFile;
    QPointer<const AppDocument> m_document;
    QPointer<Target> m_target;
    Preflight m_result;
    std::optional<Live> m_seen; ///< when the check began
    bool m_isChecking = false;
    QTimer m_timer;
    std::unique_ptr<QObject> m_guard;                 ///< of this attempt: answers that come after it are nobody's
    std::map<std::string, std::string> m_definitions; ///< of revisions, by id: they never change
    QThreadPool m_pool;
};

} // namespace tintype::ui
