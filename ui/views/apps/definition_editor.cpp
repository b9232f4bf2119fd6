// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/definition_editor.h"

#include "ui/commands/studio.h"
#include "ui/models/app_document.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/models/yaml_edit.h"
#include "ui/theme/theme.h"
#include "ui/views/apps/completion.h"

#include <QDragEnterEvent>
#include <QFontInfo>
#include <QMimeData>
#include <QSignalBlocker>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kProblemIndicator = 8;
constexpr int kProblemMarker = 1;
constexpr int kNumberMargin = 0;
constexpr int kMarkMargin = 1;
constexpr int kFoldMargin = 2;
constexpr int kDwellMs = 400;
constexpr int kTabWidth = 2;
constexpr int kTipWidth = 72; ///< letters

/// Scintilla takes sizes in points only.
QFont inPoints(QFont font)
{
    font.setPointSizeF(QFontInfo(font).pointSizeF());
    return font;
}

/// Lines of a call tip, which has no wrapping of its own.
QString wrapped(const QString& text)
{
    QString outcome;
    qsizetype width = 0;
    const QStringList words = text.split(QLatin1Char(' '));
    for (const QString& word : words) {
        const bool isFull = width > 0 && width + word.size() >= kTipWidth;
        outcome += width == 0 ? QString() : QString(isFull ? QLatin1Char('\n') : QLatin1Char(' '));
        outcome += word;
        const qsizetype lineBreak = word.lastIndexOf(QLatin1Char('\n'));
        width = lineBreak >= 0 ? word.size() - lineBreak : isFull ? word.size() : width + word.size() + 1;
    }
    return outcome;
}

} // namespace

DefinitionEditor::DefinitionEditor(Studio& studio, QWidget* parent)
    : QsciScintilla(parent)
    , m_studio(studio)
{
    setUtf8(true);
    setAccessibleName(tr("Text of the definition"));
    setEolMode(EolUnix);
    setIndentationsUseTabs(false);
    setTabWidth(kTabWidth);
    setAutoIndent(true);
    setIndentationGuides(true);
    setBackspaceUnindents(true);
    setTabIndents(true);
    setScrollWidthTracking(true);
    setScrollWidth(1);
    setBraceMatching(SloppyBraceMatch);
    setMarginType(kNumberMargin, NumberMargin);
    setMarginType(kMarkMargin, SymbolMargin);
    setMarginWidth(kMarkMargin, Theme::space(4));
    setMarginMarkerMask(kMarkMargin, 1 << kProblemMarker);
    markerDefine(Circle, kProblemMarker);
    indicatorDefine(SquiggleIndicator, kProblemIndicator);
    setFolding(PlainFoldStyle, kFoldMargin);
    SendScintilla(SCI_SETMOUSEDWELLTIME, static_cast<long>(kDwellMs));
    SendScintilla(SCI_SETUNDOCOLLECTION, 0L); // the document has the one undo stack
    SendScintilla(SCI_AUTOCSETIGNORECASE, 1L);
    SendScintilla(SCI_AUTOCSETSEPARATOR, static_cast<long>('\n'));
    for (const QsciCommand::Command command : {QsciCommand::Undo, QsciCommand::Redo})
        standardCommands()->find(command)->setKey(0);
    connect(this, &QsciScintilla::textChanged, this, &DefinitionEditor::onEdited);
    connect(this, &QsciScintillaBase::SCN_DWELLSTART, this, [this](int position, int, int) { showHelp(position); });
    connect(this, &QsciScintillaBase::SCN_DWELLEND, this, [this] { SendScintilla(SCI_CALLTIPCANCEL); });
    connect(this, &QsciScintillaBase::SCN_CHARADDED, this, [this](int added) {
        if (QChar(added).isLetter() || added == ' ')
            complete();
    });
    connect(&studio.theme, &Theme::changed, this, &DefinitionEditor::dress);
    dress();
}

