// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include "ui/commands/commands.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/workspace.h"
#include "ui/shell/about_sheet.h"
#include "ui/shell/command_palette.h"
#include "ui/shell/layout_memory.h"
#include "ui/shell/local_host.h"
#include "ui/shell/log_dock.h"
#include "ui/shell/navigation.h"
#include "ui/shell/pages.h"
#include "ui/shell/shortcuts_sheet.h"
#include "ui/shell/status_line.h"
#include "ui/shell/top_bar.h"
#include "ui/theme/theme.h"
#include "ui/views/deployments/deploy_sheet.h"
#include "ui/widgets/error_banner.h"

#include <QCloseEvent>
#include <QFileInfo>
#include <QDropEvent>
#include <QMimeData>
#include <QSettings>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>
#include <QVBoxLayout>

namespace tintype::ui {
namespace {

constexpr auto kPageKey = "window/page";
constexpr QSize kFirstSize{1280, 800};
constexpr QSize kSmallest{960, 600};
constexpr int kDockShare = 190; ///< first height of the log dock

} // namespace

MainWindow::MainWindow(Studio& studio, LocalHost* localHost, QWidget* parent)
    : QMainWindow(parent)
    , m_studio(studio)
    , m_layout(new LayoutMemory(studio.settings, *this))
    , m_central(new QWidget)
{
    setAcceptDrops(true);
    setMinimumSize(kSmallest);
    resize(kFirstSize);
    addCommands();
    layOut();
    connectNotices(localHost);
    connect(&studio.navigator, &Navigator::pageWanted, this, &MainWindow::showPage);
    connect(&studio.workspace, &Workspace::currentChanged, this, [this](AppDocument* document) {
        m_layout->setProject(document ? document->path() : QString());
        updateTitle();
    });
    m_layout->restoreWindow();
    m_layout->setProject(studio.workspace.current() ? studio.workspace.current()->path() : QString());
    showPage(static_cast<PageId>(std::clamp(studio.settings.value(QLatin1String(kPageKey), 0).toInt(), 0, kPageCount - 1)));
    updateTitle();
    QTimer::singleShot(0, this, &MainWindow::makeNextPage);
}

MainWindow::~MainWindow() = default;

void MainWindow::addCommands()
{
    connect(&m_studio.commands, &Commands::added, this, [this] { addAction(m_studio.commands.all().back().action); });
    for (const Commands::Command& command : m_studio.commands.all())
        addAction(command.action);
    Commands& commands = m_studio.commands;
    commands.add({.id = QStringLiteral("palette.open"), .group = tr("Window"), .text = tr("Commands"),
        .icon = QStringLiteral("edit-find"), .shortcut = Qt::CTRL | Qt::Key_K, .tip = tr("Find and run any command")},
        [this] { m_palette->open(); });
    commands.add({.id = QStringLiteral("shortcuts.open"), .group = tr("Window"), .text = tr("Keyboard shortcuts"),
        .icon = QStringLiteral("configure"), .shortcut = Qt::CTRL | Qt::Key_Slash, .tip = {}}, [this] { m_shortcuts->show(); });
    commands.add({.id = QStringLiteral("view.dock"), .group = tr("Window"), .text = tr("Show or hide logs"),
        .icon = QStringLiteral("text-x-log"), .shortcut = Qt::CTRL | Qt::Key_J, .tip = {}}, [this] { toggleDock(); });
    const std::pair<const char*, Theme::Mode> modes[] = {
        {QT_TR_NOOP("Follow the system's colours"), Theme::Mode::System}, {QT_TR_NOOP("Light colours"), Theme::Mode::Light}, {QT_TR_NOOP("Dark colours"), Theme::Mode::Dark}};
    for (const auto& [text, mode] : modes)
        commands.add({.id = QStringLiteral("theme.%1").arg(static_cast<int>(mode)), .group = tr("Window"), .text = tr(text),
            .icon = QStringLiteral("color-management"), .shortcut = {}, .tip = {}}, [this, mode = mode] { m_studio.theme.setMode(mode); });
    commands.add({.id = QStringLiteral("about.open"), .group = tr("Window"), .text = tr("About Tintype"),
        .icon = QStringLiteral("help-about"), .shortcut = {}, .tip = {}}, [this] { m_about->open(); });
    commands.add({.id = QStringLiteral("window.quit"), .group = tr("Window"), .text = tr("Quit"), .icon = QStringLiteral("process-stop"),
        .shortcut = QKeySequence::Quit, .tip = {}}, [this] { close(); });
}

void MainWindow::layOut()
{
    m_navigation = new Navigation(m_studio);
    m_stack = new QStackedWidget;
    m_stack->setProperty("role", QStringLiteral("page"));
    for (int i = 0; i < kPageCount; ++i)
        m_stack->addWidget(new QWidget);
    m_banner = new ErrorBanner(m_studio.theme);
    m_dock = new LogDock(m_studio);
    m_split = new QSplitter(Qt::Vertical);
    m_split->setObjectName(QStringLiteral("dock-split"));
    m_split->addWidget(m_stack);
    m_split->addWidget(m_dock);
    m_split->setStretchFactor(0, 1);
    m_split->setCollapsible(0, false);
    m_split->setSizes({kFirstSize.height() - kDockShare, kDockShare});

    auto* const row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_navigation);
    row->addWidget(m_split, 1);
    addDeployCommand(m_studio, m_central);
    auto* const column = new QVBoxLayout(m_central);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(new TopBar(m_studio));
    column->addWidget(m_banner);
    column->addLayout(row, 1);
    setCentralWidget(m_central);
    setStatusBar(new StatusLine(m_studio));
    m_palette = new CommandPalette(m_studio.theme, m_studio.commands, this);
    m_shortcuts = new ShortcutsSheet(m_studio.theme, m_studio.commands, m_central);
    m_about = new AboutSheet(m_studio.theme, m_central);
}

