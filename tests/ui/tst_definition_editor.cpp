// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/app_document.h"
#include "ui/views/apps/definition_editor.h"

#include <QFile>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;

namespace {

constexpr unsigned long kProblemIndicator = 8;

} // namespace

/// The text of a definition: what is typed becomes the document's, what the document gets elsewhere becomes text.
class TestDefinitionEditor : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_studio = std::make_unique<test::StudioFixture>();
        m_editor = std::make_unique<DefinitionEditor>(m_studio->studio);
    }
    void cleanup()
    {
        m_editor.reset();
        m_document.reset();
        m_studio.reset();
    }

    void whatIsTypedIsTheDocuments()
    {
        open("name: größe # mine\n");
        QVERIFY(!m_document->isModified());
        m_editor->insertAt(QStringLiteral("ü"), 0, 11);
        QCOMPARE(m_document->text(), QStringLiteral("name: größeü # mine\n"));
        QVERIFY(m_document->isModified());
        m_document->undoStack().undo();
        QCOMPARE(m_editor->text(), QStringLiteral("name: größe # mine\n"));
        QVERIFY(!m_document->isModified());
    }

    void whatTheFormEntersIsShown()
    {
        open("# grün 🎨\nname: a\nkeep_alive: 10 # s\n");
        QVERIFY(m_document->setField("keep_alive", "20"));
        QCOMPARE(m_editor->text(), QStringLiteral("# grün 🎨\nname: a\nkeep_alive: 20 # s\n"));
        QVERIFY(m_document->setField("keep_alive", ""));
        QCOMPARE(m_editor->text(), m_document->text());
        m_editor->insertAt(QStringLiteral("x"), 1, 7);
        QCOMPARE(m_document->text(), QStringLiteral("# grün 🎨\nname: ax\n"));
        for (int i = 0; i < 3; ++i)
            m_document->undoStack().undo();
        QCOMPARE(m_editor->text(), QStringLiteral("# grün 🎨\nname: a\nkeep_alive: 10 # s\n"));
    }

    void lineEndsStay()
    {
        open("name: a\r\nkeep_alive: 10\r\n");
        QVERIFY(m_document->setField("keep_alive", "20"));
        QCOMPARE(m_editor->text(), QStringLiteral("name: a\r\nkeep_alive: 20\r\n"));
    }

    void anErrorIsUnderlinedWhereItIs()
    {
        open("name: a # ü\nkeep_alive: soon\nrequirements: [file:m]\nsetup: {model: file:m}\n");
        QCOMPARE(m_document->parsed().problems.size(), std::size_t{1});
        QVERIFY(isUnderlined(1, 12)); // "soon"
        QVERIFY(isUnderlined(1, 15));
        QVERIFY(!isUnderlined(0, 0));
        QVERIFY(!isUnderlined(1, 0));
        QVERIFY(!isUnderlined(2, 0));
        QVERIFY(m_editor->markersAtLine(1) != 0);
        QCOMPARE(m_editor->markersAtLine(0), 0U);
        QVERIFY(m_document->setField("keep_alive", "5"));
        QVERIFY(!isUnderlined(1, 12));
        QCOMPARE(m_editor->markersAtLine(1), 0U);
    }

    void theMouseGetsTheSentence()
    {
        open("name: a\n# nothing\nnonsense: 1\nrequirements: [file:m]\nsetup: {model: file:m}\n");
        QCOMPARE(m_document->parsed().problems.size(), std::size_t{1});
        Q_EMIT m_editor->SCN_DWELLSTART(m_editor->positionFromLineIndex(1, 3), 0, 0);
        QVERIFY(!hasTip());
        Q_EMIT m_editor->SCN_DWELLSTART(m_editor->positionFromLineIndex(2, 3), 0, 0); // a field without help: only the problem's
        QVERIFY(hasTip());
        Q_EMIT m_editor->SCN_DWELLEND(0, 0, 0);
        QVERIFY(!hasTip());
    }

    void brokenYamlIsUnderlinedAndStaysEditable()
    {
        open("name: a\nrequirements: [file:m\n");
        QVERIFY(!m_document->parsed().problems.empty());
        QVERIFY(!m_document->parsed().problems.front().message.empty());
        QVERIFY(m_editor->markersAtLine(0) != 0 || m_editor->markersAtLine(1) != 0 || m_editor->markersAtLine(2) != 0);
        m_editor->insertAt(QStringLiteral("]"), 1, 21);
        QCOMPARE(m_document->text(), QStringLiteral("name: a\nrequirements: [file:m]\n"));
    }

    void selectionIsInLettersOfTheText()
    {
        open("# grün 🎨\nname: abc\n");
        const auto start = static_cast<int>(m_document->text().indexOf(QStringLiteral("abc")));
        m_editor->select({start, start + 3});
        QCOMPARE(m_editor->selectedText(), QStringLiteral("abc"));
        QCOMPARE(m_editor->selection().start, start);
        QCOMPARE(m_editor->selection().end, start + 3);
    }

    void jumpsToLineAndColumn()
    {
        open("name: a\nkeep_alive: 10\n");
        m_editor->jumpTo(2, 13);
        int line = 0;
        int column = 0;
        m_editor->getCursorPosition(&line, &column);
        QCOMPARE(line, 1);
        QCOMPARE(column, 12);
        m_editor->jumpTo(900, 1); // a line that is gone
        QCOMPARE(m_editor->text(), m_document->text());
    }

    void withoutADocumentItIsEmpty()
    {
        open("name: a\n");
        m_editor->setDocument(nullptr);
        QVERIFY(m_editor->text().isEmpty());
        QVERIFY(!m_editor->isEnabled());
        QCOMPARE(m_document->text(), QStringLiteral("name: a\n")); // nobody has emptied it
    }

private:
    void open(const char* text)
    {
        const QString path = m_studio->folder.filePath(QStringLiteral("app.yaml"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        auto document = AppDocument::open(path, m_studio->folder.filePath(QStringLiteral("recovery")));
        QVERIFY(document);
        m_document = std::move(*document);
        m_editor->setDocument(m_document.get());
    }
    bool hasTip() const { return m_editor->SendScintilla(QsciScintillaBase::SCI_CALLTIPACTIVE) != 0; }
    bool isUnderlined(int line, int column) const
    {
        return m_editor->SendScintilla(QsciScintillaBase::SCI_INDICATORVALUEAT, kProblemIndicator, static_cast<long>(m_editor->positionFromLineIndex(line, column))) != 0;
    }

    std::unique_ptr<test::StudioFixture> m_studio;
    std::unique_ptr<AppDocument> m_document;
    std::unique_ptr<DefinitionEditor> m_editor;
};

QTEST_MAIN(TestDefinitionEditor)
#include "tst_definition_editor.moc"
