// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/apps/completion.h"

#include <QTest>

using namespace tintype::ui;

namespace {

const QStringList kMachines{QStringLiteral("GPU"), QStringLiteral("M")};
const QStringList kRequirements{QStringLiteral("file:m"), QStringLiteral("hf:a/b")};

/// What is offered at the | of the text.
QStringList offers(QString text)
{
    const qsizetype cursor = text.indexOf(QLatin1Char('|'));
    text.remove(cursor, 1);
    const QStringList lines = text.split(QLatin1Char('\n'));
    const int line = static_cast<int>(text.left(cursor).count(QLatin1Char('\n')));
    const int column = static_cast<int>(cursor - (text.lastIndexOf(QLatin1Char('\n'), cursor - 1) + 1));
    return completions(completionContext(lines, line, cursor == 0 ? 0 : column), kMachines, kRequirements);
}

} // namespace

/// Keys and values while the text is half written.
class TestCompletion : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void offersKeysAndValues_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("among"); ///< empty = nothing at all
        QTest::addColumn<QString>("notAmong");
        const auto row = [](const char* name, const char* text, const char* among, const char* notAmong = "nothing") {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(among) << QString::fromUtf8(notAmong);
        };
        row("keys in an empty text", "|", "name:", "dtype:");
        row("keys at the top", "name: a\nke|", "keep_alive:", "model:");
        row("keys below setup", "setup:\n  |", "dtype:", "name:");
        row("keys below setup after others", "setup:\n  model: x\n  dt|", "dtype:", "keep_alive:");
        row("keys of an endpoint", "endpoints:\n  /:\n    |", "defaults:", "dtype:");
        row("a path first", "endpoints:\n  |", "/:", "defaults:");
        row("values of an enumeration", "auth: |", "public", "auto");
        row("values deeper", "setup:\n  dtype: fl|", "float16", "public");
        row("machines of the hosts", "machine_type: |", "GPU", "file:m");
        row("requirements for the model", "setup:\n  model: |", "hf:a/b", "GPU");
        row("items of the requirements", "requirements:\n  - |", "file:", "GPU");
        row("below a broken line", "name: [a\nsetup:\n  |", "dtype:", "name:");
        row("CRLF", "setup:\r\n  |", "dtype:", "name:");
        row("nothing for an unknown field", "nonsense: |", "");
        row("nothing in a name", "name: |", "");
        row("nothing below an unknown field", "nonsense:\n  |", "");
    }

    void offersKeysAndValues()
    {
        QFETCH(QString, text);
        QFETCH(QString, among);
        QFETCH(QString, notAmong);
        const QStringList all = offers(text);
        if (among.isEmpty())
            QVERIFY2(all.isEmpty(), qPrintable(all.join(QLatin1Char(' '))));
        else
            QVERIFY2(all.contains(among), qPrintable(all.join(QLatin1Char(' '))));
        QVERIFY(!all.contains(notAmong));
    }

    void placesOutsideTheTextHaveNothing()
    {
        QVERIFY(completionContext({}, 0, 0).path.empty());
        QVERIFY(completionContext({QStringLiteral("name:")}, 7, 0).path.empty());
        QVERIFY(completionContext({QStringLiteral("name:")}, -1, 0).path.empty());
        QCOMPARE(completionContext({QStringLiteral("auth: pub")}, 0, 1000).entered, 3);
        QVERIFY(fieldAt({QStringLiteral("name:")}, 3).empty());
    }

    void findsTheFieldOfALine()
    {
        const QStringList lines = QStringLiteral("name: a\nsetup:\n  # a comment\n\n  dtype: auto\nendpoints:\n  \"/draw\":\n    defaults:\n      seed: 1\nplain text\n").split(QLatin1Char('\n'));
        QCOMPARE(fieldAt(lines, 4), std::string("setup.dtype"));
        QCOMPARE(fieldAt(lines, 8), std::string("endpoints./draw.defaults.seed"));
        QCOMPARE(fieldAt(lines, 2), std::string());
        QCOMPARE(fieldAt(lines, 9), std::string());
    }

    void helpsWithWhatIsKnown()
    {
        QVERIFY(fieldHelpText("setup.dtype").contains(QStringLiteral("auto")));
        QVERIFY(fieldHelpText("endpoints./draw.defaults").contains(QStringLiteral("endpoints./draw.defaults")));
        QCOMPARE(fieldHelpText("nonsense"), QString());
        QCOMPARE(fieldHelpText(""), QString());
    }
};

QTEST_GUILESS_MAIN(TestCompletion)
#include "tst_completion.moc"
