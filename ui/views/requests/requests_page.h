// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/request_model.h"
#include "ui/views/requests/request_feed.h"

#include <QTimer>
#include <QWidget>

class QAction;
class QLabel;
class QStackedLayout;
class QTableView;

namespace tintype::ui {

class EmptyState;
class ErrorBanner;
class RequestFilterBar;
class RequestPanel;
struct Studio;

/// Every request of the current host, live ones on top, and all that is known of the one that is chosen.
class RequestsPage : public QWidget {
    Q_OBJECT

public:
    explicit RequestsPage(Studio& studio, QWidget* parent = nullptr);
    ~RequestsPage() override;

    RequestModel& model() { return m_model; }
    RequestFeed& feed() { return m_feed; }
    void showRequests(const control::RequestQuery& query);
    void showRequest(const QString& id); ///< also one that the list does not show

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    void addCommands();
    void layOut();
    QWidget* makeTable();
    QWidget* makeDetail();
    void setTarget(Target* target);
    void choose(const std::string& id);
    void onSelected();
    void keepSelection();
    void showState();
    void showEmptyText();
    void updateActions();
    void replay();
    void cancel();
    void copyAsCurl();
    void showLogs();

    Studio& m_studio;
    RequestModel m_model;
    RequestFeed m_feed;
    QTimer m_clock;
    QPointer<Target> m_target;
    std::string m_chosen; ///< id
    QAction* m_replay = nullptr;
    QAction* m_cancel = nullptr;
    QAction* m_copy = nullptr;
    QAction* m_logs = nullptr;
    QAction* m_refresh = nullptr;
    ErrorBanner* m_banner;
    RequestFilterBar* m_filters;
    QTableView* m_table = nullptr;
    QStackedLayout* m_tableStack = nullptr;
    EmptyState* m_empty = nullptr;
    QLabel* m_count = nullptr;
    QStackedLayout* m_detailStack = nullptr;
    RequestPanel* m_panel = nullptr;
};

} // namespace tintype::ui
