// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/yaml_tree.h"

#include <QRegularExpression>
#include <QStringList>
#include <algorithm>
#include <cctype>
#include <charconv>

namespace tintype::ui {
namespace {

using domain::DefinitionNode;
using Kind = DefinitionNode::Kind;

bool isNumber(const std::string& text)
{
    const char* const begin = text.data() + (text.starts_with('+') ? 1 : 0);
    const char* const end = text.data() + text.size();
    double value = 0;
    const auto [rest, error] = std::from_chars(begin, end, value);
    return begin != end && error != std::errc::invalid_argument && rest == end;
}

bool isTrueOrFalse(std::string text)
{
    std::ranges::transform(text, text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return text == "true" || text == "false";
}

/// Quoted or not, YAML takes it for a text.
bool isText(const DefinitionNode& scalar)
{
    return scalar.isQuoted || !(isNumber(scalar.text) || isTrueOrFalse(scalar.text));
}

std::ptrdiff_t indexOf(const DefinitionNode& map, const std::string& key)
{
    const auto found = std::ranges::find(map.keys, key, &DefinitionNode::Key::name);
    return found == map.keys.end() ? -1 : found - map.keys.begin();
}

DefinitionNode nodeOf(Kind kind)
{
    DefinitionNode node;
    node.kind = kind;
    return node;
}

QString inQuotes(QString text)
{
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
    text.replace(QLatin1Char('\n'), QLatin1String("\\n")).replace(QLatin1Char('\t'), QLatin1String("\\t"));
    text.replace(QLatin1Char('\r'), QLatin1String("\\r"));
    return QString(QLatin1Char('"') + text + QLatin1Char('"'));
}

} // namespace

FieldPath fieldPath(const std::string& field)
{
    FieldPath path;
    std::size_t at = 0;
    while (at < field.size()) {
        const std::size_t end = std::min(field.find_first_of(".[", at), field.size());
        if (end > at)
            path.push_back({field.substr(at, end - at), -1});
        at = end + 1;
        if (end < field.size() && field[end] == '[') {
            int item = 0;
            std::from_chars(field.data() + at, field.data() + field.size(), item);
            path.push_back({{}, item});
            at = std::min(field.find(']', at), field.size() - 1) + 1;
        }
    }
    return path;
}

std::string fieldName(const FieldPath& path)
{
    std::string name;
    for (const PathStep& step : path) {
        if (step.item >= 0)
            name += "[" + std::to_string(step.item) + "]";
        else
            name += (name.empty() ? "" : ".") + step.key;
    }
    return name;
}

Place findPlace(const DefinitionNode& root, const FieldPath& path)
{
    Place place{&root, root.mark};
    for (const PathStep& step : path) {
        const DefinitionNode& above = *place.node;
        const std::ptrdiff_t index = step.item < 0 ? indexOf(above, step.key) : step.item;
        const bool isThere = above.kind == (step.item < 0 ? Kind::Map : Kind::List) && index >= 0 && index < std::ssize(above.items);
        if (!isThere)
            return {};
        const auto at = static_cast<std::size_t>(index);
        place = {&above.items[at], step.item < 0 ? above.keys[at].mark : above.items[at].mark};
    }
    return place;
}

bool isEmpty(const DefinitionNode& node)
{
    return node.kind == Kind::Null || (node.kind != Kind::Scalar && node.items.empty());
}

bool isSame(const DefinitionNode& a, const DefinitionNode& b)
{
    if (isEmpty(a) || isEmpty(b))
        return isEmpty(a) && isEmpty(b);
    if (a.kind != b.kind || a.items.size() != b.items.size())
        return false;
    if (a.kind == Kind::Scalar)
        return a.text == b.text && isText(a) == isText(b);
    if (a.kind == Kind::List)
        return std::ranges::equal(a.items, b.items, isSame);
    return std::ranges::all_of(a.keys, [&, at = std::size_t{0}](const DefinitionNode::Key& key) mutable {
        const std::ptrdiff_t other = indexOf(b, key.name);
        const DefinitionNode& item = a.items[at++];
        return other >= 0 && isSame(item, b.items[static_cast<std::size_t>(other)]);
    });
}

bool setPlace(DefinitionNode& root, const FieldPath& path, const DefinitionNode* value)
{
    if (path.empty()) {
        root = value ? *value : DefinitionNode{};
        return true;
    }
    const PathStep& step = path.front();
    const Kind wanted = step.item < 0 ? Kind::Map : Kind::List;
    if (root.kind == Kind::Null || (isEmpty(root) && value))
        root = nodeOf(wanted);
    if (root.kind != wanted)
        return false;
    std::ptrdiff_t index = step.item < 0 ? indexOf(root, step.key) : step.item;
    if (step.item > std::ssize(root.items))
        return false;
    if (index < 0 || index == std::ssize(root.items)) {
        if (!value)
            return true;
        index = std::ssize(root.items);
        root.items.emplace_back();
        if (step.item < 0)
            root.keys.push_back({step.key, {}});
    }
    const auto at = static_cast<std::size_t>(index);
    if (path.size() == 1 && !value) {
        root.items.erase(root.items.begin() + index);
        if (step.item < 0)
            root.keys.erase(root.keys.begin() + index);
        return true;
    }
    return setPlace(root.items[at], FieldPath(path.begin() + 1, path.end()), value);
}

QString flowText(const DefinitionNode& node)
{
    const auto scalar = [](const DefinitionNode& value) {
        return isText(value) ? yamlScalar(QString::fromStdString(value.text)) : QString::fromStdString(value.text);
    };
    if (node.kind == Kind::Null)
        return QStringLiteral("null");
    if (node.kind == Kind::Scalar)
        return scalar(node);
    QStringList parts;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
        const QString key = node.kind == Kind::Map ? QString(yamlScalar(QString::fromStdString(node.keys[i].name)) + QLatin1String(": ")) : QString();
        parts += QString(key + flowText(node.items[i]));
    }
    const QString inner = parts.join(QLatin1String(", "));
    return node.kind == Kind::Map ? QString(QLatin1Char('{') + inner + QLatin1Char('}')) : QString(QLatin1Char('[') + inner + QLatin1Char(']'));
}

QString yamlScalar(const QString& text)
{
    static const QRegularExpression plain(QStringLiteral("^[A-Za-z/._][\\w/.@:+=<> -]*$"));
    static const QRegularExpression meaning(QStringLiteral("^(?:true|false|yes|no|on|off|null|y|n|~)$"), QRegularExpression::CaseInsensitiveOption);
    const bool isPlain = plain.match(text).hasMatch() && !meaning.match(text).hasMatch() && !isNumber(text.toStdString())
        && !text.contains(QLatin1String(": ")) && !text.endsWith(QLatin1Char(':')) && !text.endsWith(QLatin1Char(' '));
    return isPlain ? text : inQuotes(text);
}

} // namespace tintype::ui
