// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/control/pusher.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLineEdit;

namespace tintype::ui {

class Target;
class Targets;

/// Where to deploy, under which name, how.
class DeployOptions : public QWidget {
    Q_OBJECT

public:
    explicit DeployOptions(Targets& targets, QWidget* parent = nullptr);

    /// @param name of the definition
    void begin(Target* target, const QString& name);
    Target* target() const; ///< null if there is none
    control::PushOptions options() const;

Q_SIGNALS:
    void changed(); ///< what the host has to be asked anew for

private:
    Targets& m_targets;
    QComboBox* m_target;
    QLineEdit* m_name;
    QLineEdit* m_message;
    QComboBox* m_auth;
    QComboBox* m_strategy;
    QCheckBox* m_resetScale;
};

} // namespace tintype::ui
