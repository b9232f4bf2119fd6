// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/request_queue.h"

#include <QTest>

using namespace tintype;
using namespace tintype::runtime;
using namespace std::chrono_literals;
using domain::Priority;

namespace {
const TimePoint kNow = fromMilliseconds(1'000'000);
}

class tst_request_queue : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void keepsTheOrder()
    {
        RequestQueue queue;
        QVERIFY(!queue.next(kNow));
        queue.add("low", Priority::Low);
        queue.add("a", Priority::Normal);
        queue.add("b", Priority::Normal);
        QCOMPARE(queue.next(kNow), std::optional<std::string>("a"));
        QCOMPARE(queue.position("b"), 1);
        QCOMPARE(queue.position("low"), 2);
        QCOMPARE(queue.position("unknown"), 0);
    }

    void addsOnceOnly()
    {
        RequestQueue queue;
        queue.add("a", Priority::Normal);
        queue.add("a", Priority::Low);
        QCOMPARE(queue.size(), 1);
        QVERIFY(queue.remove("a"));
        QVERIFY(!queue.remove("a"));
        QVERIFY(!queue.next(kNow));
    }

    void passesOverAPausedOne()
    {
        RequestQueue queue;
        queue.add("paused", Priority::Normal, kNow + 5s);
        queue.add("ready", Priority::Normal);
        QCOMPARE(queue.next(kNow), std::optional<std::string>("ready"));
        QCOMPARE(queue.nextTime(kNow), std::optional(kNow + 5s));
        QCOMPARE(queue.next(kNow + 5s), std::optional<std::string>("paused"));
        QVERIFY(!queue.nextTime(kNow + 5s));
    }
};

QTEST_GUILESS_MAIN(tst_request_queue)
#include "tst_request_queue.moc"
