// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/deploy_sheet.h"

#include "deploy/control/hash_cache.h"
#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"
#include "ui/views/deployments/deploy_options.h"
#include "ui/views/deployments/plan_view.h"
#include "ui/views/deployments/stage_list.h"
#include "ui/widgets/error_banner.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

using State = DeploySession::State;

constexpr int kCheckPauseMs = 400;
constexpr int kBarSteps = 1000;
constexpr int kCurlLines = 7;
constexpr std::size_t kShortId = 8;

} // namespace

DeploySheet::DeploySheet(Studio& studio, QWidget* over)
    : Sheet(studio.theme, tr("Deploy"), over)
    , m_studio(studio)
    , m_session(control::HashCache::defaultFile())
    , m_banner(new ErrorBanner(studio.theme))
    , m_options(new DeployOptions(studio.targets))
    , m_status(new QLabel)
    , m_bar(new QProgressBar)
    , m_playground(addButton(tr("Open in playground")))
    , m_close(addButton(tr("Close")))
    , m_deploy(addButton(tr("Deploy"), /*isPrimary=*/true))
{
    m_status->setProperty("role", QStringLiteral("muted"));
    m_status->setWordWrap(true);
    m_bar->setTextVisible(false);
    m_bar->setFixedHeight(Theme::space(2));
    m_bar->setAccessibleName(tr("Progress"));
    content()->addWidget(m_banner);
    content()->addWidget(m_options);
    content()->addWidget(m_status);
    content()->addWidget(m_bar);
    m_plan = new PlanView(studio.theme);
    content()->addWidget(m_plan);
    content()->addWidget(makeProgressPart());
    content()->addStretch(1);

    connect(&m_trust, &TrustProbe::changed, this, &DeploySheet::showCurl);
    m_checkTimer.setSingleShot(true);
    m_checkTimer.setInterval(kCheckPauseMs);
    connect(&m_checkTimer, &QTimer::timeout, this, &DeploySheet::check);
    connect(m_options, &DeployOptions::changed, this, [this] {
        if (m_session.isBusy() || isHidden())
            return;
        m_deploy->setEnabled(false);
        m_checkTimer.start();
    });
    connect(&m_session, &DeploySession::stateChanged, this, &DeploySheet::onState);
    connect(&m_session, &DeploySession::progressChanged, this, &DeploySheet::showProgress);
    connect(&m_session, &DeploySession::stagesChanged, this, [this] { m_stages->setStages(m_session.stages()); });
    connect(m_deploy, &QPushButton::clicked, this, &DeploySheet::onPrimary);
    connect(m_close, &QPushButton::clicked, this, [this] {
        if (m_session.state() == State::Uploading)
            m_session.cancel();
        else
            dismiss();
    });
    connect(m_playground, &QPushButton::clicked, this, &DeploySheet::openPlayground);
    onState();
}

DeploySheet::~DeploySheet() = default;

QWidget* DeploySheet::makeProgressPart()
{
    m_progressPart = new QWidget;
    m_stages = new StageList(m_studio.theme);
    m_outcome = new QLabel;
    m_outcome->setWordWrap(true);
    m_outcome->setTextFormat(Qt::PlainText);
    m_outcome->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_curl = new QPlainTextEdit;
    m_curl->setReadOnly(true);
    m_curl->setTabChangesFocus(true);
    m_curl->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_curl->setAccessibleName(tr("curl line"));
    m_curl->setFont(m_studio.theme.font(TextStyle::Mono));
    m_curl->setFixedHeight(QFontMetrics(m_curl->font()).lineSpacing() * kCurlLines + Theme::space(4));
    m_copyCurl = new QPushButton(m_studio.theme.icon(QStringLiteral("edit-copy")), tr("Copy the curl line"));
    connect(m_copyCurl, &QPushButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_curl->toPlainText()); });
    auto* const column = new QVBoxLayout(m_progressPart);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(3));
    column->addWidget(m_stages);
    column->addWidget(m_outcome);
    column->addWidget(m_curl);
    column->addWidget(m_copyCurl, 0, Qt::AlignLeft);
    return m_progressPart;
}

