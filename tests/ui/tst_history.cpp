// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/await.h"
#include "ui/models/history.h"

#include <QAbstractItemModelTester>
#include <QBuffer>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QGuiApplication>
#include <QMimeData>
#include <QSignalSpy>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>
#include <QUrl>
#include <memory>

using namespace tintype;
using namespace tintype::ui;

/// What was made, kept from start to start, whatever happens to its files.
class TestHistory : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_root;
    QString m_folder;

    static QByteArray png(QSize size, QColor colour = Qt::red)
    {
        QImage image(size, QImage::Format_RGB32);
        image.fill(colour);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        return bytes;
    }

    static Generation made(int number, const QString& prompt = QStringLiteral("a red circle"))
    {
        Generation generation;
        generation.id = QStringLiteral("%1").arg(number, 32, 16, QLatin1Char('0'));
        generation.createdAt = fromMilliseconds(1'790'000'000'000 + number);
        generation.target = QStringLiteral("This machine");
        generation.app = QStringLiteral("shapes");
        generation.endpoint = QStringLiteral("/");
        generation.revision = QString(40, u'a');
        generation.input = QStringLiteral(R"({"prompt":"%1","seed":%2})").arg(prompt).arg(number);
        generation.form = QStringLiteral(R"({"fields":{"prompt":"{a|b}"},"seed_mode":"lock"})");
        generation.output = QStringLiteral(R"({"seed":%1})").arg(number);
        generation.requestId = QStringLiteral("request-%1").arg(number);
        generation.seed = static_cast<quint64>(number);
        generation.totalSeconds = 0.25 * number;
        generation.pictures = {png({300, 150})};
        return generation;
    }

    /// Adds it and waits until it is on disk.
    static void add(History& history, const Generation& generation)
    {
        QSignalSpy added(&history, &History::added);
        QSignalSpy troubled(&history, &History::troubled);
        history.add(generation);
        QTRY_VERIFY(added.size() + troubled.size() > 0);
    }

    static void waitForRows(History& history)
    {
        QTRY_VERIFY(!history.isLoading());
    }

    int fileCount(const QString& folder) const
    {
        int count = 0;
        QDirIterator files(m_folder + u'/' + folder, QDir::Files, QDirIterator::Subdirectories);
        for (; files.hasNext(); files.next())
            ++count;
        return count;
    }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        m_folder = m_root.filePath(QStringLiteral("history-%1").arg(++number));
    }

    void entriesComeBackWhole()
    {
        Generation generation = made(7);
        generation.seed = 18446744073709551615ULL;
        generation.pictures = {png({300, 150}), png({20, 20}, Qt::blue)};
        {
            History history(m_folder);
            add(history, generation);
        }
        History history(m_folder);
        QAbstractItemModelTester tester(&history);
        waitForRows(history);
        QCOMPARE(history.rowCount(), 1);
        const HistoryRow row = *history.row(history.index(0));
        QCOMPARE(row.prompt, QStringLiteral("a red circle"));
        QCOMPARE(row.seed, QStringLiteral("18446744073709551615"));
        QCOMPARE(row.pictureSize, QSize(300, 150));
        QCOMPARE(row.pictures.size(), 2);
        QVERIFY(QFile::exists(row.pictures[1]));
        const auto loaded = test::await(history.load(generation.id));
        QVERIFY(loaded);
        QCOMPARE(loaded->input, generation.input);
        QCOMPARE(loaded->form, generation.form);
        QCOMPARE(loaded->output, generation.output);
        QCOMPARE(loaded->revision, generation.revision);
        QCOMPARE(loaded->requestId, generation.requestId);
        QCOMPARE(loaded->seed, generation.seed);
        QCOMPARE(loaded->createdAt, generation.createdAt);
        QCOMPARE(loaded->totalSeconds, generation.totalSeconds);
        QCOMPARE(loaded->pictures, generation.pictures);
    }

    void newestComesFirstAndTheRestWhenAskedFor()
    {
        {
            History history(m_folder);
            for (int number = 1; number <= 70; ++number)
                history.add(made(number));
        }
        History history(m_folder);
        QAbstractItemModelTester tester(&history);
        tester.setUseFetchMore(false); // this test says when
        waitForRows(history);
        QCOMPARE(history.rowCount(), 60);
        QCOMPARE(history.total(), 70);
        QVERIFY(history.canFetchMore({}));
        QCOMPARE(history.index(0).data(History::SeedRole).toString(), QStringLiteral("70"));
        history.fetchMore({});
        waitForRows(history);
        QCOMPARE(history.rowCount(), 70);
        QVERIFY(!history.canFetchMore({}));
        QCOMPARE(history.index(69).data(History::SeedRole).toString(), QStringLiteral("1"));
    }

    void search_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("seeds");
        const auto row = [](const char* text, const QStringList& seeds) { QTest::newRow(text) << QString::fromUtf8(text) << seeds; };
        row("circle", {QStringLiteral("12"), QStringLiteral("11")});
        row("CIRCLE red", {QStringLiteral("11")});
        row("GRÜNER", {QStringLiteral("13")});
        row("100%", {QStringLiteral("14")});
        row("100_", {});
        row("11", {QStringLiteral("11")});
        row("shapes machine", {QStringLiteral("14"), QStringLiteral("13"), QStringLiteral("12"), QStringLiteral("11")});
        row("'; DROP TABLE entries; --", {});
        row("  ", {QStringLiteral("14"), QStringLiteral("13"), QStringLiteral("12"), QStringLiteral("11")});
    }
    void search()
    {
        QFETCH(QString, text);
        QFETCH(QStringList, seeds);
        History history(m_folder);
        QAbstractItemModelTester tester(&history);
        add(history, made(11, QStringLiteral("a red circle")));
        add(history, made(12, QStringLiteral("a blue circle")));
        add(history, made(13, QStringLiteral("ein grüner Stern")));
        add(history, made(14, QStringLiteral("100% star")));
        history.setFilter(text, false);
        waitForRows(history);
        QStringList found;
        for (int row = 0; row < history.rowCount(); ++row)
            found.push_back(history.index(row).data(History::SeedRole).toString());
        QCOMPARE(found, seeds);
        QCOMPARE(history.total(), seeds.size());
    }

    void newEntryOutsideTheFilterStaysOut()
    {
        History history(m_folder);
        add(history, made(1, QStringLiteral("a star")));
        history.setFilter(QStringLiteral("star"), false);
        waitForRows(history);
        add(history, made(2, QStringLiteral("a circle")));
        waitForRows(history);
        QCOMPARE(history.rowCount(), 1);
        add(history, made(3, QStringLiteral("another star")));
        waitForRows(history);
        QCOMPARE(history.rowCount(), 2);
    }

    void removedCanBeTakenBackUntilTheEnd()
    {
        {
            History history(m_folder);
            QAbstractItemModelTester tester(&history);
            for (int number = 1; number <= 4; ++number)
                add(history, made(number));
            history.remove({made(2).id, made(3).id});
            QCOMPARE(history.rowCount(), 2);
            history.remove({made(4).id});
            QCOMPARE(history.lastRemovedCount(), 1);
            history.undoRemove();
            history.undoRemove();
            QVERIFY(!history.canUndoRemove());
            history.undoRemove();
            QCOMPARE(history.total(), 4);
            QStringList seeds;
            for (int row = 0; row < history.rowCount(); ++row)
                seeds.push_back(history.index(row).data(History::SeedRole).toString());
            QCOMPARE(seeds, (QStringList{QStringLiteral("4"), QStringLiteral("3"), QStringLiteral("2"), QStringLiteral("1")}));
            history.remove({made(1).id, QStringLiteral("unknown")});
        }
        QCOMPARE(fileCount(QStringLiteral("pictures")), 3);
        QCOMPARE(fileCount(QStringLiteral("thumbnails")), 3);
        History history(m_folder);
        waitForRows(history);
        QCOMPARE(history.rowCount(), 3);
    }

    void oldestGoExceptPinnedOnes()
    {
        History history(m_folder, {.bytes = 1LL << 30, .entries = 3});
        QAbstractItemModelTester tester(&history);
        add(history, made(1));
        history.setPinned({made(1).id}, true);
        for (int number = 2; number <= 5; ++number)
            add(history, made(number));
        QStringList seeds;
        for (int row = 0; row < history.rowCount(); ++row)
            seeds.push_back(history.index(row).data(History::SeedRole).toString());
        QCOMPARE(seeds, (QStringList{QStringLiteral("5"), QStringLiteral("4"), QStringLiteral("1")}));
        QCOMPARE(history.total(), 3);
        QCOMPARE(fileCount(QStringLiteral("pictures")), 3);
        const auto gone = test::await(history.load(made(2).id));
        QVERIFY(!gone);
        QCOMPARE(gone.error().code, ErrorCode::NotFound);
        history.setFilter({}, true);
        waitForRows(history);
        QCOMPARE(history.rowCount(), 1);
    }

    void boundedByBytesButTheNewestStays()
    {
        History history(m_folder, {.bytes = 10, .entries = 100});
        add(history, made(1));
        add(history, made(2));
        QCOMPARE(history.rowCount(), 1);
        QCOMPARE(history.index(0).data(History::SeedRole).toString(), QStringLiteral("2"));
    }

    void thumbnailsComeByThemselvesAndAreMadeAnew()
    {
        {
            History history(m_folder);
            add(history, made(1));
        }
        QDir(m_folder + QStringLiteral("/thumbnails")).removeRecursively();
        History history(m_folder);
        waitForRows(history);
        QSignalSpy changed(&history, &History::dataChanged);
        QVERIFY(history.index(0).data(Qt::DecorationRole).isNull());
        QTRY_COMPARE(changed.size(), 1);
        const QImage image = history.index(0).data(Qt::DecorationRole).value<QImage>();
        QCOMPARE(image.size(), QSize(256, 128));
        QCOMPARE(fileCount(QStringLiteral("thumbnails")), 1);
    }

    void thumbnailsAreBounded()
    {
        History history(m_folder);
        for (int number = 1; number <= 60; ++number) {
            Generation generation = made(number);
            generation.pictures = {png({512, 512})};
            history.add(generation);
        }
        QTRY_COMPARE(history.rowCount(), 60);
        int told = 0;
        connect(&history, &History::dataChanged, this, [&told] { ++told; });
        for (int row = 0; row < 60; ++row)
            history.index(row).data(Qt::DecorationRole);
        QTRY_COMPARE(told, 60);
        QVERIFY(history.thumbnailBytes() > 0);
        QVERIFY(history.thumbnailBytes() <= 32 << 20);
    }

    void brokenPicturesAndMissingFilesAreNoTrouble()
    {
        History history(m_folder);
        QSignalSpy troubled(&history, &History::troubled);
        Generation broken = made(1);
        broken.pictures = {QByteArray("\x89PNG nonsense")};
        add(history, broken);
        Generation failed = made(2);
        failed.pictures.clear();
        failed.error = QStringLiteral("The worker ended.");
        failed.seed.reset();
        add(history, failed);
        add(history, made(3));
        QFile::remove(history.index(0).data(History::PathRole).toString());
        const auto loaded = test::await(history.load(made(3).id));
        QVERIFY(loaded);
        QVERIFY(loaded->pictures.isEmpty());
        QCOMPARE(history.index(1).data(History::ErrorRole).toString(), failed.error);
        QVERIFY(!history.flags(history.index(1)).testFlag(Qt::ItemIsDragEnabled));
        QVERIFY(!test::await(history.load(failed.id))->seed);
        QSignalSpy changed(&history, &History::dataChanged);
        history.index(2).data(Qt::DecorationRole);
        QTRY_COMPARE(changed.size(), 1);
        QVERIFY(history.index(2).data(Qt::DecorationRole).value<QImage>().isNull());
        QVERIFY(troubled.isEmpty());
    }

    void embeddedPicturesAreNotKeptTwice()
    {
        History history(m_folder);
        Generation generation = made(1);
        generation.output = QStringLiteral(R"({"images":[{"url":"data:image/png;base64,%1"}],"seed":18446744073709551615})").arg(QString(5000, u'A'));
        add(history, generation);
        const auto loaded = test::await(history.load(generation.id));
        QCOMPARE(loaded->output, QStringLiteral(R"({"images":[{"url":"data:image/png;base64,"}],"seed":18446744073709551615})"));
    }

    void draggedOutAsFiles()
    {
        History history(m_folder);
        add(history, made(1));
        const std::unique_ptr<QMimeData> data(history.mimeData({history.index(0)}));
        QCOMPARE(data->urls().size(), 1);
        QVERIFY(QFile::exists(data->urls()[0].toLocalFile()));
        QVERIFY(data->urls()[0].fileName().contains(QStringLiteral("shapes_1_")));
    }

    void damagedDatabaseIsSetAside_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("noise") << QByteArray(20'000, 'x');
        QTest::newRow("cut") << QByteArray("SQLite format 3\0\x10\0\x01\x01\0\x40\x20\x20", 24) + QByteArray(5000, '\xee');
        QTest::newRow("another table of that name") << QByteArray();
    }
    void damagedDatabaseIsSetAside()
    {
        QFETCH(QByteArray, bytes);
        QDir().mkpath(m_folder);
        const QString file = m_folder + QStringLiteral("/history.db");
        if (bytes.isEmpty()) {
            QSqlDatabase other = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("other"));
            other.setDatabaseName(file);
            QVERIFY(other.open());
            QVERIFY(other.exec(QStringLiteral("CREATE TABLE entries (x)")).isActive());
            other = {};
            QSqlDatabase::removeDatabase(QStringLiteral("other"));
        } else {
            QFile broken(file);
            QVERIFY(broken.open(QIODevice::WriteOnly));
            broken.write(bytes);
        }
        History history(m_folder);
        QSignalSpy troubled(&history, &History::troubled);
        QVERIFY(troubled.wait());
        const QStringList aside = QDir(m_folder).entryList({QStringLiteral("history.db.broken-*")});
        QCOMPARE(aside.size(), 1);
        QVERIFY(troubled[0][0].toString().contains(aside[0]));
        add(history, made(1));
        QCOMPARE(history.rowCount(), 1);
        QCOMPARE(troubled.size(), 1);
    }

    void lockedDatabaseIsLeftAlone()
    {
        {
            History history(m_folder);
            add(history, made(1));
        }
        QSqlDatabase other = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("locker"));
        other.setDatabaseName(m_folder + QStringLiteral("/history.db"));
        QVERIFY(other.open());
        QVERIFY(other.exec(QStringLiteral("PRAGMA locking_mode=EXCLUSIVE")).isActive());
        QVERIFY(other.exec(QStringLiteral("BEGIN EXCLUSIVE")).isActive());
        {
            History history(m_folder);
            QSignalSpy troubled(&history, &History::troubled);
            QVERIFY(troubled.wait(20'000));
            QVERIFY(troubled[0][0].toString().contains(QStringLiteral("in use")));
            add(history, made(2));
            QCOMPARE(history.rowCount(), 1);
        }
        other.close();
        other = {};
        QSqlDatabase::removeDatabase(QStringLiteral("locker"));
        History history(m_folder);
        waitForRows(history);
        QCOMPARE(history.index(0).data(History::SeedRole).toString(), QStringLiteral("1"));
    }

    void newerDatabaseIsLeftAlone()
    {
        {
            History history(m_folder);
            add(history, made(1));
        }
        QSqlDatabase other = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("newer"));
        other.setDatabaseName(m_folder + QStringLiteral("/history.db"));
        QVERIFY(other.open());
        QVERIFY(other.exec(QStringLiteral("PRAGMA user_version=99")).isActive());
        other = {};
        QSqlDatabase::removeDatabase(QStringLiteral("newer"));
        History history(m_folder);
        QSignalSpy troubled(&history, &History::troubled);
        QVERIFY(troubled.wait());
        QVERIFY(QFile::exists(m_folder + QStringLiteral("/history-2.db")));
        QVERIFY(QDir(m_folder).entryList({QStringLiteral("*.broken-*")}).isEmpty());
    }

    void folderThatCannotBeWrittenGivesATemporaryHistory()
    {
        QFile blocker(m_folder); // a file stands where the folder should
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        History history(m_folder);
        QSignalSpy troubled(&history, &History::troubled);
        QVERIFY(troubled.wait());
        QVERIFY(troubled[0][0].toString().contains(QStringLiteral("until Tintype closes")));
        add(history, made(1));
        QCOMPARE(history.rowCount(), 1);
        QVERIFY(test::await(history.load(made(1).id)));
    }

    void databaseDamagedInUseIsReplaced()
    {
        History history(m_folder);
        add(history, made(1));
        QSignalSpy troubled(&history, &History::troubled);
        // Another program drops our table: each call fails with an error of SQLite, none of them brings us down.
        QSqlDatabase other = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("vandal"));
        other.setDatabaseName(m_folder + QStringLiteral("/history.db"));
        QVERIFY(other.open());
        QVERIFY2(other.exec(QStringLiteral("DROP TABLE entries")).isActive(), qPrintable(other.lastError().text()));
        other = {};
        QSqlDatabase::removeDatabase(QStringLiteral("vandal"));
        add(history, made(2));
        QTRY_VERIFY(!troubled.isEmpty());
        QVERIFY(!test::await(history.load(made(1).id)));
        QCOMPARE(fileCount(QStringLiteral("pictures")), 1);
    }

    void closingWaitsForWhatIsBeingWritten()
    {
        {
            History history(m_folder);
            for (int number = 1; number <= 20; ++number)
                history.add(made(number));
        }
        History history(m_folder);
        waitForRows(history);
        QCOMPARE(history.total(), 20);
    }
};

QTEST_MAIN(TestHistory)
#include "tst_history.moc"
