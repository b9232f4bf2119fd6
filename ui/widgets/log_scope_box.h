// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/log_search.h"

#include <QComboBox>
#include <QPointer>

namespace tintype::ui {

class Target;

/// Whose log lines are shown: all, of an app, of a replica, of a request.
class LogScopeBox : public QComboBox {
    Q_OBJECT

public:
    struct Scope {
        QString app;
        QString replica;
        QString request;

        bool operator==(const Scope&) const = default;
    };

    explicit LogScopeBox(QWidget* parent = nullptr);

    void setTarget(Target* target); ///< offers its apps and replicas; null = only all
    Scope scope() const { return m_scope; }
    void setScope(const Scope& scope); ///< one that is not offered is added

Q_SIGNALS:
    void scopeChanged();

private:
    void fill();
    static QString textOf(const Scope& scope);

    QPointer<Target> m_target;
    std::vector<Scope> m_items;
    Scope m_scope;
};

} // namespace tintype::ui
