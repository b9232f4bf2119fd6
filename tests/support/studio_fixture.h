// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/fake_control.h"
#include "ui/commands/commands.h"
#include "ui/commands/navigator.h"
#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

namespace tintype::test {

/// Everything that a page is made with, on a recording Control: `control` is the one of this machine, connected.
struct StudioFixture {
    QTemporaryDir folder;
    QSettings settings{folder.filePath(QStringLiteral("studio.ini")), QSettings::IniFormat};
    ui::Theme theme{*qApp, settings};
    ui::Commands commands{theme, settings};
    ui::Navigator navigator;
    std::vector<FakeControl*> controls; ///< in the order in which they were made; the targets own them
    ui::Targets targets{folder.filePath(QStringLiteral("hosts.json")).toStdString(), [this](const control::HostAddress&) {
        auto made = std::make_unique<FakeControl>();
        controls.push_back(made.get());
        return made;
    }};
    ui::Workspace workspace{settings, folder.filePath(QStringLiteral("recovery"))};
    ui::RunSession run;
    ui::Studio studio{theme, settings, commands, navigator, targets, workspace, run};

    StudioFixture() { targets.setLocal({}); }
    FakeControl& control() { return *controls.front(); }
    ui::Target& target() { return *targets.current(); }
};

} // namespace tintype::test
