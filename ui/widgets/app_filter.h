// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/targets.h"

#include <QPointer>
#include <QWidget>
#include <string>

class QComboBox;

namespace tintype::ui {

/// Chooses an app of the current target, or all, and one of its endpoints, or all. A chosen app that is gone stays chosen: its records
/// are still there.
class AppFilter : public QWidget {
    Q_OBJECT

public:
    explicit AppFilter(const Targets& targets, QWidget* parent = nullptr);

    const std::string& app() const { return m_app; }           ///< empty = all
    const std::string& endpoint() const { return m_endpoint; } ///< empty = all
    void choose(const std::string& app, const std::string& endpoint); ///< tells nobody

Q_SIGNALS:
    void changed(); ///< by the user

private:
    void connectTarget(Target* target);
    void fill();
    void onActivated();

    const Targets& m_targets;
    QPointer<Target> m_target;
    std::string m_app;
    std::string m_endpoint;
    QComboBox* m_apps;
    QComboBox* m_endpoints;
};

} // namespace tintype::ui