void DefinitionEditor::setDocument(AppDocument* document)
{
    if (m_document)
        m_document->disconnect(this);
    m_document = document;
    setEnabled(document);
    if (!document) {
        const QSignalBlocker blocker(this);
        clear();
        return;
    }
    delete lexer();
    if (document->isPython())
        setLexer(new QsciLexerPython(this));
    else
        setLexer(new QsciLexerYAML(this));
    dress();
    connect(document, &AppDocument::textChanged, this, &DefinitionEditor::showDocument);
    m_isSyncing = true;
    setEolMode(document->text().contains(QLatin1String("\r\n")) ? EolWindows : EolUnix);
    setText(document->text());
    m_isSyncing = false;
    markProblems();
}

void DefinitionEditor::dress()
{
    const Theme& theme = m_studio.theme;
    setFont(inPoints(theme.font(TextStyle::Mono)));
    if (lexer())
        dressLexer(*lexer());
    setPaper(theme.color(ColorToken::Sunken));
    setColor(theme.color(ColorToken::Text));
    setCaretForegroundColor(theme.color(ColorToken::Text));
    setCaretWidth(2);
    setCaretLineVisible(true);
    setCaretLineBackgroundColor(theme.color(ColorToken::Hover));
    setSelectionBackgroundColor(theme.color(ColorToken::Selection));
    setSelectionForegroundColor(theme.color(ColorToken::OnSelection));
    setMarginsFont(inPoints(theme.font(TextStyle::Mono)));
    setMarginsBackgroundColor(theme.color(ColorToken::Surface));
    setMarginsForegroundColor(theme.color(ColorToken::TextMuted));
    setMarginWidth(kNumberMargin, QStringLiteral("0000"));
    setFoldMarginColors(theme.color(ColorToken::Surface), theme.color(ColorToken::Surface));
    setIndentationGuidesForegroundColor(theme.color(ColorToken::Border));
    setMatchedBraceBackgroundColor(theme.color(ColorToken::Selection));
    setMatchedBraceForegroundColor(theme.color(ColorToken::OnSelection));
    setIndicatorForegroundColor(theme.color(ColorToken::Error), kProblemIndicator);
    setMarkerBackgroundColor(theme.color(ColorToken::Error), kProblemMarker);
    setMarkerForegroundColor(theme.color(ColorToken::Error), kProblemMarker);
    setCallTipsBackgroundColor(theme.color(ColorToken::Raised));
    setCallTipsForegroundColor(theme.color(ColorToken::Text));
    setFoldMarginColors(theme.color(ColorToken::Surface), theme.color(ColorToken::Surface));
    for (int marker = SC_MARKNUM_FOLDEREND; marker <= SC_MARKNUM_FOLDEROPEN; ++marker) {
        setMarkerForegroundColor(theme.color(ColorToken::Surface), marker);
        setMarkerBackgroundColor(theme.color(ColorToken::TextMuted), marker);
    }
    setFrameShape(QFrame::NoFrame);
}

