// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/definition_yaml.h"

#include <QString>
#include <map>
#include <string>

namespace tintype::ui {

/// The first problem of each field, and of the fields that it lies in: that of "machine_type[1]" stands at "machine_type" too.
std::map<std::string, QString> problemsByField(const domain::ParsedDefinition& parsed);

} // namespace tintype::ui
