// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "deploy/domain/definition_yaml.h"

#include <QString>
#include <vector>

namespace tintype::ui {

/// [start, end) of a text, in UTF-16 units.
struct TextSpan {
    int start = 0;
    int end = 0;
};

/// Where things of a YAML text stand: lines, comments, what lies between brackets, how far a value reaches. Knows nothing of what the
/// text means. The text must outlive it.
class YamlLayout {
public:
    explicit YamlLayout(const QString& text);

    const QString& text() const { return m_text; }
    QString lineBreak() const; ///< that the text uses

    int offsetOf(domain::Mark mark) const;
    int lineStart(int offset) const;
    int lineEnd(int offset) const; ///< where its line feed stands, or the text ends
    int columnOf(int offset) const { return offset - lineStart(offset); }
    int indentOf(int offset) const; ///< of the line; -1 if it has nothing but blanks or a comment

    bool isInFlow(int offset) const;    ///< between brackets
    bool isComment(int offset) const;

    int colonAfter(int key) const;
    int skipBlanks(int offset) const;
    int skipProperties(int offset) const; ///< past an anchor and a tag

    /// The end of a value that begins here and is not a list or map in block style.
    /// @param ownerColumn what is indented deeper goes on with it
    int inlineEnd(int start, int ownerColumn) const;

    /// The end of the last line below `offset` that belongs to a key at `column`: deeper, or, if `withItems`, a list's items at it.
    int blockEnd(int offset, int column, bool withItems) const;

private:
    enum class Part : quint8 { Code, Quote, Comment, Block };

    void scan();
    int scanBlock(int header);
    void mark(int start, int end, Part part, int depth);
    int quoteEnd(int start) const;
    bool isSpaceAt(int offset) const; ///< or the end of the text
    int commentStart(int from) const;

    const QString& m_text;
    std::vector<int> m_lineStarts;
    std::vector<Part> m_parts;
    std::vector<quint8> m_depths; ///< of brackets, before each letter
};

} // namespace tintype::ui