void DefinitionEditor::dressLexer(QsciLexer& lexer)
{
    const Theme& theme = m_studio.theme;
    const QFont mono = inPoints(theme.font(TextStyle::Mono));
    lexer.setDefaultFont(mono);
    lexer.setDefaultPaper(theme.color(ColorToken::Sunken));
    lexer.setDefaultColor(theme.color(ColorToken::Text));
    lexer.setFont(mono);
    lexer.setPaper(theme.color(ColorToken::Sunken));
    lexer.setColor(theme.color(ColorToken::Text));
    const bool isPython = qobject_cast<QsciLexerPython*>(&lexer);
    const std::initializer_list<std::pair<int, ColorToken>> yaml{{QsciLexerYAML::Comment, ColorToken::EditorComment},
        {QsciLexerYAML::Identifier, ColorToken::EditorKey}, {QsciLexerYAML::Keyword, ColorToken::EditorNumber},
        {QsciLexerYAML::Number, ColorToken::EditorNumber}, {QsciLexerYAML::Reference, ColorToken::EditorNumber},
        {QsciLexerYAML::DocumentDelimiter, ColorToken::TextMuted}, {QsciLexerYAML::SyntaxErrorMarker, ColorToken::Error}};
    const std::initializer_list<std::pair<int, ColorToken>> python{{QsciLexerPython::Comment, ColorToken::EditorComment},
        {QsciLexerPython::CommentBlock, ColorToken::EditorComment}, {QsciLexerPython::Keyword, ColorToken::EditorKey},
        {QsciLexerPython::Number, ColorToken::EditorNumber}, {QsciLexerPython::DoubleQuotedString, ColorToken::EditorString},
        {QsciLexerPython::SingleQuotedString, ColorToken::EditorString}, {QsciLexerPython::TripleDoubleQuotedString, ColorToken::EditorString},
        {QsciLexerPython::TripleSingleQuotedString, ColorToken::EditorString}, {QsciLexerPython::Decorator, ColorToken::EditorNumber}};
    for (const auto& [style, token] : isPython ? python : yaml)
        lexer.setColor(theme.color(token), style);
    if (!isPython) { // an error is underlined where the definition's own reader finds it
        lexer.setColor(theme.color(ColorToken::Text), QsciLexerYAML::SyntaxErrorMarker);
        lexer.setPaper(theme.color(ColorToken::Sunken), QsciLexerYAML::SyntaxErrorMarker);
    }
}

void DefinitionEditor::changeEvent(QEvent* event)
{
    QsciScintilla::changeEvent(event);
    if (event->type() == QEvent::FontChange && !m_isSyncing)
        setMarginWidth(kNumberMargin, QStringLiteral("0000"));
}

/// What differs between the text before and now, as one change of the document.
void DefinitionEditor::onEdited()
{
    if (m_isSyncing || !m_document)
        return;
    const TextEdit edit = difference(m_document->text(), text());
    m_isSyncing = true;
    m_document->replace(edit.start, edit.length, edit.with, tr("Type"));
    m_isSyncing = false;
    markProblems();
}

/// The document was changed by another view: only what differs is replaced, so that cursor and folds stay.
void DefinitionEditor::showDocument()
{
    if (m_isSyncing || !m_document)
        return;
    const QString before = text();
    const TextEdit edit = difference(before, m_document->text());
    const int start = toBytes(edit.start);
    const int end = toBytes(edit.start + edit.length);
    const QByteArray with = edit.with.toUtf8();
    m_isSyncing = true;
    SendScintilla(SCI_SETTARGETSTART, static_cast<unsigned long>(start));
    SendScintilla(SCI_SETTARGETEND, static_cast<unsigned long>(end));
    SendScintilla(SCI_REPLACETARGET, static_cast<uintptr_t>(with.size()), with.constData());
    if (hasFocus()) // undo and redo
        SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(start + with.size()));
    m_isSyncing = false;
    markProblems();
}

void DefinitionEditor::markProblems()
{
    markerDeleteAll(kProblemMarker);
    SendScintilla(SCI_SETINDICATORCURRENT, static_cast<unsigned long>(kProblemIndicator));
    SendScintilla(SCI_INDICATORCLEARRANGE, 0UL, static_cast<long>(length()));
    if (!m_document || m_document->isPython())
        return;
    for (const domain::DefinitionProblem& problem : m_document->parsed().problems) {
        const int line = std::clamp(problem.line - 1, 0, std::max(0, QsciScintilla::lines() - 1));
        const long lineStart = SendScintilla(SCI_POSITIONFROMLINE, static_cast<unsigned long>(line));
        const long lineEnd = SendScintilla(SCI_GETLINEENDPOSITION, static_cast<unsigned long>(line));
        const long start = std::min(lineStart + problem.column - 1, lineEnd);
        const long word = SendScintilla(SCI_WORDENDPOSITION, static_cast<unsigned long>(start), 1L);
        markerAdd(line, kProblemMarker);
        SendScintilla(SCI_INDICATORFILLRANGE, static_cast<unsigned long>(start == lineEnd ? lineStart : start),
            std::max(1L, (word > start ? word : lineEnd) - start));
    }
}

