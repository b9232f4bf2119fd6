// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/analytics/record_export.h"

#include "ui/models/background.h"

#include <QSaveFile>

namespace tintype::ui {
namespace {

constexpr int kPageSize = 1000;

tl::unexpected<Error> unwritten(const QSaveFile& file)
{
    return fail(ErrorCode::Io, file.fileName().toStdString() + " cannot be written: " + file.errorString().toStdString());
}

Result<> append(QSaveFile& file, const std::string& text, bool isLast)
{
    if (!file.isOpen() && !file.open(QIODevice::WriteOnly))
        return unwritten(file);
    if (file.write(text.data(), static_cast<qint64>(text.size())) != static_cast<qint64>(text.size()))
        return unwritten(file);
    if (isLast && !file.commit())
        return unwritten(file);
    return {};
}

} // namespace

Result<> writeText(const QString& path, const std::string& text)
{
    QSaveFile file(path);
    return append(file, text, true);
}

RecordExport::RecordExport(Target& target, const control::RequestQuery& query, const QString& path, QObject* parent)
    : QObject(parent)
    , m_target(&target)
    , m_query(query)
    , m_path(path)
    , m_file(std::make_shared<QSaveFile>(path))
{
    m_query.page = {.limit = kPageSize, .cursor = {}};
}

RecordExport::~RecordExport() = default;

void RecordExport::start() { askPage(); }

void RecordExport::askPage()
{
    if (!m_target) {
        Q_EMIT failed({ErrorCode::Unavailable, "the host was removed before all records were written", {}});
        return;
    }
    m_target->control().requests(m_query).then(this, [this](const Result<control::Page<control::RequestInfo>>& page) {
        if (page)
            write(*page);
        else
            Q_EMIT failed(page.error());
    });
}

void RecordExport::write(const control::Page<control::RequestInfo>& page)
{
    const bool isLast = page.next.empty();
    const bool isFirst = m_query.page.cursor.empty();
    m_query.page.cursor = page.next;
    inBackground([file = m_file, records = page.items, isFirst, isLast] {
        return append(*file, (isFirst ? recordsCsvHead() : std::string()) + recordsCsv(records), isLast);
    }).then(this, [this, isLast, added = static_cast<qint64>(page.items.size())](const Result<>& written) {
        if (!written) {
            Q_EMIT failed(written.error());
            return;
        }
        m_count += added;
        Q_EMIT progressed();
        if (isLast)
            Q_EMIT finished();
        else
            askPage();
    });
}

} // namespace tintype::ui
