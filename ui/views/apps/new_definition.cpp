// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/new_definition.h"

#include "ui/models/workspace.h"
#include "ui/models/yaml_tree.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSaveFile>

namespace tintype::ui {
namespace {

/// "My Model v1.5" → "my-model-v1-5"
QString kebabCase(QString name)
{
    static const QRegularExpression other(QStringLiteral("[^a-z0-9]+"));
    static const QRegularExpression ends(QStringLiteral("^-+|-+$"));
    name = name.toLower().replace(other, QStringLiteral("-")).remove(ends).left(64);
    return name.isEmpty() ? QStringLiteral("my-app") : name;
}

QString definition(const QString& name, const QString& requirement)
{
    return QStringLiteral("name: %1\n"
                          "machine_type: [GPU, M]            # in order of preference\n"
                          "requirements:\n"
                          "  - %2\n"
                          "keep_alive: 300                   # seconds that an idle replica waits\n"
                          "max_concurrency: 2\n"
                          "setup:\n"
                          "  model: %2\n"
                          "endpoints:\n"
                          "  /:\n"
                          "    task: text-to-image\n")
        .arg(name, yamlScalar(requirement));
}

} // namespace

QString definitionFromExample()
{
    return definition(QStringLiteral("my-app"), QStringLiteral("hf:black-forest-labs/FLUX.1-schnell"));
}

QString definitionForModel(const QString& folder, const QDir& base)
{
    return definition(kebabCase(QFileInfo(folder).fileName()), QStringLiteral("file:") + base.relativeFilePath(folder));
}

Result<AppDocument*> createDefinition(Workspace& workspace, const QString& path, const QString& text)
{
    QSaveFile file(path);
    const QByteArray bytes = text.toUtf8();
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        return fail(ErrorCode::Io, "Cannot write " + path.toStdString() + ": " + file.errorString().toStdString());
    return workspace.open(path);
}

} // namespace tintype::ui