void MainWindow::connectNotices(LocalHost* localHost)
{
    connect(&m_studio.run, &RunSession::stateChanged, this, [this](RunSession::State state) {
        if (state == RunSession::State::Failed && m_studio.run.error()) {
            m_banner->showError(*m_studio.run.error());
            m_banner->setAction(tr("Show logs"), [this] { m_studio.navigator.showPage(PageId::Logs); });
        } else if (state == RunSession::State::Preparing) {
            m_banner->clear();
        }
    });
    if (!localHost)
        return;
    connect(localHost, &LocalHost::failed, this, [this, localHost](const Error& error, int seconds) {
        m_banner->showMessage(ErrorBanner::Severity::Warning,
            tr("%1. Next attempt in %2 s.").arg(qs(error.message)).arg(seconds), qs(error.detail));
        m_banner->setAction(tr("Try now"), [localHost] { localHost->start(); });
    });
    connect(localHost, &LocalHost::serving, m_banner, &ErrorBanner::clear);
}

QWidget* MainWindow::page(PageId page)
{
    QWidget*& made = m_pages[static_cast<std::size_t>(page)];
    if (!made) {
        made = makePage(page, m_studio);
        const int index = static_cast<int>(page);
        QWidget* const placeholder = m_stack->widget(index);
        m_stack->removeWidget(placeholder);
        delete placeholder;
        m_stack->insertWidget(index, made);
        m_layout->restore(*made);
    }
    return made;
}

void MainWindow::showNotice(const Error& error)
{
    m_banner->showError(error);
}

/// One page a turn of the event loop, so that the window answers from the beginning.
void MainWindow::makeNextPage()
{
    const auto missing = std::ranges::find(m_pages, nullptr);
    if (missing == m_pages.end())
        return;
    const int shown = m_stack->currentIndex();
    page(static_cast<PageId>(missing - m_pages.begin()));
    m_stack->setCurrentIndex(shown);
    QTimer::singleShot(0, this, &MainWindow::makeNextPage);
}

void MainWindow::showPage(PageId wanted)
{
    m_stack->setCurrentWidget(page(wanted));
    m_navigation->setCurrent(wanted);
    m_studio.settings.setValue(QLatin1String(kPageKey), static_cast<int>(wanted));
    m_dock->setVisible(wanted != PageId::Logs); // which is the same, larger
}

void MainWindow::toggleDock()
{
    const bool isOpen = m_split->sizes().back() > 0 && m_dock->isVisible();
    const int height = m_split->height();
    m_split->setSizes(isOpen ? QList<int>{height, 0} : QList<int>{height - kDockShare, kDockShare});
}

void MainWindow::updateTitle()
{
    const AppDocument* const document = m_studio.workspace.current();
    setWindowTitle(document ? tr("%1 – Tintype").arg(document->name()) : tr("Tintype"));
}

void MainWindow::openFile(const QString& path)
{
    const QFileInfo file(path);
    const QString suffix = file.suffix().toLower();
    if (suffix == QLatin1String("yaml") || suffix == QLatin1String("yml") || suffix == QLatin1String("py")) {
        if (const auto opened = m_studio.workspace.open(path); !opened)
            showNotice(opened.error());
        else
            showPage(PageId::Apps);
    } else if (file.isDir() && QFile::exists(path + QStringLiteral("/app.yaml"))) {
        openFile(path + QStringLiteral("/app.yaml"));
    } else if (file.isDir()) {
        m_studio.navigator.useModel(path);
    } else {
        m_studio.navigator.openPicture(path);
    }
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls() && event->mimeData()->urls().first().isLocalFile())
        event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event)
{
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl& url : urls)
        openFile(url.toLocalFile());
}

void MainWindow::closeEvent(QCloseEvent* event)
{
    m_layout->save();
    m_studio.settings.sync();
    QMainWindow::closeEvent(event);
}

} // namespace tintype::ui
