// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/studio.h"

#include <QWidget>

namespace tintype::control {
struct LogQuery;
}

namespace tintype::ui {

class LogFilterBar;
class LogPane;
class LogVolumeView;
class Target;

/// The log of the whole host: asked for by app, level, time and text; its volume over time; the lines.
class LogsPage : public QWidget {
    Q_OBJECT

public:
    explicit LogsPage(Studio& studio, QWidget* parent = nullptr);

    LogPane& pane() { return *m_pane; }
    LogFilterBar& filterBar() { return *m_filter; }
    LogVolumeView& volumeView() { return *m_volume; }

protected:
    void showEvent(QShowEvent* event) override;

private:
    void setTarget(Target* target);
    void ask();
    void showQuery(const control::LogQuery& query);
    void onFeedState();
    void goTo(qint64 time);

    Studio& m_studio;
    LogFilterBar* m_filter;
    LogPane* m_pane;
    LogVolumeView* m_volume;
};

} // namespace tintype::ui
