// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/data_uri.h"

#include "ui/models/format.h"

#include <QFile>
#include <fmt/format.h>

namespace tintype::ui {
namespace {

const char* typeOf(const QByteArray& file)
{
    if (file.startsWith("\x89PNG"))
        return "image/png";
    if (file.startsWith("\xff\xd8\xff"))
        return "image/jpeg";
    return file.startsWith("RIFF") && file.mid(8, 4) == "WEBP" ? "image/webp" : nullptr;
}

} // namespace

Result<QByteArray> decodeDataUri(const QString& uri)
{
    const qsizetype comma = uri.indexOf(u',');
    if (!uri.startsWith(QLatin1String("data:")) || comma < 0 || !QStringView(uri).left(comma).endsWith(QLatin1String(";base64")))
        return fail(ErrorCode::Protocol, "the data URI of a picture is damaged");
    auto bytes = QByteArray::fromBase64Encoding(QStringView(uri).mid(comma + 1).toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
    if (bytes.decodingStatus != QByteArray::Base64DecodingStatus::Ok || bytes.decoded.isEmpty())
        return fail(ErrorCode::Protocol, "the data URI of a picture is damaged");
    return std::move(bytes.decoded);
}

Result<QString> dataUriOfPicture(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", path.toStdString(), file.errorString().toStdString()));
    if (file.size() > kMostUriBytes)
        return fail(ErrorCode::QuotaExceeded, fmt::format("{} has {}, a call takes pictures of at most {}", path.toStdString(),
            formatBytes(static_cast<std::uint64_t>(file.size())).toStdString(), formatBytes(kMostUriBytes).toStdString()));
    const QByteArray bytes = file.readAll();
    const char* const type = typeOf(bytes);
    if (!type)
        return fail(ErrorCode::Unsupported, fmt::format("{} is no PNG, JPEG or WebP picture", path.toStdString()));
    return QLatin1String("data:") + QLatin1String(type) + QLatin1String(";base64,") + QString::fromLatin1(bytes.toBase64());
}

} // namespace tintype::ui
