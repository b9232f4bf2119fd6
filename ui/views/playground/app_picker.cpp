// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/app_picker.h"

#include "ui/commands/run_session.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QFuture>
#include <QHBoxLayout>
#include <QSettings>
#include <QSignalBlocker>
#include <utility>

namespace tintype::ui {
namespace {

const QString kLastApp = QStringLiteral("playground/app");

/// Off the GUI thread.
QFuture<Result<QVector<EndpointForm>>> readForms(const Result<std::string>& document)
{
    if (!document)
        return QtFuture::makeReadyFuture(Result<QVector<EndpointForm>>(tl::unexpected(document.error())));
    return QtFuture::makeReadyFuture().then(
        QtFuture::Launch::Async, [bytes = QByteArray::fromStdString(*document)] { return readEndpointForms(bytes); });
}

} // namespace

AppPicker::AppPicker(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_apps(new QComboBox)
    , m_paths(new QComboBox)
    , m_wantedApp(studio.settings.value(kLastApp).toString())
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(2));
    row->addWidget(m_apps, 2);
    row->addWidget(m_paths, 1);
    m_apps->setAccessibleName(tr("App"));
    m_apps->setToolTip(tr("App"));
    m_paths->setAccessibleName(tr("Endpoint"));
    m_paths->setToolTip(tr("Endpoint"));
    for (QComboBox* box : {m_apps, m_paths}) {
        box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        box->setMinimumContentsLength(4);
    }
    m_paths->hide();
    connect(m_apps, &QComboBox::activated, this, [this] {
        m_wantedApp.clear();
        m_wantedPath.clear();
        m_studio.settings.setValue(kLastApp, appName());
        onAppChosen();
    });
    connect(m_paths, &QComboBox::activated, this, [this] {
        m_wantedPath.clear();
        Q_EMIT formChanged();
    });
    connect(&studio.targets, &Targets::currentChanged, this, &AppPicker::setTarget);
    connect(&studio.run, &RunSession::stateChanged, this, &AppPicker::followRun);
    setTarget(studio.targets.current());
    followRun();
}

void AppPicker::setTarget(Target* target)
{
    if (m_target)
        m_target->disconnect(this);
    m_target = target;
    m_formsOf = {};
    m_forms.clear();
    fillPaths();
    if (target)
        connect(target, &Target::appsChanged, this, &AppPicker::fillApps);
    fillApps();
}

QString AppPicker::appName() const
{
    return m_apps->currentText();
}

const control::AppInfo* AppPicker::app() const
{
    return m_target ? m_target->findApp(appName().toStdString()) : nullptr;
}

QString AppPicker::path() const
{
    return m_paths->currentText();
}

const EndpointForm* AppPicker::form() const
{
    const int index = m_paths->currentIndex();
    return index >= 0 && index < m_forms.size() ? &m_forms[index] : nullptr;
}

bool AppPicker::hasApps() const
{
    return m_apps->count() > 0;
}

void AppPicker::choose(const QString& app, const QString& path)
{
    m_wantedApp = app;
    m_wantedPath = path;
    fillApps();
    if (const int index = m_paths->findText(path); index >= 0 && appName() == app && index != m_paths->currentIndex()) {
        m_paths->setCurrentIndex(index);
        Q_EMIT formChanged();
    }
}

/// The app that Run starts is what the user wants to try: chosen once for each run.
void AppPicker::followRun()
{
    const RunSession& run = m_studio.run;
    if (!run.isActive()) {
        m_followedRun.clear();
    } else if (run.target() == m_target && !run.app().isEmpty() && run.app() != m_followedRun) {
        m_followedRun = run.app();
        choose(run.app(), {});
    }
}

void AppPicker::fillApps()
{
    const QString before = appName();
    {
        const QSignalBlocker blocker(m_apps);
        m_apps->clear();
        if (m_target) {
            for (const control::AppInfo& app : m_target->apps())
                m_apps->addItem(qs(app.name));
        }
        const int wanted = m_wantedApp.isEmpty() ? -1 : m_apps->findText(m_wantedApp);
        if (const int index = wanted >= 0 ? wanted : m_apps->findText(before); index >= 0)
            m_apps->setCurrentIndex(index);
        if (wanted >= 0)
            m_studio.settings.setValue(kLastApp, std::exchange(m_wantedApp, {}));
    }
    m_apps->setEnabled(m_apps->count() > 0);
    onAppChosen();
    Q_EMIT appsChanged();
}

/// Reads the schema of the chosen app, unless it is the one that is shown. Until it is read, an app has the form of its revision before.
void AppPicker::onAppChosen()
{
    const control::AppInfo* chosen = app();
    const QString name = chosen ? qs(chosen->name) : QString();
    const QString revision = chosen ? qs(chosen->revision) : QString();
    const bool isOther = name != m_formsOf.first;
    if (!isOther && revision == m_formsOf.second)
        return;
    m_formsOf = {name, revision};
    ++m_question;
    if (isOther && !m_forms.isEmpty()) {
        m_forms.clear();
        fillPaths();
    }
    if (!revision.isEmpty()) // a first deploy: it has a schema when its revision serves
        askSchema();
}

void AppPicker::askSchema()
{
    const int question = ++m_question;
    m_target->control().appOpenApi(appName().toStdString()).then(this, [this, question](const Result<std::string>& document) {
        readForms(document).then(this, [this, question](const Result<QVector<EndpointForm>>& forms) {
            if (question == m_question)
                onForms(forms);
        });
    });
}

void AppPicker::onForms(const Result<QVector<EndpointForm>>& forms)
{
    if (!forms) {
        m_formsOf.second.clear(); // asked again with the next change of the apps
        m_forms.clear();
        fillPaths();
        Q_EMIT troubled(forms.error());
        return;
    }
    m_forms = *forms;
    fillPaths();
}

void AppPicker::fillPaths()
{
    const QString before = m_wantedPath.isEmpty() ? path() : m_wantedPath;
    m_paths->clear();
    for (const EndpointForm& form : std::as_const(m_forms))
        m_paths->addItem(form.path);
    if (const int index = m_paths->findText(before); index >= 0) {
        m_paths->setCurrentIndex(index);
        m_wantedPath.clear();
    }
    m_paths->setVisible(m_forms.size() > 1);
    Q_EMIT formChanged();
}

} // namespace tintype::ui
