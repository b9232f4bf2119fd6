// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

class QSettings;

namespace tintype::ui {

class Commands;
class Navigator;
class RunSession;
class Targets;
class Theme;
class Workspace;

/// What every page is made with. Made in main (or in a test), outlives the window.
struct Studio {
    Theme& theme;
    QSettings& settings;
    Commands& commands;
    Navigator& navigator;
    Targets& targets;
    Workspace& workspace;
    RunSession& run;
};

} // namespace tintype::ui
