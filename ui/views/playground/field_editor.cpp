// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/field_editor.h"

#include "ui/views/playground/seed_editor.h"
#include "ui/views/playground/text_editors.h"
#include "ui/views/playground/value_editors.h"

namespace tintype::ui {

FieldEditor* makeFieldEditor(const SchemaField& field, const Theme& theme, QWidget* parent)
{
    using Kind = SchemaField::Kind;
    switch (field.kind) {
    case Kind::Text:
    case Kind::Json: return new LineEditor(field, theme, parent);
    case Kind::Prompt: return new PromptEditor(field, theme, parent);
    case Kind::Choice: return new ChoiceEditor(field, parent);
    case Kind::Flag: return new FlagEditor(field, parent);
    case Kind::Integer:
    case Kind::Number: return new NumberEditor(field, parent);
    case Kind::Seed: return new SeedEditor(field, theme, parent);
    case Kind::Size: return new SizeEditor(field, theme, parent);
    case Kind::Picture: return new PictureEditor(field, theme, parent);
    }
    return nullptr;
}

} // namespace tintype::ui
