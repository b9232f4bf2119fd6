// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_scope_box.h"

#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"

#include <QSignalBlocker>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kShownCharacters = 11;
constexpr int kLeastWidthSteps = 22;

} // namespace

LogScopeBox::LogScopeBox(QWidget* parent)
    : QComboBox(parent)
{
    setAccessibleName(tr("Whose lines"));
    setToolTip(tr("Show lines of all apps, of one app, replica or request"));
    setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    setMinimumContentsLength(kShownCharacters);
    setMinimumWidth(Theme::space(kLeastWidthSteps));
    connect(this, &QComboBox::activated, this, [this](int index) { setScope(m_items[static_cast<std::size_t>(index)]); });
    fill();
}

void LogScopeBox::setTarget(Target* target)
{
    if (m_target)
        m_target->disconnect(this);
    m_target = target;
    if (target) {
        connect(target, &Target::appsChanged, this, &LogScopeBox::fill);
        connect(target, &Target::replicasChanged, this, &LogScopeBox::fill);
    }
    fill();
}

void LogScopeBox::setScope(const Scope& scope)
{
    if (scope == m_scope)
        return;
    m_scope = scope;
    fill();
    Q_EMIT scopeChanged();
}

QString LogScopeBox::textOf(const Scope& scope)
{
    if (!scope.request.isEmpty())
        return tr("Request %1").arg(scope.request);
    if (!scope.replica.isEmpty())
        return tr("Replica %1").arg(scope.replica);
    return scope.app.isEmpty() ? tr("All apps") : scope.app;
}

void LogScopeBox::fill()
{
    std::vector<Scope> items{{}};
    if (m_target) {
        for (const control::AppInfo& app : m_target->apps()) {
            items.push_back({.app = qs(app.name), .replica = {}, .request = {}});
            for (const domain::ReplicaInfo& replica : m_target->replicas()) {
                if (replica.app == app.name && !replica.endedAt)
                    items.push_back({.app = qs(app.name), .replica = qs(replica.id), .request = {}});
            }
        }
    }
    auto chosen = std::ranges::find(items, m_scope);
    if (chosen == items.end())
        chosen = items.insert(items.begin() + 1, m_scope);
    if (items == m_items && currentIndex() == chosen - items.begin())
        return;
    const QSignalBlocker blocker(this);
    clear();
    for (const Scope& item : items)
        addItem(textOf(item));
    setCurrentIndex(static_cast<int>(chosen - items.begin()));
    m_items = std::move(items);
}

} // namespace tintype::ui
