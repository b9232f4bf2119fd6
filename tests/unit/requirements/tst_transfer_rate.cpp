// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/transfer_rate.h"

#include <QTest>

using namespace std::chrono_literals;
using tintype::requirements::TransferRate;

class TestTransferRate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void knowsNothingAtFirst()
    {
        TransferRate rate;
        QCOMPARE(rate.bytesPerSecond(), 0.0);
        QVERIFY(!rate.secondsFor(10));
        rate.add(100, TransferRate::Clock::time_point(1s));
        QVERIFY(!rate.secondsFor(10));
        rate.add(200, TransferRate::Clock::time_point(1s)); // no time has passed
        QVERIFY(!rate.secondsFor(10));
    }

    void measuresTheLastSeconds()
    {
        TransferRate rate;
        for (int second = 0; second <= 100; ++second)
            rate.add(second * 1000, TransferRate::Clock::time_point(std::chrono::seconds(second)));
        QCOMPARE(rate.bytesPerSecond(), 1000.0);
        for (int second = 101; second <= 112; ++second)
            rate.add(100'000 + (second - 100) * 50, TransferRate::Clock::time_point(std::chrono::seconds(second)));
        QCOMPARE(rate.bytesPerSecond(), 50.0);
        QCOMPARE(rate.secondsFor(500), std::optional(10.0));
    }

    void aStallHasNoEnd()
    {
        TransferRate rate;
        for (int second = 0; second <= 20; ++second)
            rate.add(1000, TransferRate::Clock::time_point(std::chrono::seconds(second)));
        QVERIFY(!rate.secondsFor(1));
    }

    void startsOverWhenTheCountFalls()
    {
        TransferRate rate;
        rate.add(1000, TransferRate::Clock::time_point(1s));
        rate.add(10, TransferRate::Clock::time_point(2s));
        QCOMPARE(rate.bytesPerSecond(), 0.0);
        rate.add(20, TransferRate::Clock::time_point(3s));
        QCOMPARE(rate.bytesPerSecond(), 10.0);
    }
};

QTEST_GUILESS_MAIN(TestTransferRate)
#include "tst_transfer_rate.moc"
