// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/models/format.h"
#include "ui/models/log_export.h"
#include "ui/theme/theme.h"
#include "ui/widgets/error_banner.h"
#include "ui/widgets/log_pane.h"
#include "ui/widgets/log_scope_box.h"

#include <QApplication>
#include <QClipboard>
#include <QDateTime>
#include <QFileDialog>
#include <QFuture>
#include <QMenu>
#include <QPromise>
#include <QSettings>
#include <QThreadPool>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr std::size_t kMostCopied = 64'000'000; ///< bytes
constexpr auto kColumnsKey = "log/columns";

QString nameOf(std::string_view name)
{
    return QString::fromUtf8(name.data(), static_cast<qsizetype>(name.size()));
}

/// Runs `make` on another thread.
template <class T>
QFuture<T> inBackground(std::function<T()> make)
{
    const auto promise = std::make_shared<QPromise<T>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, make = std::move(make)] {
        promise->addResult(make());
        promise->finish();
    });
    return promise->future();
}

/// The pane that a command means: where the focus is, or the one of the page in front, or that of the dock.
bool isMeant(const LogPane& pane, bool isOfPage)
{
    if (!pane.isVisible())
        return false;
    const QWidget* const focused = QApplication::focusWidget();
    const auto panes = pane.window()->findChildren<LogPane*>();
    for (const LogPane* const other : panes) {
        if (other->isVisible() && other->isAncestorOf(focused))
            return other == &pane;
    }
    return isOfPage || std::ranges::none_of(panes, [&](const LogPane* other) { return other != &pane && other->isVisible(); });
}

} // namespace

void LogPane::addCommands()
{
    const auto add = [this](const QString& id, const QString& text, const QString& icon, const QKeySequence& shortcut, auto run) {
        QAction* action = m_studio.commands.find(id);
        if (!action)
            action = m_studio.commands.add({.id = id, .group = tr("Log"), .text = text, .icon = icon, .shortcut = shortcut, .tip = {}}, [] {});
        connect(action, &QAction::triggered, this, [this, run] {
            if (isMeant(*this, m_kind == Kind::Page))
                run();
        });
    };
    add(QStringLiteral("log.find"), tr("Search the log"), QStringLiteral("edit-find"), QKeySequence(tr("Ctrl+Shift+L")), [this] { findText(); });
    add(QStringLiteral("log.follow"), tr("Follow the newest log line"), QStringLiteral("arrow-down"), {}, [this] { m_view->follow(); });
    add(QStringLiteral("log.errors"), tr("Show only errors of the log"), QStringLiteral("data-error"), {}, [this] { setLevel(LogLevel::Error); });
    add(QStringLiteral("log.all"), tr("Show all lines of the log"), QStringLiteral("text-x-log"), {}, [this] { showAll(); });
    add(QStringLiteral("log.save"), tr("Save the log…"), QStringLiteral("document-save"), {}, [this] { chooseFile(); });
    add(QStringLiteral("log.clear"), tr("Clear the log"), QStringLiteral("edit-clear"), {}, [this] { clearLog(); });
    add(QStringLiteral("log.reload"), tr("Load the log anew"), QStringLiteral("view-refresh"), {}, [this] { reloadLog(); });
}

QToolButton* LogPane::makeMenuButton(const QString& icon, const QString& tip)
{
    auto* const button = new QToolButton;
    button->setIcon(m_studio.theme.icon(icon));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setPopupMode(QToolButton::InstantPopup);
    button->setMenu(new QMenu(button));
    return button;
}

QToolButton* LogPane::makeMoreButton()
{
    QToolButton* const button = makeMenuButton(QStringLiteral("overflow-menu"), tr("Copy, save, clear"));
    const auto add = [&](const QString& icon, const QString& text, void (LogPane::*run)()) {
        button->menu()->addAction(m_studio.theme.icon(icon), text, this, run);
    };
    add(QStringLiteral("edit-copy"), tr("Copy the selected text"), &LogPane::copy);
    add(QStringLiteral("edit-copy"), tr("Copy with time, level and names"), &LogPane::copyWithDetails);
    add(QStringLiteral("document-save"), tr("Save the lines shown…"), &LogPane::chooseFile);
    button->menu()->addSeparator();
    add(QStringLiteral("view-refresh"), tr("Load anew from the host"), &LogPane::reloadLog);
    add(QStringLiteral("edit-clear"), tr("Clear here; the host keeps its lines"), &LogPane::clearLog);
    return button;
}

QToolButton* LogPane::makeColumnsButton()
{
    QToolButton* const button = makeMenuButton(QStringLiteral("object-columns"), tr("What stands before each line"));
    QMenu* const menu = button->menu();
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        const auto add = [&](const QString& text, bool LogColumns::*column) {
            QAction* const action = menu->addAction(text);
            action->setCheckable(true);
            action->setChecked(m_columns.*column);
            connect(action, &QAction::toggled, this, [this, column](bool isOn) {
                m_columns.*column = isOn;
                saveColumns();
            });
            return action;
        };
        add(tr("Time"), &LogColumns::time);
        add(tr("Time in UTC"), &LogColumns::utc)->setEnabled(m_columns.time);
        menu->addSeparator();
        add(tr("App"), &LogColumns::app);
        add(tr("Replica"), &LogColumns::replica);
        add(tr("Request"), &LogColumns::request);
    });
    return button;
}

