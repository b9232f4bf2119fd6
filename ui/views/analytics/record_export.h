// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/analytics_csv.h"
#include "ui/models/target.h"

#include <QObject>
#include <QPointer>
#include <memory>

class QSaveFile;

namespace tintype::ui {

/// Writes a text to a file; the file is there when it is complete, or stays what it was. Blocks. @error Io
Result<> writeText(const QString& path, const std::string& text);

/// Writes the records of a host that match a query to a CSV file, page by page; the file is there when it is complete. Files are
/// written on another thread. Deleting it breaks it off. GUI thread.
class RecordExport : public QObject {
    Q_OBJECT

public:
    RecordExport(Target& target, const control::RequestQuery& query, const QString& path, QObject* parent = nullptr);
    ~RecordExport() override;

    void start();
    qint64 count() const { return m_count; } ///< records written so far
    const QString& path() const { return m_path; }

Q_SIGNALS:
    void progressed();
    void finished();
    void failed(const tintype::Error& error);

private:
    void askPage();
    void write(const control::Page<control::RequestInfo>& page);

    QPointer<Target> m_target;
    control::RequestQuery m_query;
    const QString m_path;
    const std::shared_ptr<QSaveFile> m_file; ///< used by one thread at a time
    qint64 m_count = 0;
};

} // namespace tintype::ui
