// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/app_document.h"

#include <QStringList>
#include <memory>
#include <vector>

class QSettings;

namespace tintype::ui {

/// The definitions that are open, the one that Run and Deploy mean, and the recent ones. Remembered from start to start.
class Workspace : public QObject {
    Q_OBJECT

public:
    /// @param recoveryFolder for unsaved text
    Workspace(QSettings& settings, QString recoveryFolder, QObject* parent = nullptr);
    ~Workspace() override;

    /// Opens what was open last; the example at the first start.
    /// @param examplePath app.yaml of the example app; may be missing
    void restore(const QString& examplePath);

    /// Opens it, or shows the one that is open already.
    Result<AppDocument*> open(const QString& path);
    void close(AppDocument* document); ///< what is unsaved stays in the recovery folder

    AppDocument* current() const { return m_current; } ///< null if none is open
    void setCurrent(AppDocument* document);
    const std::vector<std::unique_ptr<AppDocument>>& documents() const { return m_documents; }
    QStringList recentFiles() const; ///< newest first, at most 12, those that exist

Q_SIGNALS:
    void opened(tintype::ui::AppDocument* document);
    void aboutToClose(tintype::ui::AppDocument* document);
    void currentChanged(tintype::ui::AppDocument* document);
    void recentChanged();

private:
    void remember();

    QSettings& m_settings;
    const QString m_recoveryFolder;
    std::vector<std::unique_ptr<AppDocument>> m_documents;
    AppDocument* m_current = nullptr;
};

} // namespace tintype::ui
