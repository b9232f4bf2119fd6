// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/studio.h"
#include "ui/models/schema_fields.h"
#include "ui/models/target.h"

#include <QPointer>
#include <QWidget>
#include <utility>

class QComboBox;

namespace tintype::ui {

/// Which app of the current target, and which of its endpoints, the playground calls. Reads the app's schema, again for each revision.
/// The app that Run starts is chosen as it starts.
class AppPicker : public QWidget {
    Q_OBJECT

public:
    explicit AppPicker(Studio& studio, QWidget* parent = nullptr);

    Target* target() const { return m_target; }
    const control::AppInfo* app() const; ///< null while none is chosen, or it is not there any more
    QString appName() const;
    QString path() const;                ///< of the endpoint; empty while there is none
    const EndpointForm* form() const;    ///< null until the schema is read
    bool hasApps() const;

    /// Chooses; an app that is not there (yet) is chosen as soon as it is.
    void choose(const QString& app, const QString& path);

Q_SIGNALS:
    void formChanged();   ///< another app, endpoint or schema
    void appsChanged();
    void troubled(const tintype::Error& error); ///< the schema could not be read

private:
    void setTarget(Target* target);
    void fillApps();
    void onAppChosen();
    void askSchema();
    void onForms(const Result<QVector<EndpointForm>>& forms);
    void fillPaths();
    void followRun();

    Studio& m_studio;
    QPointer<Target> m_target;
    QComboBox* m_apps;
    QComboBox* m_paths;
    QVector<EndpointForm> m_forms;
    std::pair<QString, QString> m_formsOf; ///< app and revision that m_forms is of, or that were asked for
    QString m_wantedApp;                   ///< as soon as it is there; empty = the one that is shown will do
    QString m_wantedPath;
    QString m_followedRun;
    int m_question = 0; ///< answers to older ones are dropped
};

} // namespace tintype::ui
