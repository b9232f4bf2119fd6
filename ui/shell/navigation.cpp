// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/navigation.h"

#include "ui/commands/commands.h"
#include "ui/commands/studio.h"
#include "ui/theme/theme.h"

#include <QButtonGroup>
#include <QCoreApplication>
#include <QToolButton>
#include <QVBoxLayout>
#include <array>

namespace tintype::ui {
namespace {

constexpr int kWidthSteps = 40;

constexpr std::array<PageName, kPageCount> kPages{{
    {"page.apps", QT_TRANSLATE_NOOP("page", "Apps"), "document-edit"},
    {"page.playground", QT_TRANSLATE_NOOP("page", "Playground"), "draw-brush"},
    {"page.deployments", QT_TRANSLATE_NOOP("page", "Deployments"), "cloud-upload"},
    {"page.requests", QT_TRANSLATE_NOOP("page", "Requests"), "view-list-details"},
    {"page.analytics", QT_TRANSLATE_NOOP("page", "Analytics"), "office-chart-bar"},
    {"page.logs", QT_TRANSLATE_NOOP("page", "Logs"), "text-x-log"},
    {"page.models", QT_TRANSLATE_NOOP("page", "Models"), "drive-harddisk"},
    {"page.hosts", QT_TRANSLATE_NOOP("page", "Hosts"), "network-server"},
}};

} // namespace

const PageName& pageName(PageId page)
{
    return kPages[static_cast<std::size_t>(page)];
}

Navigation::Navigation(Studio& studio, QWidget* parent)
    : QFrame(parent)
    , m_group(new QButtonGroup(this))
{
    setAccessibleName(tr("Pages"));
    setFixedWidth(Theme::space(kWidthSteps));
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(2), Theme::space(2), Theme::space(2), Theme::space(2));
    column->setSpacing(Theme::space(1));
    for (int i = 0; i < kPageCount; ++i) {
        const auto page = static_cast<PageId>(i);
        const QString text = QCoreApplication::translate("page", pageName(page).text);
        QAction* const action = studio.commands.add({.id = QLatin1String(pageName(page).id), .group = tr("Go to"), .text = text,
            .icon = QLatin1String(pageName(page).icon), .shortcut = QKeySequence(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_1 + i)), .tip = {}},
            [&studio, page] { studio.navigator.showPage(page); });
        auto* const button = new QToolButton;
        button->setProperty("role", QStringLiteral("navigation"));
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        button->setIcon(studio.theme.icon(QLatin1String(pageName(page).icon), ColorToken::Text));
        button->setText(QStringLiteral(" ") + text);
        button->setToolTip(action->toolTip());
        button->setCheckable(true);
        m_group->addButton(button, i);
        connect(button, &QToolButton::clicked, action, &QAction::trigger);
        column->addWidget(button);
    }
    column->addStretch(1);
}

void Navigation::setCurrent(PageId page)
{
    m_group->button(static_cast<int>(page))->setChecked(true);
}

} // namespace tintype::ui
