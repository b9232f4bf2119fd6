// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/blob_store.h"
#include "deploy/store/digest.h"
#include "deploy/store/names.h"
#include "store_fixture.h"

using namespace tintype;
using namespace tintype::store;

class TestBlobStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        for (const char* name : {"blobs", "tmp"})
            std::filesystem::create_directory(*m_folder / name);
        m_store = std::make_unique<BlobStore>(*m_folder / "blobs", *m_folder / "tmp");
    }

    void hashesAsEverybodyDoes()
    {
        QCOMPARE(sha256(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        Sha256 pieces;
        pieces.add("a");
        pieces.add("bc");
        QCOMPARE(pieces.hex(), sha256("abc"));
        const std::string large(3'000'001, 'x');
        writeFile(*m_folder / "large", large);
        QCOMPARE(sha256OfFile(*m_folder / "large").value(), sha256(large));
        QCOMPARE(sha256OfFile(*m_folder / "none").error().code, ErrorCode::Io);
    }

    void anUploadGoesOnWhereItStood()
    {
        const std::string content = "one two three";
        const std::string hash = sha256(content);
        QCOMPARE(append(hash, 0, content.size(), "one ").value(), std::uint64_t{4});
        QCOMPARE(BlobStore(*m_folder / "blobs", *m_folder / "tmp").uploadedBytes(hash), std::uint64_t{4}); // after a restart
        QCOMPARE(append(hash, 4, content.size(), "two ").value(), std::uint64_t{8});
        QVERIFY(!m_store->has(hash));
        QCOMPARE(append(hash, 8, content.size(), "three").value(), std::uint64_t{13});
        QVERIFY(m_store->commit(hash));
        QVERIFY(m_store->has(hash));
        QCOMPARE(readFile(m_store->pathOf(hash)), content);
        QCOMPARE(m_store->uploadedBytes(hash), std::uint64_t{0});
        QVERIFY(m_store->commit(hash)); // again is no error
    }

    void anEmptyFileIsABlobToo()
    {
        QCOMPARE(append(sha256(""), 0, 0, "").value(), std::uint64_t{0});
        QVERIFY(m_store->commit(sha256("")));
        QVERIFY(m_store->has(sha256("")));
    }

    void aWrongOffsetNamesTheRightOne()
    {
        const std::string hash = sha256("12345678");
        QVERIFY(append(hash, 0, 8, "1234"));
        for (const std::uint64_t offset : {0, 3, 5, 8}) {
            const auto outcome = append(hash, offset, 8, "5678");
            QCOMPARE(outcome.error().code, ErrorCode::Conflict);
            QCOMPARE(outcome.error().message, "the upload stands at byte 4, not " + std::to_string(offset));
        }
        QCOMPARE(m_store->uploadedBytes(hash), std::uint64_t{4});
    }

    void moreThanWasAnnouncedIsRefused()
    {
        const std::string hash = sha256("1234");
        QCOMPARE(append(hash, 0, 4, "12345").error().code, ErrorCode::InvalidArgument);
        QVERIFY(append(hash, 0, 4, "123"));
        QCOMPARE(append(hash, 3, 4, "45").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(append(hash, 3, 2, "4").error().code, ErrorCode::InvalidArgument); // another size than before
        QCOMPARE(m_store->uploadedBytes(hash), std::uint64_t{3});
        QCOMPARE(m_store->append(hash, 3, 4, *m_folder / "none").error().code, ErrorCode::Io);
    }

    void otherContentIsThrownAway()
    {
        const std::string hash = sha256("right");
        QVERIFY(append(hash, 0, 5, "wrong"));
        const auto committed = m_store->commit(hash);
        QCOMPARE(committed.error().code, ErrorCode::Corrupt);
        QVERIFY(!m_store->has(hash));
        QCOMPARE(m_store->uploadedBytes(hash), std::uint64_t{0});
        QCOMPARE(m_store->commit(hash).error().code, ErrorCode::NotFound); // nothing is left
        QVERIFY(append(hash, 0, 5, "right"));
        QVERIFY(m_store->commit(hash));
    }

    void whatIsNoHashTouchesNoFile_data()
    {
        QTest::addColumn<QString>("hash");
        QTest::newRow("empty") << QString();
        QTest::newRow("short") << QString(63, QLatin1Char('a'));
        QTest::newRow("long") << QString(65, QLatin1Char('a'));
        QTest::newRow("upper case") << QString(64, QLatin1Char('A'));
        QTest::newRow("traversal") << QStringLiteral("../") + QString(61, QLatin1Char('a'));
        QTest::newRow("NUL") << QString(63, QLatin1Char('a')) + QChar(0);
    }

    void whatIsNoHashTouchesNoFile()
    {
        QFETCH(QString, hash);
        const std::string text = hash.toStdString();
        QVERIFY(!m_store->has(text));
        QCOMPARE(m_store->uploadedBytes(text), std::uint64_t{0});
        QCOMPARE(append(text, 0, 1, "x").error().code, ErrorCode::InvalidArgument);
        QCOMPARE(m_store->commit(text).error().code, ErrorCode::InvalidArgument);
        QVERIFY(std::filesystem::is_empty(*m_folder / "tmp") && std::filesystem::is_empty(*m_folder / "blobs"));
    }

    void aModelFolderIsMadeOfLinks()
    {
        const std::vector<StoredFile> files{keep("vae/config.json", "{}"), keep("a b.safetensors", "weights")};
        QVERIFY(m_store->materialize(files, *m_folder / "model"));
        QCOMPARE(readFile(*m_folder / "model/vae/config.json"), std::string("{}"));
        QVERIFY(std::filesystem::equivalent(*m_folder / "model/a b.safetensors", m_store->pathOf(sha256("weights"))));
        QVERIFY(m_store->materialize(files, *m_folder / "model")); // again is no error
    }

    void aFileCannotLeaveItsFolder_data()
    {
        QTest::addColumn<QString>("path");
        for (const char* path : {"", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "./a", "a//b", "a/", "a\\b",
                 ".git/hooks/x", "a/.GIT/x", "a\nb"})
            QTest::newRow(path) << QString::fromLatin1(path);
        QTest::newRow("NUL") << QStringLiteral("a") + QChar(0) + QStringLiteral("b");
        QTest::newRow("long") << QString(513, QLatin1Char('a'));
        QTest::newRow("long component") << QString(241, QLatin1Char('a'));
    }

    void aFileCannotLeaveItsFolder()
    {
        QFETCH(QString, path);
        StoredFile file = keep("x", "x");
        file.path = path.toStdString();
        QCOMPARE(m_store->materialize({file}, *m_folder / "model").error().code, ErrorCode::InvalidArgument);
        QVERIFY(!std::filesystem::exists(*m_folder / "model"));
    }

    void namesAreKebabCase()
    {
        for (const char* name : {"a", "shapes-flux", "0", "a-1-b"})
            QVERIFY(checkName(name, "app"));
        for (const char* name : {"", "A", "a--b", "-a", "a-", "a/b", "..", "a b", "\xC3\xA9"})
            QCOMPARE(checkName(name, "app").error().code, ErrorCode::InvalidArgument);
        QVERIFY(!checkName(std::string("a\0b", 3), "app") && !checkName(std::string(65, 'a'), "app"));
        QVERIFY(checkName(std::string(64, 'a'), "app"));
    }

    void pathsAreUtf8()
    {
        for (const char* path : {"caf\xC3\xA9/\xF0\x9F\x98\x80.png", ".gitignore", "a/..b", "\xEF\xBF\xBD"})
            QVERIFY2(checkRelativePath(path, path), path);
        for (const char* path :
            {"\xFF", "\xC3", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF5\x80\x80\x80", "\x80", "a\xC3("})
            QVERIFY2(!checkRelativePath(path, "path"), path);
    }

    void aMissingBlobIsNamed()
    {
        const auto outcome = m_store->materialize({{"unet/x", sha256("never"), 5}}, *m_folder / "model");
        QCOMPARE(outcome.error().code, ErrorCode::NotFound);
        QVERIFY(outcome.error().message.starts_with("unet/x: "));
    }

    void aFileInTheWayIsAnError()
    {
        const auto outcome = m_store->materialize({keep("a", "1"), keep("a/b", "2")}, *m_folder / "model");
        QCOMPARE(outcome.error().code, ErrorCode::Io);
    }

    void collectKeepsWhatIsReferencedOrYoung()
    {
        keep("a", "used");
        keep("b", "unused");
        QCOMPARE(m_store->collect({sha256("used")}).value(), std::uint64_t{0}); // it may belong to a deploy on its way
        QCOMPARE(m_store->collect({sha256("used")}, std::chrono::seconds(-60)).value(), std::uint64_t{6});
        QVERIFY(m_store->has(sha256("used")));
        QVERIFY(!m_store->has(sha256("unused")));
    }

    void whatWasAskedAboutIsYoungAgain()
    {
        keep("a", "bytes");
        age(m_store->pathOf(sha256("bytes")));
        QVERIFY(m_store->keep(sha256("bytes")));
        QCOMPARE(m_store->collect({}, std::chrono::hours(1)).value(), std::uint64_t{0});
        age(m_store->pathOf(sha256("bytes")));
        QCOMPARE(m_store->collect({}, std::chrono::hours(1)).value(), std::uint64_t{5});
        QVERIFY(!m_store->keep(sha256("bytes")));
        QVERIFY(!m_store->keep("../secret.key"));
    }

    void totalsTellWhatNothingRefersTo()
    {
        keep("a", "used");
        keep("b", "not used");
        const BlobTotals totals = m_store->totals({sha256("used"), sha256("not here")}).value();
        QCOMPARE(totals.count, std::uint64_t{2});
        QCOMPARE(totals.bytes, std::uint64_t{12});
        QCOMPARE(totals.unreferencedCount, std::uint64_t{1});
        QCOMPARE(totals.unreferencedBytes, std::uint64_t{8});
    }

    void aFolderThatIsMadeAgainIsYoung()
    {
        const StoredFile file = keep("a", "bytes");
        QVERIFY(m_store->materialize({file}, *m_folder / "model"));
        age(*m_folder / "model");
        QVERIFY(m_store->materialize({file}, *m_folder / "model"));
        QVERIFY(std::filesystem::last_write_time(*m_folder / "model") > std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
    }

    void foldersAreNamedByTheirFiles()
    {
        const StoredFile one{"a", sha256("1"), 1};
        const StoredFile two{"b", sha256("2"), 1};
        QCOMPARE(folderNameOf({one, two}).size(), std::size_t{32});
        QVERIFY(folderNameOf({one, two}) != folderNameOf({one}));
        QVERIFY(folderNameOf({{"b", one.sha256, 1}}) != folderNameOf({one}));
        QCOMPARE(folderNameOf({{"a", one.sha256, 99}}), folderNameOf({one}));
    }

    void whatIsLinkedOutlivesItsBlob()
    {
        QVERIFY(m_store->materialize({keep("a", "bytes")}, *m_folder / "model"));
        QVERIFY(m_store->collect({}, std::chrono::seconds(-60)));
        QCOMPARE(readFile(*m_folder / "model/a"), std::string("bytes"));
    }

private:
    static void age(const std::filesystem::path& path)
    {
        std::filesystem::last_write_time(path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(48));
    }
    Result<std::uint64_t> append(const std::string& hash, std::uint64_t offset, std::uint64_t size, const std::string& bytes)
    {
        writeFile(*m_folder / "chunk", bytes);
        return m_store->append(hash, offset, size, *m_folder / "chunk");
    }

    StoredFile keep(const std::string& path, const std::string& content)
    {
        const std::string hash = sha256(content);
        if (!append(hash, 0, content.size(), content) || !m_store->commit(hash))
            qFatal("a blob cannot be kept");
        return {path, hash, content.size()};
    }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<BlobStore> m_store;
};

QTEST_GUILESS_MAIN(TestBlobStore)
#include "tst_blob_store.moc"
