// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/log_dock.h"

#include "ui/commands/run_session.h"
#include "ui/commands/studio.h"
#include "ui/views/run/run_stages.h"
#include "ui/widgets/log_pane.h"

#include <QHBoxLayout>
#include <QSplitter>

namespace tintype::ui {
namespace {

constexpr int kStagesWidth = 340;
constexpr int kLogWidth = 800;

} // namespace

LogDock::LogDock(Studio& studio, QWidget* parent)
    : QFrame(parent)
{
    setProperty("role", QStringLiteral("page"));
    auto* const stages = new RunStages(studio.theme, studio.run);
    auto* const split = new QSplitter;
    split->setObjectName(QStringLiteral("dock-parts"));
    split->addWidget(stages);
    split->addWidget(new LogPane(studio, LogPane::Kind::Dock));
    split->setStretchFactor(1, 1);
    split->setSizes({kStagesWidth, kLogWidth});
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(split);

    const auto show = [stages, &studio] { stages->setVisible(!studio.run.stages().empty() || !studio.run.lastStages().empty()); };
    connect(&studio.run, &RunSession::stagesChanged, stages, show);
    connect(&studio.run, &RunSession::stateChanged, stages, show);
    show();
}

} // namespace tintype::ui
