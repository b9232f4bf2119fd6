// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/tokens.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

/// A static library's resources are linked in by being named. (The macro wants the global namespace.)
static void initResources()
{
    Q_INIT_RESOURCE(studio);
    Q_INIT_RESOURCE(icons);
}

namespace tintype::ui {
namespace {

QHash<QString, QColor> colorsOf(const QJsonObject& object)
{
    QHash<QString, QColor> colors;
    for (auto entry = object.begin(); entry != object.end(); ++entry)
        colors.insert(entry.key(), QColor(entry.value().toString()));
    return colors;
}

} // namespace

Tokens loadTokens()
{
    initResources();
    QFile file(QStringLiteral(":/theme/tokens.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    Tokens tokens{colorsOf(root[QLatin1String("light")].toObject()), colorsOf(root[QLatin1String("dark")].toObject()), {}, {}};
    const QJsonObject sizes = root[QLatin1String("sizes")].toObject();
    for (auto entry = sizes.begin(); entry != sizes.end(); ++entry)
        tokens.sizes.insert(entry.key(), entry.value().toInt());
    const QJsonObject scale = root[QLatin1String("type-scale")].toObject();
    for (auto entry = scale.begin(); entry != scale.end(); ++entry)
        tokens.typeScale.insert(entry.key(), entry.value().toDouble());
    return tokens;
}

} // namespace tintype::ui
