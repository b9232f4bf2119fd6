// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/sse_parser.h"

#include <QTest>

using tintype::control::SseParser;

class TestSseParser : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEvents_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArrayList>("events");
        QTest::newRow("one") << QByteArray("data: a\n\n") << QByteArrayList{"a"};
        QTest::newRow("two") << QByteArray("data: a\n\ndata: b\n\n") << QByteArrayList{"a", "b"};
        QTest::newRow("CR LF") << QByteArray("data: a\r\n\r\ndata: b\r\n\r\n") << QByteArrayList{"a", "b"};
        QTest::newRow("CR") << QByteArray("data: a\r\rdata: b\r\r") << QByteArrayList{"a", "b"};
        QTest::newRow("lines are joined") << QByteArray("data: a\ndata: b\n\n") << QByteArrayList{"a\nb"};
        QTest::newRow("one space only") << QByteArray("data:  a\n\n") << QByteArrayList{" a"};
        QTest::newRow("no space") << QByteArray("data:a\n\n") << QByteArrayList{"a"};
        QTest::newRow("empty data") << QByteArray("data\n\n") << QByteArrayList{""};
        QTest::newRow("comments, names and ids") << QByteArray(": ping\nevent: x\nid: 1\ndata: a\nretry: 5\n\n") << QByteArrayList{"a"};
        QTest::newRow("no data, no event") << QByteArray("event: x\n\n: ping\n\n") << QByteArrayList{};
        QTest::newRow("a name that only begins so") << QByteArray("database: x\n\n") << QByteArrayList{};
        QTest::newRow("unfinished") << QByteArray("data: a\n\ndata: b\n") << QByteArrayList{"a"};
        QTest::newRow("empty lines") << QByteArray("\n\n\n") << QByteArrayList{};
    }

    void readsEvents()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArrayList, events);
        for (qsizetype piece = 1; piece <= stream.size(); ++piece) {
            SseParser parser;
            QByteArrayList found;
            for (qsizetype begin = 0; begin < stream.size(); begin += piece) {
                for (const QByteArray& event : parser.feed(stream.mid(begin, piece)))
                    found += event;
            }
            QCOMPARE(found, events);
        }
    }

    void tellsWhatIsPending()
    {
        SseParser parser;
        parser.feed("data: abc\nda");
        QCOMPARE(parser.pending(), 5);
    }
};

QTEST_GUILESS_MAIN(TestSseParser)
#include "tst_sse_parser.moc"
