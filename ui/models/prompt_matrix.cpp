// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/prompt_matrix.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QLocale>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QStringDecoder>
#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <random>

namespace tintype::ui {

/// A text that stays, or a choice between sequences (then `text` is empty).
struct PromptMatrix::Part {
    QString text;
    std::vector<Sequence> options;
    quint64 count = 1; ///< combinations
};

namespace {

using Part = PromptMatrix::Part;
using Sequence = PromptMatrix::Sequence;
using Json = nlohmann::ordered_json; // keeps 64-bit seeds and the order of fields

constexpr qsizetype kLongestName = 200;     ///< of a list, with its underscores
constexpr int kDeepest = 16;                ///< braces and lists within each other
constexpr std::size_t kMostParts = 200'000; ///< of a prompt with all that its lists bring

QString text(const char* source) { return QCoreApplication::translate("PromptMatrix", source); }

quint64 product(quint64 a, quint64 b)
{
    return b != 0 && a > std::numeric_limits<quint64>::max() / b ? std::numeric_limits<quint64>::max() : a * b;
}

quint64 countOf(const Sequence& parts)
{
    quint64 count = 1;
    for (const Part& part : parts)
        count = product(count, part.count);
    return count;
}

Part choice(std::vector<Sequence> options)
{
    quint64 sum = 0;
    for (const Sequence& option : options) {
        const quint64 count = countOf(option);
        sum = sum + count < sum ? std::numeric_limits<quint64>::max() : sum + count;
    }
    return {{}, std::move(options), sum};
}

QString textAt(const Sequence& parts, quint64 index)
{
    QString result;
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) { // the last one changes fastest
        if (part->options.empty()) {
            result.prepend(part->text);
            continue;
        }
        quint64 within = index % part->count;
        index /= part->count;
        for (const Sequence& option : part->options) {
            const quint64 size = countOf(option);
            if (within < size) {
                result.prepend(textAt(option, within));
                break;
            }
            within -= size;
        }
    }
    return result;
}

QString textOf(const Sequence& parts, std::mt19937_64& random)
{
    QString result;
    for (const Part& part : parts) {
        if (part.options.empty())
            result += part.text;
        else
            result += textOf(part.options[random() % part.options.size()], random);
    }
    return result;
}

class Parser {
public:
    Parser(const WordLists& lists, QStringList& warnings)
        : m_lists(lists)
        , m_warnings(warnings)
    {
    }

    Sequence parse(const QString& source, int depth)
    {
        const QVector<qsizetype> partners = partnersOf(source);
        return sequence(source, partners, 0, source.size(), depth);
    }

private:
    /// For each { the place of its }, and the other way round; -1 for every other place.
    QVector<qsizetype> partnersOf(const QString& source)
    {
        QVector<qsizetype> partners(source.size(), -1);
        QVector<qsizetype> open;
        bool isBalanced = true;
        for (qsizetype at = 0; at < source.size(); ++at) {
            if (source[at] == u'\\') {
                ++at;
            } else if (source[at] == u'{') {
                open.push_back(at);
            } else if (source[at] == u'}') {
                if (open.isEmpty()) {
                    isBalanced = false;
                    continue;
                }
                partners[at] = open.back();
                partners[open.takeLast()] = at;
            }
        }
        if (!isBalanced || !open.isEmpty())
            warn(text("A brace has no partner: it is sent as it stands."));
        return partners;
    }

