// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/log_export.h"

#include <QDateTime>
#include <QSaveFile>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr std::size_t kWriteBytes = 1 << 20;

std::string_view orDash(std::string_view name)
{
    return name.empty() ? std::string_view("-") : name;
}

} // namespace

std::string logLineText(const LogEntry& line)
{
    std::string text = QDateTime::fromMSecsSinceEpoch(line.time, Qt::UTC).toString(Qt::ISODateWithMs).toStdString();
    for (const std::string_view part : {logLevelName(line.level), orDash(line.app), orDash(line.replica), orDash(line.request)}) {
        text += ' ';
        text += part;
    }
    text += ": ";
    text += line.text;
    return text;
}

void forEachLine(const LogExtract& lines, const std::function<bool(const LogEntry&)>& take)
{
    std::size_t next = 0; // of lines.only
    for (const LogRun& run : lines.runs) {
        for (int i = 0; i < run.count; ++i) {
            if (lines.only) {
                if (next == lines.only->size())
                    return;
                if ((*lines.only)[next] != run.first + i)
                    continue;
                ++next;
            }
            if (!take(run.block->at(run.index + i)))
                return;
        }
    }
}

QString plainText(const LogExtract& lines, int from, int to, std::size_t most)
{
    std::string text;
    std::size_t lastBegin = 0;
    bool isWhole = true;
    forEachLine(lines, [&](const LogEntry& line) {
        if (!text.empty() || lastBegin > 0)
            text += '\n';
        lastBegin = text.size();
        text += line.text;
        isWhole = text.size() <= most;
        return isWhole;
    });
    QString first = QString::fromUtf8(text.data(), static_cast<qsizetype>(lastBegin));
    QString last = QString::fromUtf8(text.data() + lastBegin, static_cast<qsizetype>(text.size() - lastBegin));
    if (to >= 0 && isWhole)
        last.truncate(to);
    return QString(first + last).mid(to >= 0 ? from : 0);
}

QString fullText(const LogExtract& lines, std::size_t most)
{
    std::string text;
    forEachLine(lines, [&](const LogEntry& line) {
        text += logLineText(line);
        text += '\n';
        return text.size() <= most;
    });
    return QString::fromStdString(text);
}

Result<> saveLines(const LogExtract& lines, const QString& path)
{
    QSaveFile file(path);
    bool isGood = file.open(QIODevice::WriteOnly);
    std::string buffer;
    const auto write = [&] {
        isGood = isGood && file.write(buffer.data(), static_cast<qint64>(buffer.size())) == static_cast<qint64>(buffer.size());
        buffer.clear();
        return isGood;
    };
    if (isGood) {
        forEachLine(lines, [&](const LogEntry& line) {
            buffer += logLineText(line);
            buffer += '\n';
            return buffer.size() < kWriteBytes || write();
        });
        write();
    }
    if (isGood && file.commit())
        return {};
    return fail(ErrorCode::Io, "The log was not saved to " + path.toStdString() + ": " + file.errorString().toStdString() + ".");
}

} // namespace tintype::ui