void DeploySheet::begin()
{
    open();
    if (m_session.isBusy())
        return;
    m_banner->clear();
    m_document = m_studio.workspace.current();
    if (!m_document) {
        m_banner->showMessage(ErrorBanner::Severity::Info, tr("No definition is open. Open an app.yaml on the Apps page; it is what a deploy sends."));
        m_deploy->setEnabled(false);
        return;
    }
    setTitle(tr("Deploy %1").arg(m_document->name()));
    m_options->begin(m_studio.targets.current(), m_document->name());
    if (save(*m_document))
        readAgain();
}

void DeploySheet::readAgain()
{
    m_session.forget();
    check();
}

bool DeploySheet::save(AppDocument& document)
{
    if (!document.isModified())
        return true;
    const Result<> saved = document.save();
    if (saved)
        return true;
    m_banner->showMessage(ErrorBanner::Severity::Error,
        tr("The definition has changes that could not be saved: %1 A deploy sends the file, so save it first.").arg(qs(saved.error().message)),
        qs(saved.error().detail));
    m_banner->setAction(tr("Try again"), [this] { begin(); });
    m_deploy->setEnabled(false);
    return false;
}

void DeploySheet::check()
{
    m_checkTimer.stop();
    Target* const target = m_options->target();
    if (!m_document || !target || m_session.isBusy())
        return;
    m_banner->clear();
    m_checkedText = m_document->text();
    m_session.check(m_document->path(), *target, m_options->options());
}

void DeploySheet::onState()
{
    const State state = m_session.state();
    const bool isPlanning = state == State::Idle || state == State::Hashing || state == State::Checking || state == State::Ready;
    m_options->setEnabled(!m_session.isBusy());
    m_options->setVisible(isPlanning || (state == State::Failed && !m_session.wasRolledOut()));
    m_bar->setVisible(state == State::Hashing || state == State::Checking || state == State::Uploading);
    m_status->setVisible(m_bar->isVisibleTo(this) || state == State::Starting);
    m_plan->setVisible(state == State::Ready);
    m_progressPart->setVisible(m_session.isBusy() || state == State::Done || (state == State::Failed && !m_session.stages().empty()));
    m_outcome->setVisible(state == State::Done);
    m_curl->setVisible(state == State::Done);
    m_copyCurl->setVisible(state == State::Done);
    m_playground->setVisible(state == State::Done);
    m_deploy->setVisible(!m_session.isBusy());
    m_deploy->setEnabled(state == State::Ready || state == State::Failed || state == State::Done);
    m_deploy->setText(state == State::Failed ? tr("Check again") : state == State::Done ? tr("Show deployments") : tr("Deploy"));
    m_close->setText(state == State::Uploading ? tr("Cancel") : tr("Close"));
    if (state == State::Ready)
        m_plan->showPlan(m_session.plan(), *m_session.target());
    else if (state == State::Done)
        showDone();
    else if (state == State::Failed)
        showFailed();
    showProgress();
}

void DeploySheet::showProgress()
{
    const control::PushProgress& progress = m_session.progress();
    const auto share = [&] { return static_cast<double>(progress.bytesDone) / static_cast<double>(progress.bytesTotal); };
    const bool hasBytes = progress.bytesTotal > 0 && m_session.state() != State::Checking;
    m_bar->setRange(0, hasBytes ? kBarSteps : 0);
    m_bar->setValue(hasBytes ? static_cast<int>(share() * kBarSteps) : 0);
    const QString amount = tr("%1 of %2, %3/s, %4 left")
                               .arg(formatBytes(progress.bytesDone), formatBytes(progress.bytesTotal),
                                   formatBytes(static_cast<std::uint64_t>(progress.bytesPerSecond)), formatDuration(progress.etaSeconds));
    switch (m_session.state()) {
    case State::Hashing:
        m_status->setText(hasBytes ? tr("Reading the files once, to know what the host lacks: %1").arg(amount) : tr("Looking at the files…"));
        break;
    case State::Checking: m_status->setText(tr("Asking the host what would change…")); break;
    case State::Uploading: m_status->setText(hasBytes ? tr("Uploading: %1").arg(amount) : tr("Every file is there: sending the definition…")); break;
    case State::Starting: m_status->setText(tr("The host has the revision. It starts a replica; the old revision serves until that is ready. The sheet may be closed.")); break;
    default: break;
    }
    if (m_session.isBusy())
        m_stages->setStages(m_session.stages());
}

