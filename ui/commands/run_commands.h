// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace tintype::ui {

struct Studio;

/// "run.start" and "run.stop": the current definition on the current target. Run saves the definition first.
void addRunCommands(Studio& studio);

} // namespace tintype::ui
