// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/folder_files.h"
#include "deploy/control/hash_cache.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <filesystem>

using namespace tintype;
using namespace tintype::control;
namespace fs = std::filesystem;

/// Which files of a folder are pushed, and their hashes.
class TestFolderFiles : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_base = m_folder->path().toStdString() + "/app";
        fs::create_directories(m_base + "/models/m/sub");
        write("models/m/b.txt", "abc");
        write("models/m/sub/a.txt", "12345");
    }

    void listsSorted()
    {
        const auto files = folderFiles(m_base, "models/m");
        QVERIFY(files);
        QCOMPARE(files->size(), 2U);
        QCOMPARE(files->at(0).path, std::string("models/m/b.txt"));
        QCOMPARE(files->at(1).path, std::string("models/m/sub/a.txt"));
        QCOMPARE(files->at(1).size, 5U);
    }

    void takesASingleFile() { QCOMPARE(folderFiles(m_base, "models/m/b.txt")->size(), 1U); }

    void leavesHiddenFilesOut()
    {
        write("models/m/.gitignore", "x");
        fs::create_directories(m_base + "/models/m/.git");
        write("models/m/.git/config", "x");
        QCOMPARE(folderFiles(m_base, "models/m")->size(), 2U);
    }

    void followsLinksWithin()
    {
        fs::create_symlink("b.txt", m_base + "/models/m/c.txt");
        QCOMPARE(folderFiles(m_base, "models/m")->size(), 3U);
    }

    void takesAFolderThatIsALink()
    {
        fs::create_symlink(m_base + "/models/m", m_base + "/models/other");
        QCOMPARE(folderFiles(m_base, "models/other")->size(), 2U);
    }

    void refusesLinksToElsewhere_data()
    {
        QTest::addColumn<QString>("target");
        QTest::newRow("file") << QStringLiteral("/etc/passwd");
        QTest::newRow("folder") << QStringLiteral("/etc");
        QTest::newRow("beside") << QStringLiteral("../../secret.txt");
    }

    void refusesLinksToElsewhere()
    {
        QFETCH(QString, target);
        write("secret.txt", "x");
        fs::create_symlink(target.toStdString(), m_base + "/models/m/link");
        const auto files = folderFiles(m_base, "models/m");
        QVERIFY(!files);
        QVERIFY2(files.error().message.starts_with("models/m/link: links to something outside"), files.error().message.c_str());
    }

    void endsOnACircleOfLinks()
    {
        fs::create_directory_symlink("..", m_base + "/models/m/sub/up");
        const auto files = folderFiles(m_base, "models/m");
        QVERIFY(!files);
        QCOMPARE(files.error().code, ErrorCode::InvalidArgument);
    }

    void refusesPathsOutOfTheDefinition_data()
    {
        QTest::addColumn<QString>("folder");
        QTest::addColumn<int>("code");
        QTest::newRow("parent") << QStringLiteral("../x") << int(ErrorCode::InvalidArgument);
        QTest::newRow("hidden parent") << QStringLiteral("models/../../x") << int(ErrorCode::InvalidArgument);
        QTest::newRow("absolute") << QStringLiteral("/etc") << int(ErrorCode::InvalidArgument);
        QTest::newRow("missing") << QStringLiteral("models/none") << int(ErrorCode::NotFound);
    }

    void refusesPathsOutOfTheDefinition()
    {
        QFETCH(QString, folder);
        QFETCH(int, code);
        const auto files = folderFiles(m_base, folder.toStdString());
        QVERIFY(!files);
        QCOMPARE(int(files.error().code), code);
    }

    // ---- hashes

    void hashesAndRemembers()
    {
        const LocalFile file = settled("models/m/b.txt");
        const std::string cacheFile = m_folder->path().toStdString() + "/cache/hashes.json";
        const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"; // FIPS 180-2
        {
            HashCache cache(cacheFile);
            QVERIFY(!cache.knows(file));
            QCOMPARE(cache.hash(file, [](std::uint64_t) { return true; }).value(), abc);
        }
        HashCache again(cacheFile);
        QVERIFY(again.knows(file));
        const auto mustNotRead = [](std::uint64_t) { return false; };
        QCOMPARE(again.hash(file, mustNotRead).value(), abc);
    }

    void forgetsAFileThatChanged()
    {
        const LocalFile file = settled("models/m/b.txt");
        HashCache cache(m_folder->path().toStdString() + "/hashes.json");
        QVERIFY(cache.hash(file, [](std::uint64_t) { return true; }));
        LocalFile changed = file;
        ++changed.modified;
        QVERIFY(!cache.knows(changed));
        changed = file;
        changed.size = 4;
        QVERIFY(!cache.knows(changed));
        QCOMPARE(cache.hash(changed, [](std::uint64_t) { return true; }).error().code, ErrorCode::Conflict);
    }

    void stopsWhenTold()
    {
        HashCache cache(m_folder->path().toStdString() + "/hashes.json");
        const auto stopped = cache.hash(settled("models/m/b.txt"), [](std::uint64_t) { return false; });
        QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    }

    void survivesADamagedCache_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("garbage") << QByteArray("\0\1\2", 3);
        QTest::newRow("list") << QByteArray("[1, 2]");
        QTest::newRow("wrong entries") << QByteArray(R"({"/a": 1, "/b": [1, 2], "/c": ["x", 1, "y"], "/d": [1, 2, 3]})");
    }

    void survivesADamagedCache()
    {
        QFETCH(QByteArray, text);
        const QString name = m_folder->path() + QStringLiteral("/hashes.json");
        QFile file(name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        HashCache cache(name.toStdString());
        QVERIFY(cache.hash(settled("models/m/b.txt"), [](std::uint64_t) { return true; }));
    }

private:
    void write(const char* name, const QByteArray& text)
    {
        QFile file(QString::fromStdString(m_base + "/" + name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    /// A file whose last change is long ago.
    LocalFile settled(const char* name)
    {
        const fs::path path = m_base + "/" + name;
        fs::last_write_time(path, fs::file_time_type::clock::now() - std::chrono::hours(1));
        return folderFiles(m_base, name)->front();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_base;
};

QTEST_GUILESS_MAIN(TestFolderFiles)
#include "tst_folder_files.moc"