    Sequence sequence(const QString& source, const QVector<qsizetype>& partners, qsizetype from, qsizetype to, int depth)
    {
        Sequence parts;
        QString literal;
        const auto flush = [&] {
            if (!literal.isEmpty())
                parts.push_back({std::exchange(literal, {}), {}, 1});
        };
        for (qsizetype at = from; at < to; ++at) {
            const QChar c = source[at];
            if (c == u'\\' && at + 1 < to && QStringLiteral("{|}_\\").contains(source[at + 1])) {
                literal += source[++at];
            } else if (c == u'{' && partners[at] > at && mayNest(depth)) {
                flush();
                parts.push_back(choice(alternatives(source, partners, at + 1, partners[at], depth + 1)));
                at = partners[at];
            } else if (c == u'_' && at + 1 < to && source[at + 1] == u'_') {
                qsizetype length = 0;
                std::vector<Sequence> options = wildcard(source.mid(at, std::min(to - at, kLongestName)), length, depth);
                if (options.empty()) {
                    literal += length ? source.mid(at, length) : QString(c);
                } else {
                    flush();
                    parts.push_back(choice(std::move(options)));
                }
                at += std::max<qsizetype>(length, 1) - 1;
            } else {
                literal += c;
            }
        }
        flush();
        m_parts += parts.size();
        return parts;
    }

    std::vector<Sequence> alternatives(
        const QString& source, const QVector<qsizetype>& partners, qsizetype from, qsizetype to, int depth)
    {
        std::vector<Sequence> options;
        qsizetype start = from;
        for (qsizetype at = from; at <= to; ++at) {
            if (at < to && source[at] == u'\\') {
                ++at;
            } else if (at < to && partners[at] > at) {
                at = partners[at];
            } else if (at == to || source[at] == u'|') {
                options.push_back(sequence(source, partners, start, at, depth));
                start = at + 1;
            }
        }
        return options;
    }

    /// The entries of the list whose name begins `source`; none if they are not to be had. @param length of the name with its underscores
    std::vector<Sequence> wildcard(const QString& source, qsizetype& length, int depth)
    {
        static const QRegularExpression pattern(QStringLiteral("^__([\\w\\-]+?(?:/[\\w\\-]+?)*)__"), QRegularExpression::UseUnicodePropertiesOption);
        const QRegularExpressionMatch match = pattern.match(source);
        if (!match.hasMatch())
            return {};
        length = match.capturedLength();
        const QString name = match.captured(1);
        const QStringList* const entries = m_lists.find(name);
        if (!entries || entries->isEmpty()) {
            warn(text("There is no word list “%1”: its name is sent as it stands.").arg(name));
            return {};
        }
        if (m_open.contains(name) || !mayNest(depth)) {
            warn(text("The word list “%1” names itself: its name is sent as it stands.").arg(name));
            return {};
        }
        m_open.insert(name);
        std::vector<Sequence> options;
        for (const QString& entry : *entries) {
            if (m_parts > kMostParts) {
                warn(text("The word lists bring more than can be kept apart: the last entries of “%1” are left out.").arg(name));
                break;
            }
            options.push_back(parse(entry, depth + 1));
        }
        m_open.remove(name);
        return options;
    }

    bool mayNest(int depth)
    {
        if (depth < kDeepest)
            return true;
        warn(text("The prompt nests deeper than %1 levels: what lies deeper is sent as it stands.").arg(kDeepest));
        return false;
    }

    void warn(const QString& sentence)
    {
        if (!m_warnings.contains(sentence))
            m_warnings.push_back(sentence);
    }

    const WordLists& m_lists;
    QStringList& m_warnings;
    QSet<QString> m_open; ///< lists whose entries are being read
    std::size_t m_parts = 0;
};

QStringList entriesOf(const QString& content)
{
    QStringList entries;
    const QStringList lines = content.split(u'\n');
    for (const QString& line : lines) {
        const QString entry = line.trimmed();
        if (!entry.isEmpty() && !entry.startsWith(u'#'))
            entries.push_back(entry);
    }
    return entries;
}

QString textField(const Json& object, const char* name)
{
    const auto field = object.find(name);
    return field != object.end() && field->is_string() ? QString::fromStdString(field->get<std::string>()) : QString();
}

void setTextField(Json& object, const char* name, const QString& value)
{
    if (const auto field = object.find(name); field != object.end() && field->is_string())
        *field = value.toStdString();
}

QString tooMany(quint64 count, int most)
{
    const QLocale locale;
    if (count == std::numeric_limits<quint64>::max())
        return text("The prompt stands for more combinations than can be counted; at most %1 run at once.").arg(locale.toString(most));
    return text("The prompt stands for %1 combinations; at most %2 run at once.").arg(locale.toString(count), locale.toString(most));
}

} // namespace

