// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/pages.h"

#include "ui/views/analytics/analytics_page.h"
#include "ui/views/apps/apps_page.h"
#include "ui/views/deployments/deployments_page.h"
#include "ui/views/hosts/hosts_page.h"
#include "ui/views/logs/logs_page.h"
#include "ui/views/models/models_page.h"
#include "ui/views/playground/playground_page.h"
#include "ui/views/requests/requests_page.h"

namespace tintype::ui {

QWidget* makePage(PageId page, Studio& studio)
{
    switch (page) {
    case PageId::Apps: return new AppsPage(studio);
    case PageId::Playground: return new PlaygroundPage(studio);
    case PageId::Deployments: return new DeploymentsPage(studio);
    case PageId::Requests: return new RequestsPage(studio);
    case PageId::Analytics: return new AnalyticsPage(studio);
    case PageId::Logs: return new LogsPage(studio);
    case PageId::Models: return new ModelsPage(studio);
    case PageId::Hosts: return new HostsPage(studio);
    }
    return nullptr;
}

} // namespace tintype::ui
