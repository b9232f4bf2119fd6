// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QHash>
#include <QString>
#include <QStringList>
#include <memory>
#include <vector>

// Prompts that stand for several: "{red|blue} circle" is one of its alternatives, "__colour__" a line of colour.txt. Both nest, and an
// alternative may be empty. A backslash takes the meaning from { | } and _.

namespace tintype::ui {

/// The lists that wildcards name: text files of a folder, one entry a line; empty lines and lines that begin with # do not count.
class WordLists {
public:
    static QString defaultFolder();

    /// Blocks: for a worker thread. A folder that is not there has no lists. What is too large, not text or unreadable is left out with a
    /// warning.
    static WordLists load(const QString& folder);

    void insert(const QString& name, const QStringList& entries) { m_lists.insert(name, entries); }
    const QStringList* find(const QString& name) const; ///< null if there is none
    QStringList names() const;                          ///< "colour", "animals/birds", sorted
    const QStringList& warnings() const { return m_warnings; }

    static constexpr qint64 kMostBytes = 4LL << 20; ///< of one file
    static constexpr int kMostFiles = 2000;

private:
    QHash<QString, QStringList> m_lists;
    QStringList m_warnings;
};

/// One prompt, taken apart.
class PromptMatrix {
public:
    PromptMatrix(const QString& text, const WordLists& lists);

    bool isPlain() const { return m_isPlain; } ///< nothing to choose
    quint64 count() const;                     ///< combinations; at least 1; the largest number there is stands for more
    QString at(quint64 index) const;           ///< index < count(); the first choice changes slowest
    QString pick(quint64 seed) const;          ///< each choice by chance, the same for the same seed

    /// Sentences about what is taken literally: braces without a partner, lists that are not there or that name themselves.
    const QStringList& warnings() const { return m_warnings; }

    struct Part;
    using Sequence = std::vector<Part>;

private:
    std::shared_ptr<const Sequence> m_parts;
    bool m_isPlain = true;
    QStringList m_warnings;
};

enum class PromptMode { Pick, All };

/// The calls that a call with wildcards stands for.
struct ResolvedInputs {
    QStringList inputs; ///< JSON objects
    QStringList warnings;
};

/// Resolves `prompt` and `negative_prompt` of an input; its other fields stay as they are.
/// @param input JSON object   @param seed what Pick chooses by
/// @error InvalidArgument: not an object, or more than `most` combinations, told with their number
Result<ResolvedInputs> resolvePrompts(const QString& input, const WordLists& lists, PromptMode mode, quint64 seed, int most = 400);

} // namespace tintype::ui
