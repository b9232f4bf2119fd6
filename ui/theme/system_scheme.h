// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDBusVariant>
#include <QObject>

class QPalette;

namespace tintype::ui {

/// Whether the desktop is dark: the settings portal says so (GNOME, KDE and others) and tells of changes; without one, the palette
/// that the platform gave the program.
class SystemScheme : public QObject {
    Q_OBJECT

public:
    explicit SystemScheme(const QPalette& platformPalette, QObject* parent = nullptr);

    bool isDark() const { return m_isDark; }

Q_SIGNALS:
    void changed();

private Q_SLOTS:
    void onSettingChanged(const QString& group, const QString& key, const QDBusVariant& value);

private:
    void askPortal();
    void take(const QVariant& value);

    bool m_isDark;
};

} // namespace tintype::ui
