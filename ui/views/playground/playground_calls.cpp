// SPDX-License-Identifier: GPL-3.0-or-later
// The part of PlaygroundPage that turns the form into jobs, and old calls and pictures into the form.
#include "ui/commands/commands.h"
#include "ui/models/format.h"
#include "ui/models/json_text.h"
#include "ui/models/prompt_matrix.h"
#include "ui/views/playground/app_picker.h"
#include "ui/views/playground/call_panel.h"
#include "ui/views/playground/grid_sheet.h"
#include "ui/views/playground/playground_page.h"
#include "ui/views/playground/result_pane.h"
#include "ui/views/playground/schema_form.h"
#include "ui/widgets/error_banner.h"

#include <QStackedWidget>
#include <QDragEnterEvent>
#include <QFile>
#include <QFileInfo>
#include <QFuture>
#include <QMimeData>
#include <QPointer>
#include <utility>

namespace tintype::ui {
namespace {

constexpr qint64 kMostPictureBytes = 256LL << 20;
constexpr int kShortHash = 8;

QString makerKey(const QString& app, const QString& revision)
{
    return app + u'@' + revision;
}

quint64 seedOf(const QString& input)
{
    return wholeOfJson(jsonMember(jsonMembers(input), QStringLiteral("seed"))).value_or(0);
}

GridParameter::Type gridType(SchemaField::Kind kind)
{
    switch (kind) {
    case SchemaField::Kind::Integer:
    case SchemaField::Kind::Seed: return GridParameter::Type::Integer;
    case SchemaField::Kind::Number: return GridParameter::Type::Number;
    case SchemaField::Kind::Flag: return GridParameter::Type::Boolean;
    case SchemaField::Kind::Choice: return GridParameter::Type::Choice;
    case SchemaField::Kind::Size: return GridParameter::Type::Size;
    case SchemaField::Kind::Text:
    case SchemaField::Kind::Prompt:
    case SchemaField::Kind::Picture:
    case SchemaField::Kind::Json: break;
    }
    return GridParameter::Type::Text;
}

/// What an axis can go through: everything that is a plain value.
QVector<GridParameter> gridParameters(const QVector<SchemaField>& fields)
{
    QVector<GridParameter> parameters;
    for (const SchemaField& field : fields) {
        if (field.kind == SchemaField::Kind::Picture || field.kind == SchemaField::Kind::Json)
            continue;
        GridParameter parameter{field.name, field.title, gridType(field.kind), field.low, field.high, {}};
        for (const QString& choice : field.choices)
            parameter.choices += textOfJson(choice).value_or(choice);
        parameters += parameter;
    }
    return parameters;
}

using FileAndRecall = std::pair<QByteArray, Result<PictureRecall>>;

FileAndRecall readPictureFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return {{}, fail(ErrorCode::Io, "cannot read " + path.toStdString() + ": " + file.errorString().toStdString())};
    if (file.size() > kMostPictureBytes)
        return {{}, fail(ErrorCode::QuotaExceeded, path.toStdString() + " is too large for a picture of the playground")};
    const QByteArray bytes = file.readAll();
    return {bytes, recallPicture(bytes)};
}

bool isPictureFile(const QMimeData& data)
{
    const QList<QUrl> urls = data.urls();
    return !urls.isEmpty() && urls.front().isLocalFile()
        && urls.front().fileName().endsWith(QLatin1String(".png"), Qt::CaseInsensitive);
}

} // namespace

void PlaygroundPage::generate()
{
    Target* const target = m_panel->picker().target();
    if (!target || !m_panel->canCall())
        return;
    if (const QString problem = m_panel->form().problem(); !problem.isEmpty()) {
        m_banner->showMessage(ErrorBanner::Severity::Warning, problem);
        m_panel->form().focusProblem();
        return;
    }
    m_banner->clear();
    setWatching(true);
    const Generation call = m_panel->call();
    m_panel->form().advanceSeed();
    addResolved(call, *target);
}

/// Wildcards first: their lists are files, so another thread reads them.
void PlaygroundPage::addResolved(const Generation& call, Target& target)
{
    const PromptMode mode = m_panel->wantsAllPrompts() ? PromptMode::All : PromptMode::Pick;
    const auto resolve = [input = call.input, mode] {
        return resolvePrompts(input, WordLists::load(WordLists::defaultFolder()), mode, seedOf(input));
    };
    QtFuture::makeReadyFuture()
        .then(QtFuture::Launch::Async, resolve)
        .then(this, [this, call, host = QPointer<Target>(&target)](const Result<ResolvedInputs>& resolved) {
            if (!resolved)
                return m_banner->showError(resolved.error());
            if (!resolved->warnings.isEmpty())
                m_banner->showMessage(ErrorBanner::Severity::Warning, resolved->warnings.join(u' '));
            if (host)
                add(call, resolved->inputs, *host);
        });
}

