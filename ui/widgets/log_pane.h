// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/log_feed.h"
#include "ui/commands/studio.h"
#include "ui/models/log_search.h"
#include "ui/widgets/log_view.h"

#include <QWidget>

class QComboBox;
class QHBoxLayout;
class QToolButton;

namespace tintype::ui {

class ErrorBanner;
class LogScopeBox;
class LogSearchBar;

/// The log of the current target, with all that one does with it: scope, level, search, columns, copy, save, clear.
class LogPane : public QWidget {
    Q_OBJECT

public:
    enum class Kind {
        Dock, ///< everything that the host tells, filtered here; goes to the app that Run starts
        Page, ///< what a query of the page asks for: without scope and level
    };

    LogPane(Studio& studio, Kind kind, QWidget* parent = nullptr);
    ~LogPane() override;

    LogModel& model() { return m_model; }
    LogSearch& search() { return m_search; }
    LogFeed& feed() { return m_feed; }
    LogView& view() { return *m_view; }
    LogSearchBar& searchBar() { return *m_searchBar; }
    LogScopeBox& scopeBox() { return *m_scope; }

    void setLevel(LogLevel level); ///< and worse
    void showAll();                ///< takes scope, level and "only matches" back
    void showInContext(LineId line);
    void step(bool isForward);     ///< to the next or previous match
    void findText();               ///< puts the cursor into the search field

    // Off the GUI thread; then the banner tells what went wrong.
    void copy();
    void copyWithDetails();
    void saveTo(const QString& path); ///< the lines shown

Q_SIGNALS:
    void copied();
    void saved(const QString& path);
    void appWanted(const QString& app); ///< Page: "only this app" and the like, from the menu of a line
    void replicaWanted(const QString& app, const QString& replica);
    void requestWanted(const QString& app, const QString& request);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    // log_pane.cpp
    QHBoxLayout* makeToolbar();
    void makeLevels();
    void followRun();
    void setTarget(Target* target);
    void applyFilter();
    void considerOlder(bool byUser);
    void showState();
    QString noteText() const;
    void showEmptyText();
    std::optional<std::int64_t> currentMatchNumber() const;

    // log_pane_actions.cpp
    void addCommands();
    QToolButton* makeMenuButton(const QString& icon, const QString& tip);
    QToolButton* makeColumnsButton();
    QToolButton* makeMoreButton();
    void loadColumns();
    void saveColumns();
    void showMenu(const QPoint& position, LineId line);
    void narrowTo(const QString& app, const QString& replica, const QString& request);
    void chooseFile();
    void clearLog();
    void reloadLog();
    void copyText(const std::function<QString()>& make);

    Studio& m_studio;
    const Kind m_kind;
    LogModel m_model;
    LogSearch m_search;
    LogFeed m_feed;
    LogView* m_view;
    ErrorBanner* m_banner;
    LogScopeBox* m_scope;
    QComboBox* m_level;
    LogSearchBar* m_searchBar;
    LogColumns m_columns;
    std::optional<LineId> m_currentMatch;
    std::optional<Error> m_shownError; ///< of the feed; once dismissed it stays away
    int m_pagesLeft = 0; ///< that are fetched without being asked for, to fill the view
    bool m_wasCleared = false;
};

} // namespace tintype::ui
