// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/table.h"

#include <QTest>

using tintype::cli::Table;

class TestTable : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void alignsColumns()
    {
        Table table({"Name", ">Size", "Note"});
        table.add({"a", "1", "x"});
        table.add({"longer", "1000", ""});
        QCOMPARE(table.text({}), std::string("Name    Size  Note\na          1  x\nlonger  1000\n"));
    }

    void countsLettersNotBytes()
    {
        Table table({"N", "M"});
        table.add({"é", "x"});
        table.add({"😀", "y"});
        QCOMPARE(table.text({}), std::string("N  M\né  x\n😀  y\n"));
    }

    void fitsTheTerminal()
    {
        Table table({"Name", "Text"});
        table.add({"short", std::string(100, 'x')});
        const std::string text = table.text(20);
        QCOMPARE(text, "Name   Text\nshort  " + std::string(12, 'x') + "…\n");
    }

    void givesUpWhereNothingFits()
    {
        Table table({"Aaaaaaaaaa", "Bbbbbbbbbb"});
        QCOMPARE(table.text(3), std::string("Aaaaa…  Bbbbb…\n"));
    }

    void keepsOneLineARow()
    {
        Table table({"A", "B"});
        table.add({"x\ny", "\x1b[31mred"});
        QCOMPARE(table.text({}), std::string("A    B\nx y   [31mred\n"));
    }

    void fillsShortRows()
    {
        Table table({"A", "B"});
        table.add({"x"});
        QVERIFY(!table.isEmpty());
        QCOMPARE(table.text({}), std::string("A  B\nx\n"));
    }
};

QTEST_GUILESS_MAIN(TestTable)
#include "tst_table.moc"