QString WordLists::defaultFolder()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/wildcards");
}

WordLists WordLists::load(const QString& folder)
{
    WordLists lists;
    const QDir root(folder);
    QDirIterator files(folder, {QStringLiteral("*.txt")}, QDir::Files | QDir::Readable, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        const QString relative = root.relativeFilePath(path);
        if (lists.m_lists.size() == kMostFiles) {
            lists.m_warnings.push_back(text("Only the first %1 word lists are read.").arg(kMostFiles));
            break;
        }
        QFile file(path);
        if (file.size() > kMostBytes || !file.open(QIODevice::ReadOnly)) {
            lists.m_warnings.push_back(text("The word list %1 is too large or cannot be read.").arg(relative));
            continue;
        }
        QStringDecoder decode(QStringDecoder::Utf8);
        const QString content = decode(file.readAll());
        if (decode.hasError()) {
            lists.m_warnings.push_back(text("The word list %1 is not UTF-8 text.").arg(relative));
            continue;
        }
        lists.insert(relative.chopped(4), entriesOf(content));
    }
    return lists;
}

const QStringList* WordLists::find(const QString& name) const
{
    const auto found = m_lists.constFind(name);
    return found == m_lists.cend() ? nullptr : &*found;
}

QStringList WordLists::names() const
{
    QStringList names = m_lists.keys();
    names.sort();
    return names;
}

PromptMatrix::PromptMatrix(const QString& text, const WordLists& lists)
{
    auto parts = std::make_shared<Sequence>(Parser(lists, m_warnings).parse(text, 0));
    m_isPlain = std::ranges::all_of(*parts, [](const Part& part) { return part.options.empty(); });
    m_parts = std::move(parts);
}

quint64 PromptMatrix::count() const
{
    return countOf(*m_parts);
}

QString PromptMatrix::at(quint64 index) const
{
    return textAt(*m_parts, index);
}

QString PromptMatrix::pick(quint64 seed) const
{
    std::mt19937_64 random(seed);
    return textOf(*m_parts, random);
}

Result<ResolvedInputs> resolvePrompts(const QString& input, const WordLists& lists, PromptMode mode, quint64 seed, int most)
{
    Json object = Json::parse(input.toStdString(), nullptr, false);
    if (!object.is_object())
        return fail(ErrorCode::InvalidArgument, text("The input is not a JSON object.").toStdString());
    const PromptMatrix wanted(textField(object, "prompt"), lists);
    const PromptMatrix unwanted(textField(object, "negative_prompt"), lists);
    const quint64 count = mode == PromptMode::Pick ? 1 : product(wanted.count(), unwanted.count());
    if (count > static_cast<quint64>(most))
        return fail(ErrorCode::InvalidArgument, tooMany(count, most).toStdString());
    ResolvedInputs resolved{{}, wanted.warnings() + unwanted.warnings()};
    const auto add = [&](const QString& prompt, const QString& negative) {
        setTextField(object, "prompt", prompt);
        setTextField(object, "negative_prompt", negative);
        resolved.inputs.push_back(QString::fromStdString(object.dump(-1, ' ', false, Json::error_handler_t::replace)));
    };
    if (mode == PromptMode::Pick) {
        add(wanted.pick(seed), unwanted.pick(seed + 1));
    } else {
        for (quint64 index = 0; index < count; ++index)
            add(wanted.at(index / unwanted.count()), unwanted.at(index % unwanted.count()));
    }
    return resolved;
}

} // namespace tintype::ui
