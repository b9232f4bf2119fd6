// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/yaml_edit.h"

#include "deploy/domain/yaml_reader.h"
#include "ui/models/yaml_layout.h"
#include "ui/models/yaml_tree.h"

#include <algorithm>
#include <optional>

namespace tintype::ui {
namespace {

using domain::DefinitionNode;
using Kind = DefinitionNode::Kind;

constexpr int kIndent = 2;

struct Parsed {
    DefinitionNode root;
    bool isBroken = false;
};

Parsed parsed(const QString& text)
{
    domain::YamlText yaml = domain::readYaml(text.toStdString());
    if (yaml.root.kind != Kind::Null || yaml.problems.empty())
        return {std::move(yaml.root), false};
    const YamlLayout layout(text); // a text of comments is no YAML, but a good beginning
    for (int line = 0; line < text.size(); line = layout.lineEnd(line) + 1) {
        if (layout.indentOf(line) >= 0)
            return {{}, true};
    }
    return {};
}

bool isCollection(const DefinitionNode& node)
{
    return node.kind == Kind::List || node.kind == Kind::Map;
}

bool startsWith(const YamlLayout& layout, int offset, const char* letters)
{
    return offset < layout.text().size() && QLatin1String(letters).contains(layout.text()[offset]);
}

/// A value in the text: where it begins, and whether it is one in block style below its key, with `span` from behind the colon on.
struct Value {
    TextSpan span;
    bool isBlock = false;
};

Value valueAt(const YamlLayout& layout, const Place& place, bool isItem)
{
    const int start = layout.skipProperties(layout.offsetOf(place.node->mark));
    if (isItem)
        return {{start, layout.inlineEnd(start, layout.isInFlow(start) ? 0 : layout.indentOf(start))}};
    const int key = layout.offsetOf(place.key);
    const int column = layout.columnOf(key);
    if (place.node->kind != Kind::Null && (!isCollection(*place.node) || startsWith(layout, start, "[{*")))
        return {{start, layout.inlineEnd(start, column)}};
    const int colon = layout.colonAfter(key);
    if (place.node->kind == Kind::Null) {
        const int written = layout.skipBlanks(colon + 1); // "null", "~"
        const bool isThere = !startsWith(layout, written, "\r\n,]}") && written < layout.text().size() && !layout.isComment(written);
        return isThere ? Value{{written, layout.inlineEnd(written, column)}} : Value{{colon + 1, colon + 1}, true};
    }
    int end = layout.blockEnd(layout.lineEnd(colon), column, place.node->kind == Kind::List);
    while (end > colon + 1 && layout.text()[end - 1].isSpace())
        --end;
    return {{colon + 1, end}, true};
}

TextEdit change(const YamlLayout& layout, const Place& place, bool isItem, const DefinitionNode& value, const QString& raw)
{
    const Value old = valueAt(layout, place, isItem);
    const QString text = layout.isInFlow(old.span.start) ? flowText(value) : raw;
    if (!old.isBlock)
        return {old.span.start, old.span.end - old.span.start, text};
    const int lineEnd = std::min(layout.lineEnd(old.span.start), old.span.end);
    QString behindColon = layout.text().mid(old.span.start, lineEnd - old.span.start); // a comment of the key
    while (behindColon.endsWith(QLatin1Char('\r')))
        behindColon.chop(1);
    return {old.span.start, old.span.end - old.span.start, QString(QLatin1Char(' ') + text + behindColon)};
}

/// Takes [start, end) out of a list or map between brackets, with one comma.
TextEdit removeFromFlow(const QString& text, TextSpan span)
{
    int end = span.end;
    while (end < text.size() && text[end].isSpace())
        ++end;
    if (end < text.size() && text[end] == QLatin1Char(',')) {
        ++end;
        while (end < text.size() && text[end] == QLatin1Char(' '))
            ++end;
        return {span.start, end - span.start, {}};
    }
    int start = span.start;
    while (start > 0 && text[start - 1].isSpace())
        --start;
    if (start > 0 && text[start - 1] == QLatin1Char(','))
        return {start - 1, span.end - start + 1, {}};
    return {span.start, span.end - span.start, {}};
}

TextEdit remove(const YamlLayout& layout, const Place& place, bool isItem)
{
    const int start = layout.offsetOf(isItem ? place.node->mark : place.key);
    const int end = std::max(start, valueAt(layout, place, isItem).span.end);
    if (layout.isInFlow(start))
        return removeFromFlow(layout.text(), {start, end});
    const int first = layout.lineStart(start);
    return {first, std::min(layout.lineEnd(end) + 1, static_cast<int>(layout.text().size())) - first, {}};
}

// --- what is new ---

using Steps = std::vector<PathStep>::const_iterator;

/// "a: {b: value}" for the steps a, b.
QString flowEntry(Steps step, Steps end, const QString& value)
{
    if (step == end)
        return value;
    const QString below = flowEntry(step + 1, end, value);
    const bool isNested = step + 1 != end;
    const QString inner = !isNested ? below
        : (step + 1)->item >= 0     ? QString(QLatin1Char('[') + below + QLatin1Char(']'))
                                    : QString(QLatin1Char('{') + below + QLatin1Char('}'));
    return step->item >= 0 ? inner : QString(yamlScalar(QString::fromStdString(step->key)) + QLatin1String(": ") + inner);
}

/// The same as whole lines in block style.
QString blockLines(Steps step, Steps end, const QString& value, int indent, const QString& lineBreak)
{
    const QString spaces(indent, QLatin1Char(' '));
    if (step->item >= 0)
        return spaces + QLatin1String("- ") + flowEntry(step, end, value) + lineBreak;
    const QString key = spaces + yamlScalar(QString::fromStdString(step->key)) + QLatin1Char(':');
    if (step + 1 == end)
        return key + QLatin1Char(' ') + value + lineBreak;
    return key + lineBreak + blockLines(step + 1, end, value, indent + kIndent, lineBreak);
}

/// Inserts whole lines behind the line that holds `offset`.
TextEdit insertBehind(const YamlLayout& layout, int offset, const QString& lines)
{
    const int end = layout.lineEnd(offset);
    if (end < layout.text().size())
        return {end + 1, 0, lines};
    const bool isOpen = !layout.text().isEmpty() && !layout.text().endsWith(QLatin1Char('\n'));
    return {end, 0, isOpen ? QString(layout.lineBreak() + lines) : lines};
}

TextEdit addToFlow(const YamlLayout& layout, TextSpan span, const QString& entry)
{
    const QString& text = layout.text();
    int at = span.end - 1;
    while (at > span.start + 1 && (text[at - 1].isSpace() || layout.isComment(at - 1)))
        --at;
    if (at == span.start + 1)
        return {at, 0, entry};
    const bool hasComma = text[at - 1] == QLatin1Char(',');
    return {at, 0, hasComma ? QString(QLatin1Char(' ') + entry) : QString(QLatin1String(", ") + entry)};
}

/// A new field of the top level goes behind the last one that comes before it in the definition's order.
int placeOnTop(const YamlLayout& layout, const DefinitionNode& root, const std::string& key)
{
    int behind = -1;
    for (const domain::FieldHelp& field : domain::definitionFields()) {
        if (field.name == key)
            break;
        const Place place = findPlace(root, {{field.name, -1}});
        if (place.node)
            behind = std::max({behind, layout.offsetOf(place.key), valueAt(layout, place, false).span.end});
    }
    return behind < 0 ? static_cast<int>(layout.text().size()) : behind;
}

TextEdit add(const YamlLayout& layout, const DefinitionNode& root, const FieldPath& path, const DefinitionNode& value, const QString& raw)
{
    std::size_t depth = path.size() - 1; // of what is there
    while (!findPlace(root, FieldPath(path.begin(), path.begin() + static_cast<std::ptrdiff_t>(depth))).node)
        --depth;
    const auto first = path.begin() + static_cast<std::ptrdiff_t>(depth);
    const FieldPath above(path.begin(), first);
    const Place parent = findPlace(root, above);
    const QString entry = flowEntry(first, path.end(), flowText(value));
    const int start = layout.skipProperties(layout.offsetOf(parent.node->mark));
    if (isCollection(*parent.node) && startsWith(layout, start, "[{"))
        return addToFlow(layout, {start, layout.inlineEnd(start, 0)}, entry);
    if (depth == 0) {
        const int indent = parent.node->keys.empty() ? 0 : layout.columnOf(layout.offsetOf(parent.node->keys.front().mark));
        return insertBehind(layout, placeOnTop(layout, root, first->key), blockLines(first, path.end(), raw, indent, layout.lineBreak()));
    }
    const int key = layout.offsetOf(parent.key);
    const Value old = valueAt(layout, parent, above.back().item >= 0);
    if (parent.node->kind == Kind::Null && (!old.isBlock || layout.isInFlow(key))) { // "null", or within brackets
        const QString wrapped = first->item >= 0 ? QString(QLatin1Char('[') + entry + QLatin1Char(']')) : QString(QLatin1Char('{') + entry + QLatin1Char('}'));
        return {old.span.start, old.span.end - old.span.start, old.isBlock ? QString(QLatin1Char(' ') + wrapped) : wrapped};
    }
    int indent = layout.columnOf(key) + kIndent;
    if (!parent.node->keys.empty())
        indent = layout.columnOf(layout.offsetOf(parent.node->keys.front().mark));
    else if (!parent.node->items.empty())
        indent = std::max(0, layout.indentOf(layout.offsetOf(parent.node->items.front().mark)));
    return insertBehind(layout, std::max(key, old.span.end), blockLines(first, path.end(), raw, indent, layout.lineBreak()));
}

// --- a value, part by part ---

void put(QString& text, const FieldPath& path, const DefinitionNode* value, const QString& raw);

FieldPath joined(FieldPath path, PathStep step)
{
    path.push_back(std::move(step));
    return path;
}

void putMap(QString& text, const FieldPath& path, const DefinitionNode& old, const DefinitionNode& value)
{
    for (std::size_t i = 0; i < value.keys.size(); ++i)
        put(text, joined(path, {value.keys[i].name, -1}), &value.items[i], flowText(value.items[i]));
    for (const DefinitionNode::Key& key : old.keys) {
        if (!findPlace(value, {{key.name, -1}}).node)
            put(text, joined(path, {key.name, -1}), nullptr, {});
    }
}

/// What is the same at both ends stays untouched.
void putList(QString& text, const FieldPath& path, const std::vector<DefinitionNode>& old, const std::vector<DefinitionNode>& value)
{
    std::size_t same = 0;
    while (same < std::min(old.size(), value.size()) && isSame(old[same], value[same]))
        ++same;
    std::size_t sameAtEnd = 0;
    while (value.size() < old.size() && sameAtEnd < value.size() - same
        && isSame(old[old.size() - 1 - sameAtEnd], value[value.size() - 1 - sameAtEnd]))
        ++sameAtEnd;
    for (std::size_t at = same; at < value.size() - sameAtEnd; ++at)
        put(text, joined(path, {{}, static_cast<int>(at)}), &value[at], flowText(value[at]));
    for (std::size_t at = old.size() - sameAtEnd; at > value.size() - sameAtEnd; --at)
        put(text, joined(path, {{}, static_cast<int>(at - 1)}), nullptr, {});
}

void put(QString& text, const FieldPath& path, const DefinitionNode* value, const QString& raw)
{
    const DefinitionNode root = parsed(text).root;
    const YamlLayout layout(text);
    const Place place = findPlace(root, path);
    const bool isItem = path.back().item >= 0;
    if (place.node && value && isSame(*place.node, *value))
        return;
    if (place.node && value && place.node->kind == value->kind && isCollection(*value) && !isEmpty(*value) && !isEmpty(*place.node)
        && !startsWith(layout, layout.offsetOf(place.node->mark), "*"))
        return value->kind == Kind::Map ? putMap(text, path, *place.node, *value) : putList(text, path, place.node->items, value->items);
    if (!place.node && !value)
        return;
    const TextEdit edit = !value ? remove(layout, place, isItem)
        : place.node             ? change(layout, place, isItem, *value, raw)
                                 : add(layout, root, path, *value, raw);
    text = text.left(edit.start) + edit.with + text.mid(edit.start + edit.length);
}

} // namespace

TextEdit difference(const QString& before, const QString& after)
{
    const qsizetype shorter = std::min(before.size(), after.size());
    qsizetype start = 0;
    while (start < shorter && before[start] == after[start])
        ++start;
    qsizetype same = 0;
    while (same < shorter - start && before[before.size() - 1 - same] == after[after.size() - 1 - same])
        ++same;
    return {static_cast<int>(start), static_cast<int>(before.size() - same - start), after.mid(start, after.size() - same - start)};
}

Result<TextEdit> editYamlField(const QString& text, const std::string& field, const QString& value)
{
    const Parsed before = parsed(text);
    if (before.isBroken)
        return fail(ErrorCode::InvalidArgument, "The text cannot be read as YAML: mend it before “" + field + "” can be set in the form");
    const FieldPath path = fieldPath(field);
    std::optional<DefinitionNode> node;
    if (!value.isEmpty()) {
        domain::YamlText given = domain::readYaml(value.toStdString());
        if (!given.problems.empty())
            return fail(ErrorCode::InvalidArgument, "The value of “" + field + "” is " + given.problems.front().message);
        node = std::move(given.root);
    }
    const DefinitionNode* const wanted = node ? &*node : nullptr;
    DefinitionNode expected = before.root;
    QString outcome = text;
    if (!path.empty() && setPlace(expected, path, wanted)) {
        put(outcome, path, wanted, value);
        const Parsed after = parsed(outcome);
        if (!after.isBroken && isSame(after.root, expected))
            return difference(text, outcome);
    }
    return fail(ErrorCode::InvalidArgument, "“" + field + "” cannot be set in the form without changing something else: change it in the text");
}

YamlFields::YamlFields(const QString& text)
    : m_text(text)
{
    Parsed yaml = parsed(text);
    m_root = std::move(yaml.root);
    m_isBroken = yaml.isBroken;
}

bool YamlFields::has(const std::string& field) const
{
    return findPlace(m_root, fieldPath(field)).node;
}

QString YamlFields::text(const std::string& field) const
{
    const FieldPath path = fieldPath(field);
    const Place place = findPlace(m_root, path);
    if (!place.node || place.node->kind == Kind::Null)
        return {};
    if (place.node->kind == Kind::Scalar)
        return QString::fromStdString(place.node->text);
    const YamlLayout layout(m_text);
    const int start = layout.skipProperties(layout.offsetOf(place.node->mark));
    if (startsWith(layout, start, "[{")) {
        const QString written = m_text.mid(start, layout.inlineEnd(start, 0) - start);
        if (!written.contains(QLatin1Char('\n')))
            return written;
    }
    return flowText(*place.node);
}

QStringList YamlFields::items(const std::string& field) const
{
    const Place place = findPlace(m_root, fieldPath(field));
    QStringList texts;
    if (place.node && place.node->kind == Kind::Scalar)
        texts += QString::fromStdString(place.node->text);
    if (place.node && place.node->kind == Kind::List) {
        for (const DefinitionNode& item : place.node->items)
            texts += item.kind == Kind::Scalar ? QString::fromStdString(item.text) : flowText(item);
    }
    return texts;
}

QStringList YamlFields::keys(const std::string& field) const
{
    const Place place = findPlace(m_root, fieldPath(field));
    QStringList names;
    if (place.node) {
        for (const DefinitionNode::Key& key : place.node->keys)
            names += QString::fromStdString(key.name);
    }
    return names;
}

} // namespace tintype::ui
