// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/blob_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::requirements;

namespace {

const std::string kText = "hello, hub\n";
// printf 'hello, hub\n' | sha256sum, and | git hash-object --stdin
const std::string kSha256 = "7495da20d73d078571b3fa36f17d25fecae54b251b312e2cc06757d821887da4";
const std::string kGitBlob = "f1888f901fc9fdb516652f61bfcd2dca76e01341";

HubFile largeFile()
{
    return {"a.safetensors", static_cast<std::int64_t>(kText.size()), HubFile::Hash::Sha256, kSha256};
}

} // namespace

class TestBlobFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->path().toStdString() + "/blobs/x";
    }

    void writesAndVerifiesBothKindsOfHash_data()
    {
        QTest::addColumn<bool>("large");
        QTest::newRow("sha256") << true;
        QTest::newRow("git blob") << false;
    }

    void writesAndVerifiesBothKindsOfHash()
    {
        QFETCH(bool, large);
        HubFile file = largeFile();
        if (!large) {
            file.hashKind = HubFile::Hash::GitBlob;
            file.hash = kGitBlob;
        }
        const auto blob = BlobFile::open(m_path, file, {});
        QVERIFY(blob);
        QVERIFY((*blob)->append({kText.data(), 4}));
        QVERIFY((*blob)->append({kText.data() + 4, kText.size() - 4}));
        QVERIFY(!QFile::exists(path()));
        QVERIFY((*blob)->finish());
        QCOMPARE(contentAt(path()), QByteArray::fromStdString(kText));
        QVERIFY(!QFile::exists(partial()));
    }

    void goesOnWithAPartialFile()
    {
        put(partial(), QByteArray::fromStdString(kText.substr(0, 5)));
        const auto blob = BlobFile::open(m_path, largeFile(), {});
        QVERIFY(blob);
        QCOMPARE((*blob)->bytes(), std::int64_t(5));
        QVERIFY((*blob)->append({kText.data() + 5, kText.size() - 5}));
        QVERIFY((*blob)->finish());
    }

    void dropsAPartialFileThatIsTooLong()
    {
        put(partial(), QByteArray(1000, 'x'));
        const auto blob = BlobFile::open(m_path, largeFile(), {});
        QCOMPARE((*blob)->bytes(), std::int64_t(0));
        QCOMPARE(QFile(partial()).size(), 0);
    }

    void startsOver()
    {
        put(partial(), "xxxxx");
        const auto blob = BlobFile::open(m_path, largeFile(), {});
        QVERIFY((*blob)->restart());
        QVERIFY((*blob)->append({kText.data(), kText.size()}));
        QVERIFY((*blob)->finish());
    }

    void deletesWhatDoesNotMatch_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("other bytes") << QByteArray("hello, hug\n");
        QTest::newRow("too few") << QByteArray("hello");
    }

    void deletesWhatDoesNotMatch()
    {
        QFETCH(QByteArray, content);
        const auto blob = BlobFile::open(m_path, largeFile(), {});
        QVERIFY((*blob)->append({content.constData(), static_cast<std::size_t>(content.size())}));
        const auto finished = (*blob)->finish();
        QVERIFY(!finished);
        QCOMPARE(finished.error().code, ErrorCode::Corrupt);
        QVERIFY(finished.error().message.starts_with("a.safetensors: "));
        QVERIFY(!QFile::exists(path()));
        QVERIFY(!QFile::exists(partial()));
    }

    void oneWriterAtATime()
    {
        auto first = BlobFile::open(m_path, largeFile(), {});
        QVERIFY(first);
        QCOMPARE(BlobFile::open(m_path, largeFile(), {}).error().code, ErrorCode::Conflict);
        QVERIFY((*first)->append({kText.data(), kText.size()}));
        QVERIFY((*first)->finish());
        first->reset();
        const auto second = BlobFile::open(m_path, largeFile(), {});
        QVERIFY(second && (*second)->isInPlace());
        QCOMPARE((*second)->bytes(), std::int64_t(kText.size()));
        QVERIFY((*second)->finish());
        QVERIFY(!QFile::exists(partial()));
    }

    void aBlobOfTheWrongSizeIsFetchedAgain()
    {
        put(path(), "cut");
        const auto blob = BlobFile::open(m_path, largeFile(), {});
        QVERIFY(!(*blob)->isInPlace());
        QVERIFY((*blob)->append({kText.data(), kText.size()}));
        QVERIFY((*blob)->finish());
        QCOMPARE(contentAt(path()).size(), qsizetype(kText.size()));
    }

    void stopsWhileItReadsWhatIsThere()
    {
        put(partial(), "hello");
        std::stop_source stop;
        stop.request_stop();
        QCOMPARE(BlobFile::open(m_path, largeFile(), stop.get_token()).error().code, ErrorCode::Cancelled);
    }

    void tellsAFullDisk()
    {
        if (!QFile::exists(QStringLiteral("/dev/full")))
            QSKIP("no /dev/full");
        QDir().mkpath(m_folder->path() + QStringLiteral("/blobs"));
        QVERIFY(QFile::link(QStringLiteral("/dev/full"), partial()));
        const auto blob = BlobFile::open(m_path, largeFile(), {});
        QVERIFY(blob);
        const auto written = (*blob)->append({kText.data(), kText.size()});
        QVERIFY(!written);
        QCOMPARE(written.error().code, ErrorCode::Io);
        QVERIFY(QString::fromStdString(written.error().message)
                    .endsWith(QStringLiteral("the disk is full: 11 more bytes are needed")));
    }

    void tellsAFolderThatCannotBeWritten()
    {
        put(m_folder->path() + QStringLiteral("/file"), "");
        const auto blob = BlobFile::open(m_folder->path().toStdString() + "/file/x", largeFile(), {});
        QVERIFY(!blob);
        QCOMPARE(blob.error().code, ErrorCode::Io);
    }

private:
    QString path() const { return QString::fromStdString(m_path); }
    QString partial() const { return path() + QStringLiteral(".incomplete"); }

    static void put(const QString& where, const QByteArray& content)
    {
        QDir().mkpath(QFileInfo(where).path());
        QFile file(where);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }

    static QByteArray contentAt(const QString& where)
    {
        QFile file(where);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_path;
};

QTEST_GUILESS_MAIN(TestBlobFile)
#include "tst_blob_file.moc"
