// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QString>

class QDir;

namespace tintype::ui {

class AppDocument;
class Workspace;

/// A commented definition of an app on a hub model.
QString definitionFromExample();

/// A definition that serves a model folder.
/// @param base folder that the definition will lie in
QString definitionForModel(const QString& folder, const QDir& base);

/// Writes a new file and opens it. @error Io
Result<AppDocument*> createDefinition(Workspace& workspace, const QString& path, const QString& text);

} // namespace tintype::ui