/// The grid's base has its wildcards resolved, by chance.
void PlaygroundPage::showGrid()
{
    const Target* target = m_panel->picker().target();
    const control::AppInfo* app = m_panel->picker().app();
    if (!target || !app || !m_panel->canCall())
        return;
    setWatching(false);
    Generation base = m_panel->call();
    base.target = target->name();
    base.revision = qs(app->revision);
    m_grid->setParameters(gridParameters(m_panel->form().fields()));
    m_views->setCurrentWidget(m_grid);
    const auto resolve = [input = base.input] {
        return resolvePrompts(input, WordLists::load(WordLists::defaultFolder()), PromptMode::Pick, seedOf(input));
    };
    QtFuture::makeReadyFuture().then(QtFuture::Launch::Async, resolve).then(this, [this, base](const Result<ResolvedInputs>& resolved) {
        Generation call = base;
        if (resolved && !resolved->inputs.isEmpty())
            call.input = resolved->inputs.front();
        m_grid->setBase(call);
    });
}

void PlaygroundPage::add(const Generation& call, const QStringList& inputs, Target& target)
{
    for (const QString& input : inputs) {
        Generation generation = call;
        generation.input = input;
        m_jobs.add(target, generation);
    }
}

/// Fills the form with an old call, and says why the same call may give another picture now.
void PlaygroundPage::restore(const Generation& generation)
{
    m_banner->clear();
    m_panel->fill(generation);
    const control::AppInfo* app = m_panel->picker().app();
    if (!generation.app.isEmpty() && (!app || generation.app != qs(app->name))) {
        m_banner->showMessage(ErrorBanner::Severity::Warning,
            tr("The app %1 is not on this host: the values went into the form of the app that is chosen, as far as it has them.").arg(generation.app));
    } else if (app && !generation.revision.isEmpty() && generation.revision != qs(app->revision)) {
        m_banner->showMessage(ErrorBanner::Severity::Info,
            tr("That was revision %1 of %2, which serves %3 now: the same call may give another picture.")
                .arg(generation.revision.left(kShortHash), generation.app, qs(app->revision).left(kShortHash)));
    }
}

/// Remembers what pictures of this revision say about their making, to tell later whether another picture can be drawn again here.
void PlaygroundPage::learn(const Generation& generation)
{
    const QString key = makerKey(generation.app, generation.revision);
    if (generation.pictures.isEmpty() || m_makers.contains(key))
        return;
    QtFuture::makeReadyFuture()
        .then(QtFuture::Launch::Async, [file = generation.pictures.front()] { return recallPicture(file); })
        .then(this, [this, key](const Result<PictureRecall>& recall) {
            if (recall)
                m_makers.insert(key, *recall);
        });
}

ReplayPlace PlaygroundPage::replayPlace() const
{
    ReplayPlace place;
    const AppPicker& picker = m_panel->picker();
    const control::AppInfo* app = picker.app();
    if (!app)
        return place;
    const Target& target = *picker.target();
    if (target.hostInfo())
        place.engine = QLatin1String("Tintype ") + qs(target.hostInfo()->version);
    for (const domain::ReplicaInfo& replica : target.replicas()) {
        if (replica.app == app->name && domain::isReady(replica.state))
            place.device = qs(replica.device);
    }
    if (const auto maker = m_makers.constFind(makerKey(qs(app->name), qs(app->revision))); maker != m_makers.cend()) {
        place.engine = maker->engine;
        place.device = maker->device;
        place.weightsHashes = {maker->weightsHash};
    }
    return place;
}

void PlaygroundPage::openPicture(const QString& path)
{
    QtFuture::makeReadyFuture()
        .then(QtFuture::Launch::Async, [path] { return readPictureFile(path); })
        .then(this, [this, path](const FileAndRecall& read) { onRecalled(path, read.first, read.second); });
}

void PlaygroundPage::onRecalled(const QString& path, const QByteArray& file, const Result<PictureRecall>& recall)
{
    if (!recall)
        m_banner->showError(recall.error());
    if (file.isEmpty())
        return;
    Generation generation;
    generation.id = path + u'@' + QString::number(toMilliseconds(wallClockNow()));
    generation.pictures = {file};
    if (recall) {
        generation.input = recall->input;
        generation.seed = seedOf(recall->input);
        m_panel->fill(generation);
        const QStringList notes = replayNotes(*recall, replayPlace());
        const QString name = QFileInfo(path).fileName();
        m_banner->showMessage(notes.isEmpty() ? ErrorBanner::Severity::Info : ErrorBanner::Severity::Warning,
            notes.isEmpty() ? tr("The settings of %1 are in the form; nothing known speaks against drawing it again exactly.").arg(name)
                            : tr("The settings of %1 are in the form, but drawing it again may not give the same pixels. %2").arg(name, notes.front()),
            notes.join(u'\n'));
    }
    setWatching(false);
    show(generation);
}

void PlaygroundPage::dragEnterEvent(QDragEnterEvent* event)
{
    if (isPictureFile(*event->mimeData()))
        event->acceptProposedAction();
}

void PlaygroundPage::dropEvent(QDropEvent* event)
{
    if (!isPictureFile(*event->mimeData()))
        return;
    event->acceptProposedAction();
    openPicture(event->mimeData()->urls().front().toLocalFile());
}

} // namespace tintype::ui
