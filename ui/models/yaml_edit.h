// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/definition_node.h"
#include "engine/base/result.h"

#include <QStringList>
#include <string>

namespace tintype::ui {

/// [start, start + length) of a text becomes `with`. UTF-16 units.
struct TextEdit {
    int start = 0;
    int length = 0;
    QString with;

    bool operator==(const TextEdit&) const = default;
};

/// The smallest edit that makes one text of the other.
TextEdit difference(const QString& before, const QString& after);

/// The edit of a definition's text that gives one field a value, or takes it away: comments, order, quoting and style of everything
/// else stay, and so do those of the parts of a list or map that are the same before and after. A field that is new goes where the
/// definition's order has it; an item one past the end of a list is added. The outcome is read again: an edit that would say
/// anything but this is refused.
/// @param field "keep_alive", "setup.dtype", "requirements[2]"   @param value as it stands in YAML, on one line; empty = remove
/// @error InvalidArgument: the value is no YAML · the text is too broken to find the place · an alias would change with it
Result<TextEdit> editYamlField(const QString& text, const std::string& field, const QString& value);

/// What a definition's text has, field by field, also where it is not valid as a definition.
class YamlFields {
public:
    explicit YamlFields(const QString& text);

    bool isBroken() const { return m_isBroken; } ///< no YAML: nothing can be found
    bool has(const std::string& field) const;
    QString text(const std::string& field) const;      ///< a scalar's text, else the list or map on one line; empty if it is not there
    QStringList items(const std::string& field) const; ///< of a list; a scalar is a list of one
    QStringList keys(const std::string& field) const;  ///< of a map

private:
    QString m_text;
    domain::DefinitionNode m_root;
    bool m_isBroken = false;
};

} // namespace tintype::ui