void DefinitionEditor::showHelp(int position)
{
    if (!m_document || position < 0)
        return;
    const int line = static_cast<int>(SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(position)));
    QStringList texts;
    for (const domain::DefinitionProblem& problem : m_document->parsed().problems) {
        if (problem.line - 1 == line)
            texts += qs(problem.message);
    }
    if (!m_document->isPython()) {
        if (const QString help = fieldHelpText(fieldAt(lines(), line)); !help.isEmpty())
            texts += help;
    }
    for (QString& paragraph : texts)
        paragraph = wrapped(paragraph);
    if (!texts.isEmpty())
        SendScintilla(SCI_CALLTIPSHOW, static_cast<unsigned long>(position), texts.join(QLatin1Char('\n')).toUtf8().constData());
}

void DefinitionEditor::complete()
{
    if (!m_document || m_document->isPython())
        return;
    int line = 0;
    int column = 0;
    getCursorPosition(&line, &column);
    const CompletionContext context = completionContext(lines(), line, column);
    QStringList offers = completions(context, machineTypes(), requirements());
    const QString entered = lines().value(line).left(column).right(context.entered);
    offers.removeIf([&](const QString& offer) { return !offer.startsWith(entered, Qt::CaseInsensitive) || offer == entered; });
    offers.sort();
    if (offers.isEmpty())
        return;
    SendScintilla(SCI_AUTOCSHOW, static_cast<unsigned long>(entered.toUtf8().size()), offers.join(QLatin1Char('\n')).toUtf8().constData());
}

QStringList DefinitionEditor::lines() const
{
    return text().split(QLatin1Char('\n'));
}

QStringList DefinitionEditor::machineTypes() const
{
    QStringList names;
    for (const auto& target : m_studio.targets.all()) {
        if (!target->hostInfo())
            continue;
        for (const control::MachineInfo& machine : target->hostInfo()->machines)
            names += qs(machine.type.name);
    }
    names.removeDuplicates();
    return names;
}

QStringList DefinitionEditor::requirements() const
{
    QStringList texts;
    for (const domain::Requirement& requirement : m_document->parsed().definition.requirements)
        texts += qs(requirement.text);
    return texts;
}

void DefinitionEditor::jumpTo(int line, int column)
{
    const auto row = static_cast<unsigned long>(std::max(0, line - 1));
    const long start = SendScintilla(SCI_POSITIONFROMLINE, row);
    SendScintilla(SCI_ENSUREVISIBLE, row);
    SendScintilla(SCI_GOTOPOS, static_cast<unsigned long>(start + column - 1));
    SendScintilla(SCI_VERTICALCENTRECARET);
    setFocus();
}

TextSpan DefinitionEditor::selection() const
{
    const QByteArray bytes = text().toUtf8();
    const auto offset = [&](long position) { return static_cast<int>(QString::fromUtf8(bytes.left(position)).size()); };
    return {offset(SendScintilla(SCI_GETSELECTIONSTART)), offset(SendScintilla(SCI_GETSELECTIONEND))};
}

void DefinitionEditor::select(TextSpan span)
{
    SendScintilla(SCI_ENSUREVISIBLE, static_cast<unsigned long>(SendScintilla(SCI_LINEFROMPOSITION, static_cast<unsigned long>(toBytes(span.start)))));
    SendScintilla(SCI_SETSEL, static_cast<unsigned long>(toBytes(span.start)), static_cast<long>(toBytes(span.end)));
}

int DefinitionEditor::toBytes(int offset) const
{
    return static_cast<int>(text().left(offset).toUtf8().size());
}

/// Files are opened by the page, not written into the text.
void DefinitionEditor::dragEnterEvent(QDragEnterEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->ignore();
    else
        QsciScintilla::dragEnterEvent(event);
}

void DefinitionEditor::dragMoveEvent(QDragMoveEvent* event)
{
    if (event->mimeData()->hasUrls())
        event->ignore();
    else
        QsciScintilla::dragMoveEvent(event);
}

} // namespace tintype::ui
