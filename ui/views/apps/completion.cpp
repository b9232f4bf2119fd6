// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/completion.h"

#include "deploy/domain/definition_yaml.h"
#include "ui/models/format.h"

#include <QRegularExpression>
#include <algorithm>

namespace tintype::ui {
namespace {

struct KeyOfLine {
    int indent = -1; ///< -1 = no key
    QString key;
};

KeyOfLine keyOf(const QString& line)
{
    static const QRegularExpression key(QStringLiteral("^( *)(?:- )?([\\w/.-]+|\"[^\"]*\"):(?:\\s|$)"));
    const QRegularExpressionMatch match = key.match(line);
    if (!match.hasMatch())
        return {};
    QString name = match.captured(2);
    name.remove(QLatin1Char('"'));
    return {static_cast<int>(match.capturedLength(1)), name};
}

/// Joined names of the keys above that are less indented, outermost first.
std::string pathAbove(const QStringList& lines, int line, int indent)
{
    QStringList names;
    for (int at = line - 1; at >= 0 && indent > 0; --at) {
        const KeyOfLine above = keyOf(lines[at]);
        if (above.indent < 0 || above.indent >= indent)
            continue;
        names.prepend(above.key);
        indent = above.indent;
    }
    return names.join(QLatin1Char('.')).toStdString();
}

std::string joined(const std::string& path, const QString& key)
{
    return path.empty() ? key.toStdString() : path + "." + key.toStdString();
}

/// "endpoints./draw.task" → "endpoints.PATH.task", as the table of fields names it.
std::string tableName(const std::string& path)
{
    static const QRegularExpression endpoint(QStringLiteral("^endpoints\\./[^.]*"));
    return qs(path).replace(endpoint, QStringLiteral("endpoints.PATH")).toStdString();
}

const domain::FieldHelp* findField(const std::string& path)
{
    const auto& fields = domain::definitionFields();
    const auto found = std::ranges::find(fields, tableName(path), &domain::FieldHelp::name);
    return found == fields.end() ? nullptr : &*found;
}

QStringList childKeys(const std::string& parent)
{
    const std::string prefix = parent.empty() ? std::string() : tableName(parent) + ".";
    QStringList keys;
    for (const domain::FieldHelp& field : domain::definitionFields()) {
        if (!field.name.starts_with(prefix))
            continue;
        const QString rest = qs(field.name.substr(prefix.size()));
        if (!rest.contains(QLatin1Char('.')) && rest != QLatin1String("PATH"))
            keys += rest + QLatin1Char(':');
    }
    if (tableName(parent) == "endpoints")
        keys += QStringLiteral("/:");
    return keys;
}

} // namespace

CompletionContext completionContext(const QStringList& lines, int line, int column)
{
    if (line < 0 || line >= lines.size())
        return {};
    const QString before = lines[line].left(column);
    static const QRegularExpression word(QStringLiteral("[\\w/:.-]*$"));
    const QString entered = word.match(before).captured();
    const int indent = static_cast<int>(before.size() - QString(before).remove(QRegularExpression(QStringLiteral("^ *"))).size());
    const KeyOfLine own = keyOf(before + QLatin1Char(' '));
    const std::string above = pathAbove(lines, line, indent);
    if (own.indent >= 0 && before.size() > own.indent + own.key.size() + 1)
        return {joined(above, own.key), true, static_cast<int>(entered.size())};
    const bool isItem = before.trimmed().startsWith(QLatin1Char('-'));
    return {above, isItem, static_cast<int>(entered.size())};
}

QStringList completions(const CompletionContext& context, const QStringList& machineTypes, const QStringList& requirements)
{
    if (!context.isValue)
        return childKeys(context.path);
    if (context.path == "machine_type")
        return machineTypes;
    if (context.path == "setup.model")
        return requirements;
    if (context.path == "requirements")
        return {QStringLiteral("file:"), QStringLiteral("hf:")};
    const domain::FieldHelp* const field = findField(context.path);
    if (!field)
        return {};
    const QString type = qs(field->type);
    const QString oneOf = QStringLiteral("one of ");
    if (type.startsWith(oneOf))
        return type.mid(oneOf.size()).split(QStringLiteral(", "));
    return field->defaultValue.empty() ? QStringList() : QStringList{qs(field->defaultValue)};
}

QString fieldHelpText(const std::string& path)
{
    const domain::FieldHelp* const field = findField(path);
    if (!field)
        return {};
    QString text = qs(path) + QStringLiteral(" · ") + qs(field->type);
    if (!field->defaultValue.empty())
        text += QStringLiteral(" · default ") + qs(field->defaultValue);
    return text + QLatin1Char('\n') + qs(field->help);
}

std::string fieldAt(const QStringList& lines, int line)
{
    if (line < 0 || line >= lines.size())
        return {};
    const KeyOfLine own = keyOf(lines[line]);
    return own.indent < 0 ? std::string() : joined(pathAbove(lines, line, own.indent), own.key);
}

} // namespace tintype::ui
