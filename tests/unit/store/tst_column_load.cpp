// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/column_load.h"

#include <QTest>

using namespace tintype::store;
using Means = std::vector<double>;
using Maxima = std::vector<std::int64_t>;

class TestColumnLoad : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void nothingIsZero()
    {
        ColumnLoad load({.from = 100, .until = 400, .firstColumn = 100, .width = 100, .columns = 3});
        QCOMPARE(load.means(), (Means{0, 0, 0}));
        QCOMPARE(load.maxima(), (Maxima{0, 0, 0}));
    }

    void countsTheTimeInEachColumn()
    {
        ColumnLoad load({.from = 100, .until = 400, .firstColumn = 100, .width = 100, .columns = 3});
        load.add(150, 350);
        QCOMPARE(load.means(), (Means{0.5, 1, 0.5}));
        QCOMPARE(load.maxima(), (Maxima{1, 1, 1}));
    }

    void oneThatLeavesMakesRoomForTheNext()
    {
        ColumnLoad load({.from = 0, .until = 200, .firstColumn = 0, .width = 100, .columns = 2});
        load.add(0, 50);
        load.add(50, 100);
        load.add(60, 70);
        QCOMPARE(load.maxima(), (Maxima{2, 0}));
        QCOMPARE(load.means(), (Means{1.1, 0}));
    }

    void whatLiesOutsideIsCutOff()
    {
        ColumnLoad load({.from = 100, .until = 300, .firstColumn = 100, .width = 100, .columns = 2});
        load.add(-1000, 100);
        load.add(300, 1000);
        load.add(250, 250);
        load.add(260, 240);
        QCOMPARE(load.maxima(), (Maxima{0, 0}));
        load.add(-1000, 1000);
        QCOMPARE(load.means(), (Means{1, 1}));
        QCOMPARE(load.maxima(), (Maxima{1, 1}));
    }

    void columnsAtBothEndsAreMeasuredInPart()
    {
        ColumnLoad load({.from = 150, .until = 210, .firstColumn = 100, .width = 100, .columns = 2});
        load.add(0, 1000);
        QCOMPARE(load.means(), (Means{1, 1}));
    }

    void aColumnInTheFutureIsZero()
    {
        ColumnLoad load({.from = 0, .until = 100, .firstColumn = 0, .width = 100, .columns = 3});
        load.add(0, 1000);
        QCOMPARE(load.means(), (Means{1, 0, 0}));
        QCOMPARE(load.maxima(), (Maxima{1, 0, 0}));
    }
};

QTEST_GUILESS_MAIN(TestColumnLoad)
#include "tst_column_load.moc"
