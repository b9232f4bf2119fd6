// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <QStringList>
#include <string>

namespace tintype::ui {

/// Which field the text at a place of a definition belongs to, by indentation alone: works while the text cannot be parsed.
struct CompletionContext {
    std::string path;      ///< of the field whose value is being written, or of the map that a key is being written in
    bool isValue = false;  ///< behind the colon of `path`
    int entered = 0;       ///< letters of the word before the cursor
};

/// @param line, column from 0, in UTF-16 units
CompletionContext completionContext(const QStringList& lines, int line, int column);

/// What may stand there: keys of the map, or values of the field.
/// @param machineTypes of the hosts that are known   @param requirements of the definition
QStringList completions(const CompletionContext& context, const QStringList& machineTypes, const QStringList& requirements);

/// Type, default and help of a field as a few lines; empty for an unknown one.
QString fieldHelpText(const std::string& path);

/// The field whose key stands on this line; empty if there is none.
std::string fieldAt(const QStringList& lines, int line);

} // namespace tintype::ui
