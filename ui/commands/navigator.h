// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/request_values.h"
#include "ui/models/generation.h"

#include <QObject>

namespace tintype::ui {

enum class PageId { Apps, Playground, Deployments, Requests, Analytics, Logs, Models, Hosts };

/// Ways from one page to another: the window shows the page, the page shows what is meant. Carries values, keeps nothing.
class Navigator : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    void showPage(PageId page) { Q_EMIT pageWanted(page); }

    /// Records of the current target that match: a cell of a heat map, the failures of a replica.
    void showRequests(const control::RequestQuery& query)
    {
        Q_EMIT pageWanted(PageId::Requests);
        Q_EMIT requestsWanted(query);
    }
    void showRequest(const QString& id)
    {
        Q_EMIT pageWanted(PageId::Requests);
        Q_EMIT requestWanted(id);
    }
    void showLogs(const control::LogQuery& query)
    {
        Q_EMIT pageWanted(PageId::Logs);
        Q_EMIT logsWanted(query);
    }

    /// Fills the playground with a call (app, endpoint, input or form; the rest may be empty) without running it.
    void replay(const Generation& generation)
    {
        Q_EMIT pageWanted(PageId::Playground);
        Q_EMIT replayWanted(generation);
    }

    /// A picture file for the playground, which takes its settings.
    void openPicture(const QString& path)
    {
        Q_EMIT pageWanted(PageId::Playground);
        Q_EMIT pictureWanted(path);
    }

    /// A model folder for the editor: a new definition that uses it.
    void useModel(const QString& folder)
    {
        Q_EMIT pageWanted(PageId::Apps);
        Q_EMIT modelWanted(folder);
    }

Q_SIGNALS:
    void pageWanted(tintype::ui::PageId page);
    void requestsWanted(const tintype::control::RequestQuery& query);
    void requestWanted(const QString& id);
    void logsWanted(const tintype::control::LogQuery& query);
    void replayWanted(const tintype::ui::Generation& generation);
    void pictureWanted(const QString& path);
    void modelWanted(const QString& folder);
};

} // namespace tintype::ui
