// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/prompt_matrix.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <limits>

using namespace tintype;
using namespace tintype::ui;

/// Prompts that stand for several.
class TestPromptMatrix : public QObject {
    Q_OBJECT

private:
    static QStringList all(const QString& text, const WordLists& lists = {})
    {
        const PromptMatrix matrix(text, lists);
        QStringList prompts;
        for (quint64 index = 0; index < matrix.count(); ++index)
            prompts.push_back(matrix.at(index));
        return prompts;
    }

    static WordLists colours()
    {
        WordLists lists;
        lists.insert(QStringLiteral("colour"), {QStringLiteral("red"), QStringLiteral("blue")});
        lists.insert(QStringLiteral("thing"), {QStringLiteral("__colour__ circle"), QStringLiteral("star")});
        lists.insert(QStringLiteral("loop"), {QStringLiteral("a __loop__")});
        lists.insert(QStringLiteral("nothing"), {});
        lists.insert(QStringLiteral("farbe/grün"), {QStringLiteral("lime")});
        return lists;
    }

private Q_SLOTS:
    void combinations_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("prompts");
        const auto row = [](const char* name, const char* text, const QStringList& prompts) { QTest::newRow(name) << QString::fromUtf8(text) << prompts; };
        row("plain", "a red circle", {QStringLiteral("a red circle")});
        row("empty", "", {QString()});
        row("choice", "{red|blue} circle", {QStringLiteral("red circle"), QStringLiteral("blue circle")});
        row("the first changes slowest", "{a|b}{c|d}", {QStringLiteral("ac"), QStringLiteral("ad"), QStringLiteral("bc"), QStringLiteral("bd")});
        row("empty alternative", "a {|red }star", {QStringLiteral("a star"), QStringLiteral("a red star")});
        row("one alternative", "{red} star", {QStringLiteral("red star")});
        row("nested", "{a {x|y}|b}", {QStringLiteral("a x"), QStringLiteral("a y"), QStringLiteral("b")});
        row("list", "a __colour__ star", {QStringLiteral("a red star"), QStringLiteral("a blue star")});
        row("list of lists", "__thing__", {QStringLiteral("red circle"), QStringLiteral("blue circle"), QStringLiteral("star")});
        row("list in a folder, not ASCII", "__farbe/grün__", {QStringLiteral("lime")});
        row("lists side by side", "__colour____colour__", {QStringLiteral("redred"), QStringLiteral("redblue"), QStringLiteral("bluered"), QStringLiteral("blueblue")});
        row("escaped", "\\{red\\|blue\\} \\__colour__", {QStringLiteral("{red|blue} __colour__")});
        row("bar outside of braces", "a|b", {QStringLiteral("a|b")});
        row("backslash that escapes nothing", "C:\\new", {QStringLiteral("C:\\new")});
        row("snake case", "a snake_case_word", {QStringLiteral("a snake_case_word")});
    }
    void combinations()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, prompts);
        QCOMPARE(all(text, colours()), prompts);
        QCOMPARE(PromptMatrix(text, colours()).warnings(), QStringList());
    }

    void literalWithAWarning_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("prompts");
        QTest::addColumn<QString>("says");
        const auto row = [](const char* name, const char* text, const QStringList& prompts, const char* says) {
            QTest::newRow(name) << QString::fromUtf8(text) << prompts << QString::fromUtf8(says);
        };
        row("open", "a {red|blue", {QStringLiteral("a {red|blue")}, "no partner");
        row("closed", "a red|blue}", {QStringLiteral("a red|blue}")}, "no partner");
        row("one of two open", "{a {b|c}", {QStringLiteral("{a b"), QStringLiteral("{a c")}, "no partner");
        row("unknown list", "a __color__ star", {QStringLiteral("a __color__ star")}, "“color”");
        row("empty list", "a __nothing__ star", {QStringLiteral("a __nothing__ star")}, "“nothing”");
        row("list that names itself", "__loop__", {QStringLiteral("a __loop__")}, "names itself");
        row("a way out of the folder", "__../secret__", {QStringLiteral("__../secret__")}, "");
    }
    void literalWithAWarning()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, prompts);
        QFETCH(QString, says);
        QCOMPARE(all(text, colours()), prompts);
        const QStringList warnings = PromptMatrix(text, colours()).warnings();
        QCOMPARE(warnings.size(), says.isEmpty() ? 0 : 1);
        QVERIFY2(warnings.join(u' ').contains(says), qPrintable(warnings.join(u' ')));
    }

    void pickIsTheSameForTheSameSeed()
    {
        const PromptMatrix matrix(QStringLiteral("{a|b|c|d} {e|f|g|h}"), {});
        QSet<QString> seen;
        for (quint64 seed = 0; seed < 200; ++seed) {
            QCOMPARE(matrix.pick(seed), PromptMatrix(QStringLiteral("{a|b|c|d} {e|f|g|h}"), {}).pick(seed));
            seen.insert(matrix.pick(seed));
        }
        QCOMPARE(seen.size(), 16);
    }

    void countsWithoutOverflow()
    {
        QString text;
        for (int i = 0; i < 100; ++i)
            text += QStringLiteral("{a|b|c}");
        const PromptMatrix matrix(text, {});
        QCOMPARE(matrix.count(), std::numeric_limits<quint64>::max());
        QCOMPARE(matrix.pick(1).size(), 100);
    }

    void survivesDeepAndLongTexts()
    {
        const QString deep = QString(5000, u'{') + QStringLiteral("a|b") + QString(5000, u'}');
        const PromptMatrix nested(deep, {});
        QVERIFY(!nested.warnings().isEmpty());
        QVERIFY(nested.count() >= 1);
        const PromptMatrix underscores(QString(200'000, u'_'), {});
        QCOMPARE(underscores.at(0).size(), 200'000);
        WordLists lists; // each of 1,000 entries brings 1,000
        QStringList outer, inner;
        for (int i = 0; i < 1000; ++i) {
            outer.push_back(QStringLiteral("__inner__"));
            inner.push_back(QString::number(i));
        }
        lists.insert(QStringLiteral("outer"), outer);
        lists.insert(QStringLiteral("inner"), inner);
        QVERIFY(PromptMatrix(QStringLiteral("__outer__"), lists).warnings().join(u' ').contains(QStringLiteral("left out")));
    }

    void resolvesInputs()
    {
        const QString input = QStringLiteral(R"({"prompt":"{red|blue} circle","seed":18446744073709551615,"negative_prompt":"{x|y}","steps":4})");
        const auto all = resolvePrompts(input, {}, PromptMode::All, 0);
        QVERIFY(all);
        QCOMPARE(all->inputs.size(), 4);
        QCOMPARE(all->inputs[1], QStringLiteral(R"({"prompt":"red circle","seed":18446744073709551615,"negative_prompt":"y","steps":4})"));
        const auto picked = resolvePrompts(input, {}, PromptMode::Pick, 7);
        QVERIFY(picked);
        QCOMPARE(picked->inputs.size(), 1);
        QVERIFY(!picked->inputs[0].contains(u'|'));
    }

    void plainInputsStayAsTheyAre()
    {
        const QString input = QStringLiteral(R"({"seed":1,"image_size":{"width":64,"height":64}})");
        const auto resolved = resolvePrompts(input, {}, PromptMode::All, 0);
        QVERIFY(resolved);
        QCOMPARE(resolved->inputs, QStringList{input});
        const QString odd = QStringLiteral(R"({"prompt":null,"negative_prompt":5})");
        QCOMPARE(resolvePrompts(odd, {}, PromptMode::Pick, 0)->inputs, QStringList{odd});
    }

    void refusesTooManyWithTheirNumber()
    {
        const auto refused = resolvePrompts(QStringLiteral(R"({"prompt":"{a|b|c}{a|b|c}{a|b|c}"})"), {}, PromptMode::All, 0, 10);
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::InvalidArgument);
        QVERIFY(refused.error().message.find("27") != std::string::npos);
        QVERIFY(refused.error().message.find("10") != std::string::npos);
        QVERIFY(resolvePrompts(QStringLiteral(R"({"prompt":"{a|b|c}{a|b|c}{a|b|c}"})"), {}, PromptMode::Pick, 0, 1));
    }

    void refusesWhatIsNoObject()
    {
        for (const char* bad : {"", "[]", "5", "{\"prompt\":", "\"x\""})
            QVERIFY(!resolvePrompts(QLatin1String(bad), {}, PromptMode::Pick, 0));
    }

    void readsLists()
    {
        QTemporaryDir folder;
        const auto write = [&](const char* name, const QByteArray& bytes) {
            const QString path = folder.filePath(QLatin1String(name));
            QDir().mkpath(QFileInfo(path).absolutePath());
            QFile file(path);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(bytes);
        };
        write("colour.txt", "# three\r\nred\r\n\r\n  blue \ngreen");
        write("animals/birds.txt", "owl\n");
        write("latin.txt", "gr\xfcn\n");
        write("notes.md", "no list\n");
        const WordLists lists = WordLists::load(folder.path());
        QCOMPARE(lists.names(), (QStringList{QStringLiteral("animals/birds"), QStringLiteral("colour")}));
        QCOMPARE(*lists.find(QStringLiteral("colour")), (QStringList{QStringLiteral("red"), QStringLiteral("blue"), QStringLiteral("green")}));
        QCOMPARE(lists.warnings().size(), 1);
        QVERIFY(lists.warnings()[0].contains(QStringLiteral("latin.txt")));
        QVERIFY(WordLists::load(folder.filePath(QStringLiteral("not there"))).names().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestPromptMatrix)
#include "tst_prompt_matrix.moc"
