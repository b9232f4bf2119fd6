// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/generation.h"

#include <QJsonDocument>
#include <QJsonObject>

namespace tintype::ui {

QString Generation::prompt() const
{
    return QJsonDocument::fromJson(input.toUtf8()).object().value(QLatin1String("prompt")).toString();
}

} // namespace tintype::ui
