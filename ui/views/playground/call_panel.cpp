// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/call_panel.h"

#include "ui/commands/commands.h"
#include "ui/models/format.h"
#include "ui/models/json_text.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/app_picker.h"
#include "ui/views/playground/schema_form.h"
#include "ui/widgets/empty_state.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QPushButton>
#include <QSettings>
#include <QStackedLayout>
#include <QToolButton>
#include <utility>

namespace tintype::ui {
namespace {

constexpr std::chrono::milliseconds kRememberAfter{800};
constexpr qsizetype kLongestKept = 100'000; ///< of a form in the settings: one with a picture inside is not kept
const QString kMoreKey = QStringLiteral("playground/more");
const QString kAllKey = QStringLiteral("playground/allPrompts");

/// "{a|b}" or "__name__" somewhere.
bool mayHaveWildcards(const QString& input)
{
    const QVector<JsonMember> members = jsonMembers(input);
    const QString prompts = jsonMember(members, QStringLiteral("prompt")) + jsonMember(members, QStringLiteral("negative_prompt"));
    return prompts.contains(u'{') || prompts.count(QLatin1String("__")) >= 2;
}

} // namespace

CallPanel::CallPanel(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_picker(new AppPicker(studio))
    , m_form(new SchemaForm(studio.theme))
    , m_empty(new EmptyState(studio.theme, QStringLiteral("draw-brush"), {}, {}))
    , m_stack(new QStackedLayout)
    , m_allPrompts(new QCheckBox(tr("All combinations of the wildcards")))
    , m_top(new QVBoxLayout)
    , m_bottom(new QVBoxLayout)
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_top->setContentsMargins(Theme::space(4), Theme::space(3), Theme::space(4), 0);
    m_top->setSpacing(Theme::space(2));
    m_top->addWidget(m_picker);
    m_bottom->setContentsMargins(Theme::space(4), Theme::space(2), Theme::space(4), Theme::space(3));
    m_bottom->setSpacing(Theme::space(2));
    m_bottom->addWidget(m_allPrompts);
    column->addLayout(m_top);
    column->addLayout(m_stack, 1);
    column->addLayout(m_bottom);
    m_stack->addWidget(m_form);
    m_stack->addWidget(m_empty);
    m_form->showMore(studio.settings.value(kMoreKey).toBool());
    m_allPrompts->setChecked(studio.settings.value(kAllKey).toBool());
    m_allPrompts->setToolTip(tr("A call for each, instead of one chosen by chance"));
    m_rememberSoon.setSingleShot(true);
    m_rememberSoon.setInterval(kRememberAfter);

    connect(&m_rememberSoon, &QTimer::timeout, this, &CallPanel::remember);
    connect(m_allPrompts, &QCheckBox::toggled, this, [this](bool isOn) { m_studio.settings.setValue(kAllKey, isOn); });
    connect(m_picker, &AppPicker::formChanged, this, &CallPanel::onForm);
    connect(m_picker, &AppPicker::appsChanged, this, &CallPanel::showState);
    connect(m_form, &SchemaForm::changed, this, [this] {
        m_rememberSoon.start();
        m_allPrompts->setVisible(mayHaveWildcards(m_form->input()));
        Q_EMIT callChanged();
    });
    m_allPrompts->hide();
    showState();
}

CallPanel::~CallPanel()
{
    remember();
}

void CallPanel::addTop(QWidget* widget)
{
    m_top->addWidget(widget);
}

void CallPanel::addBottom(QWidget* widget)
{
    m_bottom->addWidget(widget);
}

void CallPanel::setGenerateAction(QAction* action)
{
    auto* const button = new QPushButton(action->text());
    button->setProperty("role", QStringLiteral("primary"));
    button->setIcon(m_studio.theme.icon(QStringLiteral("draw-brush"), ColorToken::OnAccent));
    const auto show = [button, action] {
        button->setEnabled(action->isEnabled());
        button->setToolTip(tr("%1 (%2)").arg(action->text(), action->shortcut().toString(QKeySequence::NativeText)));
    };
    connect(action, &QAction::changed, button, show);
    connect(button, &QPushButton::clicked, action, &QAction::trigger);
    show();
    m_bottom->addWidget(button);
    if (QAction* run = m_studio.commands.find(QStringLiteral("run.start")))
        m_empty->setAction(run);
}

QString CallPanel::settingsKey() const
{
    return QStringLiteral("playground/forms/") + m_picker->appName() + QString(m_picker->path()).replace(u'/', u'.');
}

void CallPanel::onForm()
{
    if (m_rememberSoon.isActive())
        remember();
    if (const EndpointForm* form = m_picker->form()) {
        const QString key = settingsKey();
        const bool isOther = key != m_shownKey;
        m_shownKey = key;
        const QString prompt = jsonMember(jsonMembers(m_form->input()), QStringLiteral("prompt"));
        if (isOther)
            m_form->setFields({});
        m_form->setFields(form->fields);
        const QString kept = m_studio.settings.value(key).toString();
        if (isOther && kept.isEmpty() && !prompt.isEmpty())
            m_form->setInput(jsonObject({{QStringLiteral("prompt"), prompt}})); // the rest is each app's own
        if (!m_pending.isEmpty())
            m_form->setState(std::exchange(m_pending, {}));
        else if (isOther && !kept.isEmpty())
            m_form->setState(kept);
        if (isOther)
            Q_EMIT formReplaced();
    }
    showState();
    Q_EMIT callChanged();
}

void CallPanel::showState()
{
    if (canCall()) {
        m_stack->setCurrentWidget(m_form);
        return;
    }
    const Target* target = m_picker->target();
    if (!target)
        m_empty->setText(tr("No host"), tr("The host of this machine is starting. Other hosts are added on the Hosts page."));
    else if (!target->isConnected() && target->apps().empty())
        m_empty->setText(tr("%1 does not answer yet").arg(target->name()),
            target->trouble() ? qs(target->trouble()->message) : tr("Its apps appear here as soon as it does."));
    else if (!m_picker->hasApps())
        m_empty->setText(tr("No app on %1").arg(target->name()), tr("Press Run to start the app of the editor here, or deploy one."));
    else if (!m_picker->form())
        m_empty->setText(tr("Reading the schema of %1").arg(m_picker->appName()), tr("The form follows from it."));
    m_stack->setCurrentWidget(m_empty);
}

bool CallPanel::canCall() const
{
    return m_picker->app() && m_picker->form();
}

bool CallPanel::wantsAllPrompts() const
{
    return m_allPrompts->isVisibleTo(this) && m_allPrompts->isChecked();
}

void CallPanel::remember()
{
    m_rememberSoon.stop();
    m_studio.settings.setValue(kMoreKey, m_form->isMoreShown());
    if (m_shownKey.isEmpty())
        return;
    if (const QString state = m_form->state(); state.size() <= kLongestKept)
        m_studio.settings.setValue(m_shownKey, state);
}

Generation CallPanel::call() const
{
    Generation generation;
    generation.app = m_picker->appName();
    generation.endpoint = m_picker->path();
    generation.input = m_form->input();
    generation.form = m_form->state();
    return generation;
}

void CallPanel::fill(const Generation& generation)
{
    const QString state = generation.form.isEmpty() ? generation.input : generation.form;
    const bool isShown = canCall() && (generation.app.isEmpty() || generation.app == m_picker->appName())
        && (generation.endpoint.isEmpty() || generation.endpoint == m_picker->path());
    if (isShown)
        return m_form->setState(state);
    m_pending = state;
    m_picker->choose(generation.app, generation.endpoint);
    if (!m_pending.isEmpty() && canCall() && m_picker->appName() != generation.app) // not there: into the form that is
        m_form->setState(std::exchange(m_pending, {}));
}

SnippetCall CallPanel::snippetCall() const
{
    SnippetCall call;
    const Target* target = m_picker->target();
    const control::AppInfo* app = m_picker->app();
    if (!target || !app)
        return call;
    const control::HostAddress& address = target->address();
    call.hostUrl = qs(address.url);
    const QString owner = target->hostInfo() ? qs(target->hostInfo()->owner) : QString();
    call.endpoint = owner + u'/' + m_picker->appName() + (m_picker->path() == QLatin1String("/") ? QString() : m_picker->path());
    call.input = m_form->input();
    call.needsKey = app->auth != domain::AuthMode::Public && !address.key.empty();
    call.caFile = qs(address.caFile);
    return call;
}

} // namespace tintype::ui
