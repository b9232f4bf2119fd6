// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QString>

namespace tintype::ui {

/// The bytes of "data:image/png;base64,…". Blocks on a large one: not for the GUI thread. @error Protocol
Result<QByteArray> decodeDataUri(const QString& uri);

/// A data URI of a picture's file. @error Io · QuotaExceeded: larger than kMostUriBytes · Unsupported: no PNG, JPEG, WebP
Result<QString> dataUriOfPicture(const QString& path);

inline constexpr qint64 kMostUriBytes = 8LL << 20;

} // namespace tintype::ui