void DeploySheet::showDone()
{
    const control::DeployReceipt& receipt = m_session.receipt();
    m_stages->setStages(m_session.stages());
    QStringList lines{tr("%1 serves revision %2 (%3)%4").arg(qs(receipt.app)).arg(receipt.number).arg(qs(receipt.revision.substr(0, kShortId)),
        receipt.isNewRevision ? tr(".") : tr(": the same as before, nothing had changed."))};
    for (const auto& [name, url] : receipt.urls)
        lines.append(tr("%1: %2").arg(qs(name), qs(url)));
    m_outcome->setText(lines.join(QLatin1Char('\n')));
    m_trust.ask(m_session.target()->address());
    showCurl();
}

void DeploySheet::showCurl()
{
    const Target* const target = m_session.target();
    const control::DeployReceipt& receipt = m_session.receipt();
    const auto run = receipt.urls.find("run");
    if (!target || run == receipt.urls.end())
        return;
    const control::AppInfo* const app = target->findApp(receipt.app);
    m_curl->setPlainText(curlLine(qs(run->second), app ? *app : control::AppInfo{}, target->address(), m_trust.trust(), CurlKey::Variable));
}

void DeploySheet::showFailed()
{
    m_stages->setStages(m_session.stages(), /*hasFailed=*/true);
    const Error& error = *m_session.error();
    if (error.code == ErrorCode::Cancelled)
        return m_banner->showMessage(ErrorBanner::Severity::Info, tr("Cancelled. What was uploaded stays on the host for the next time."));
    if (!m_session.wasRolledOut())
        return m_banner->showError(error);
    const control::DeployPlan& plan = m_session.plan();
    const QString after = plan.isNew ? tr("It was the first revision, so the app is gone again.")
                                     : tr("The old revision (%1) still serves.").arg(qs(plan.currentRevision.substr(0, kShortId)));
    m_banner->showMessage(ErrorBanner::Severity::Error,
        tr("Revision %1 did not start: %2 %3").arg(m_session.receipt().number).arg(qs(error.message), after), qs(error.detail));
    m_banner->setAction(tr("Show logs"), [this] {
        control::LogQuery query;
        query.app = m_session.receipt().app;
        query.level = "warning";
        m_studio.targets.setCurrent(m_session.target());
        m_studio.navigator.showLogs(query);
        dismiss();
    });
}

void DeploySheet::onPrimary()
{
    switch (m_session.state()) {
    case State::Ready:
        if (m_document && m_document->text() == m_checkedText)
            return m_session.deploy(m_options->options());
        if (m_document && save(*m_document))
            readAgain(); // it changed meanwhile: what was checked is not what would go
        return;
    case State::Failed: return begin();
    case State::Done:
        m_studio.navigator.showPage(PageId::Deployments);
        return dismiss();
    default: return;
    }
}

void DeploySheet::openPlayground()
{
    Target* const target = m_session.target();
    if (!target)
        return;
    m_studio.targets.setCurrent(target);
    Generation call;
    call.target = target->name();
    call.app = qs(m_session.receipt().app);
    call.endpoint = QStringLiteral("/");
    call.revision = qs(m_session.receipt().revision);
    m_studio.navigator.replay(call);
    dismiss();
}

void addDeployCommand(Studio& studio, QWidget* over)
{
    const CommandSpec spec{.id = QStringLiteral("deploy.open"), .group = DeploySheet::tr("Deployments"), .text = DeploySheet::tr("Deploy…"),
        .icon = QStringLiteral("cloud-upload"), .shortcut = QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_D),
        .tip = DeploySheet::tr("Makes a revision of the definition that is open and lets an app of a host serve it")};
    studio.commands.add(spec, [&studio, over, sheet = QPointer<DeploySheet>()]() mutable {
        if (!sheet)
            sheet = new DeploySheet(studio, over);
        sheet->begin();
    });
}

} // namespace tintype::ui
