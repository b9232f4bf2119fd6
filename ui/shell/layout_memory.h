// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QString>

class QSettings;
class QWidget;

namespace tintype::ui {

/// Remembers what a user has arranged, for each project (app.yaml): the window, and every splitter and table header below it that
/// has an object name. What a project has not got yet starts as the last one was left.
class LayoutMemory : public QObject {
    Q_OBJECT

public:
    LayoutMemory(QSettings& settings, QWidget& window);

    void setProject(const QString& path); ///< saves the one before, restores this one
    void restore(QWidget& part);          ///< a page that is made later
    void restoreWindow();
    void save();

private:
    QString key(const QString& project, const QString& name) const;

    QSettings& m_settings;
    QWidget& m_window;
    QString m_project;
};

} // namespace tintype::ui
