// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/poller.h"

#include <QTest>
#include <functional>
#include <sys/socket.h>
#include <unistd.h>

using namespace tintype::http;

namespace {

constexpr int kSilence = 20; ///< ms in which something would have been told

/// One end is watched, the other in the hands of the test.
class Watched : public Poller::Client {
public:
    explicit Watched(Poller& poller)
        : m_poller(poller)
    {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, m_ends) != 0)
            qFatal("no sockets");
    }
    ~Watched() override
    {
        m_poller.forget(here());
        ::close(here());
        hangUp();
    }

    void watch(unsigned readiness) { m_poller.watch(here(), *this, readiness); }
    int here() const { return m_ends[0]; }
    void say() const { QCOMPARE(::send(m_ends[1], "x", 1, 0), ssize_t{1}); }
    void hear() const
    {
        char byte = 0;
        QCOMPARE(::recv(here(), &byte, 1, 0), ssize_t{1});
    }
    void hangUp()
    {
        if (m_ends[1] >= 0)
            ::close(std::exchange(m_ends[1], -1));
    }

    int told = 0;
    unsigned last = Poller::Nothing;
    std::function<void()> then = [] {};

private:
    void becameReady(unsigned readiness) override
    {
        ++told;
        last = readiness;
        then();
    }

    Poller& m_poller;
    int m_ends[2]{-1, -1};
};

} // namespace

class TestHttpPoller : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsAsLongAsItLasts()
    {
        Poller poller;
        Watched socket(poller);
        socket.watch(Poller::Readable);
        QTest::qWait(kSilence);
        QCOMPARE(socket.told, 0);
        socket.say();
        QTRY_VERIFY(socket.told > 2); // again and again
        socket.hear();
        socket.told = 0;
        QTest::qWait(kSilence);
        QCOMPARE(socket.told, 0);
    }

    void tellsOnlyWhatIsAskedFor()
    {
        Poller poller;
        Watched socket(poller);
        socket.watch(Poller::Writable);
        socket.say();
        QTRY_VERIFY(socket.told > 0);
        QCOMPARE(socket.last, unsigned{Poller::Writable});
        socket.watch(Poller::Nothing);
        socket.told = 0;
        QTest::qWait(kSilence);
        QCOMPARE(socket.told, 0);
        socket.hangUp();
        QTRY_VERIFY(socket.told > 0);
        QVERIFY((socket.last & Poller::Reset) != 0);
    }

    void whoIsForgottenInTheSameTurnIsNotTold()
    {
        Poller poller;
        Watched one(poller);
        Watched other(poller);
        one.then = [&] { poller.forget(other.here()); };
        other.then = [&] { poller.forget(one.here()); };
        for (Watched* socket : {&one, &other}) {
            socket->watch(Poller::Readable);
            socket->say();
        }
        QTRY_VERIFY(one.told + other.told > 2);
        QVERIFY(one.told == 0 || other.told == 0);
    }

    void aClientMayGoWhileItIsTold()
    {
        Poller poller;
        auto socket = std::make_unique<Watched>(poller);
        Watched other(poller);
        int told = 0;
        socket->then = [&] {
            ++told;
            const auto gone = std::move(socket); // at the end of this
        };
        socket->watch(Poller::Readable);
        socket->say();
        QTRY_COMPARE(told, 1);
        Watched next(poller); // with the descriptors of the one that went
        next.watch(Poller::Readable);
        QTest::qWait(kSilence);
        QCOMPARE(next.told, 0);
        next.say();
        QTRY_VERIFY(next.told > 0);
    }

    void forgettingTheUnknownIsNoError()
    {
        Poller poller;
        poller.forget(-1);
        poller.forget(12345);
    }
};

QTEST_GUILESS_MAIN(TestHttpPoller)
#include "tst_http_poller.moc"
