// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/error.h"
#include "ui/commands/navigator.h"

#include <QMainWindow>
#include <array>

class QSplitter;
class QStackedWidget;

namespace tintype::ui {

class AboutSheet;
class CommandPalette;
class ErrorBanner;
class LayoutMemory;
class LocalHost;
class Navigation;
class ShortcutsSheet;
struct Studio;

/// Lays out the studio: pages at the left, target and Run above, logs below, status line. No logic beyond that.
class MainWindow : public QMainWindow {
    Q_OBJECT

public:
    /// @param localHost tells when the host of this machine is in trouble; may be null
    MainWindow(Studio& studio, LocalHost* localHost, QWidget* parent = nullptr);
    ~MainWindow() override;

    void showPage(PageId page);
    QWidget* page(PageId page); ///< made when it is asked for first
    void showNotice(const Error& error);

protected:
    void closeEvent(QCloseEvent* event) override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void addCommands();
    void layOut();
    void connectNotices(LocalHost* localHost);
    void makeNextPage();
    void toggleDock();
    void updateTitle();
    void openFile(const QString& path);

    Studio& m_studio;
    LayoutMemory* m_layout;
    QWidget* m_central;
    CommandPalette* m_palette = nullptr;
    ShortcutsSheet* m_shortcuts = nullptr;
    AboutSheet* m_about = nullptr;
    ErrorBanner* m_banner = nullptr;
    Navigation* m_navigation = nullptr;
    QStackedWidget* m_stack = nullptr;
    QSplitter* m_split = nullptr;
    QWidget* m_dock = nullptr;
    std::array<QWidget*, 8> m_pages{};
};

} // namespace tintype::ui