void LogPane::loadColumns()
{
    const QString fallback = QStringLiteral("time,app,request");
    const QStringList names = m_studio.settings.value(QLatin1String(kColumnsKey), fallback).toString().split(QLatin1Char(','));
    m_columns = {.time = names.contains(QLatin1String("time")), .utc = names.contains(QLatin1String("utc")),
        .app = names.contains(QLatin1String("app")), .replica = names.contains(QLatin1String("replica")),
        .request = names.contains(QLatin1String("request"))};
    m_view->setColumns(m_columns);
}

void LogPane::saveColumns()
{
    const std::pair<const char*, bool> columns[] = {{"time", m_columns.time}, {"utc", m_columns.utc}, {"app", m_columns.app},
        {"replica", m_columns.replica}, {"request", m_columns.request}};
    QStringList names;
    for (const auto& [name, isShown] : columns) {
        if (isShown)
            names += QLatin1String(name);
    }
    m_studio.settings.setValue(QLatin1String(kColumnsKey), names.join(QLatin1Char(',')));
    m_view->setColumns(m_columns);
}

void LogPane::showMenu(const QPoint& position, LineId line)
{
    auto* const menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(m_studio.theme.icon(QStringLiteral("edit-copy")), tr("Copy"), this, &LogPane::copy);
    menu->addAction(tr("Copy with time, level and names"), this, &LogPane::copyWithDetails);
    menu->addAction(tr("Select all"), m_view, &LogView::selectAll);
    if (line >= m_model.first() && line < m_model.end()) {
        const LogEntry entry = m_model.at(line);
        const QString app = nameOf(entry.app);
        const QString replica = nameOf(entry.replica);
        const QString request = nameOf(entry.request);
        menu->addSeparator();
        menu->addAction(tr("Show it among all lines"), this, [this, line] { showInContext(line); });
        if (!app.isEmpty())
            menu->addAction(tr("Only app %1").arg(app), this, [=, this] { narrowTo(app, {}, {}); });
        if (!replica.isEmpty())
            menu->addAction(tr("Only replica %1").arg(replica), this, [=, this] { narrowTo(app, replica, {}); });
        if (!request.isEmpty()) {
            menu->addAction(tr("Only request %1").arg(request), this, [=, this] { narrowTo(app, {}, request); });
            menu->addSeparator();
            menu->addAction(tr("Go to the request"), this, [=, this] { m_studio.navigator.showRequest(request); });
        }
    }
    menu->popup(position);
}

void LogPane::narrowTo(const QString& app, const QString& replica, const QString& request)
{
    if (m_kind == Kind::Dock)
        m_scope->setScope({.app = app, .replica = replica, .request = request});
    else if (!request.isEmpty())
        Q_EMIT requestWanted(app, request);
    else if (!replica.isEmpty())
        Q_EMIT replicaWanted(app, replica);
    else
        Q_EMIT appWanted(app);
}

void LogPane::copy()
{
    copyText([selected = m_view->selected()] { return plainText(selected.lines, selected.from, selected.to, kMostCopied); });
}

void LogPane::copyWithDetails()
{
    copyText([selected = m_view->selected()] { return fullText(selected.lines, kMostCopied); });
}

void LogPane::copyText(const std::function<QString()>& make)
{
    inBackground<QString>(make).then(this, [this](const QString& text) {
        if (text.isEmpty())
            return;
        QApplication::clipboard()->setText(text);
        if (static_cast<std::size_t>(text.size()) >= kMostCopied)
            m_banner->showMessage(ErrorBanner::Severity::Info,
                tr("The first %1 were copied; save the log to have all of it.").arg(formatBytes(kMostCopied)));
        Q_EMIT copied();
    });
}

void LogPane::chooseFile()
{
    const QString name = QStringLiteral("tintype-%1.log").arg(QDateTime::currentDateTime().toString(QStringLiteral("yyyy-MM-dd-HHmmss")));
    auto* const dialog = new QFileDialog(this, tr("Save the lines shown"), name, tr("Log files (*.log *.txt);;All files (*)"));
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QFileDialog::fileSelected, this, &LogPane::saveTo);
    dialog->open();
}

void LogPane::saveTo(const QString& path)
{
    inBackground<Result<>>([lines = m_search.extract(0, m_search.rowCount()), path] { return saveLines(lines, path); })
        .then(this, [this, path](const Result<>& outcome) {
            if (!outcome)
                m_banner->showError(outcome.error());
            else
                Q_EMIT saved(path);
        });
}

void LogPane::clearLog()
{
    m_wasCleared = true;
    m_feed.clear();
}

void LogPane::reloadLog()
{
    m_wasCleared = false;
    m_feed.reload();
}

} // namespace tintype::ui
