// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/file_store.h"
#include "deploy/store/vault.h"
#include "store_fixture.h"

#include <set>

using namespace tintype;
using namespace tintype::store;

class TestFileStore : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        for (const char* name : {"files", "tmp"})
            std::filesystem::create_directory(*m_folder / name);
        m_database = std::make_unique<Database>(openDatabase(*m_folder / "tintype.db"));
        m_store = std::make_unique<FileStore>(*m_folder / "files", *m_folder / "tmp");
    }
    void cleanup() { m_database.reset(); }

    void aFileIsFoundAsItWasPut()
    {
        ServedFile file = fileOf("abc234");
        file.expires = fromMilliseconds(99);
        QVERIFY(m_store->put(*m_database, file, "bytes"));
        const auto found = FileStore::find(*m_database, "abc234");
        QVERIFY(found && *found);
        const ServedFile& kept = **found;
        QVERIFY(kept.name == file.name && kept.contentType == file.contentType && kept.size == 5 && kept.created == file.created);
        QVERIFY(kept.expires == file.expires && kept.keyId == file.keyId && kept.acl == file.acl);
        QCOMPARE(readFile(m_store->pathOf("abc234")), std::string("bytes"));
        QVERIFY(!*FileStore::find(*m_database, "other"));
    }

    void anUploadIsMoved()
    {
        writeFile(*m_folder / "tmp/body", "123456789");
        QVERIFY(m_store->adopt(*m_database, fileOf("abc"), *m_folder / "tmp/body"));
        QVERIFY(!std::filesystem::exists(*m_folder / "tmp/body"));
        QCOMPARE((*FileStore::find(*m_database, "abc"))->size, std::uint64_t{9});
        QVERIFY(!(*FileStore::find(*m_database, "abc"))->expires);
        QCOMPARE(m_store->adopt(*m_database, fileOf("def"), *m_folder / "tmp/none").error().code, ErrorCode::Io);
        QVERIFY(!*FileStore::find(*m_database, "def"));
    }

    void anIdIsTakenOnce()
    {
        QVERIFY(m_store->put(*m_database, fileOf("abc"), "first"));
        QCOMPARE(m_store->put(*m_database, fileOf("abc"), "second").error().code, ErrorCode::Conflict);
        QCOMPARE(readFile(m_store->pathOf("abc")), std::string("first"));
    }

    void anIdIsNoPath()
    {
        for (const std::string& id : {std::string(), std::string("../x"), std::string("a/b"), std::string("a\0b", 3)}) {
            QCOMPARE(m_store->put(*m_database, fileOf(id), "x").error().code, ErrorCode::InvalidArgument);
            QCOMPARE(m_store->putPart(id, 1, *m_folder / "tmp/x").error().code, ErrorCode::InvalidArgument);
            QCOMPARE(m_store->join(id, {{1, "x"}}).error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(std::filesystem::is_empty(*m_folder / "files"));
    }

    void whatEndedGoesInBatches()
    {
        for (int number = 0; number < 5; ++number) {
            ServedFile file = fileOf("f" + std::to_string(number));
            file.expires = fromMilliseconds(1000 + number);
            QVERIFY(m_store->put(*m_database, file, "x"));
        }
        QVERIFY(m_store->put(*m_database, fileOf("forever"), "x"));
        QCOMPARE(m_store->expire(*m_database, fromMilliseconds(1003), 3).value(), 3);
        QCOMPARE(m_store->expire(*m_database, fromMilliseconds(1003), 3).value(), 1);
        QVERIFY(*FileStore::find(*m_database, "f4") && *FileStore::find(*m_database, "forever"));
        QVERIFY(!std::filesystem::exists(m_store->pathOf("f0")));
        QVERIFY(FileStore::forget(*m_database, "forever"));
        std::filesystem::remove(m_store->pathOf("forever")); // somebody was faster
        QCOMPARE(m_store->expire(*m_database, fromMilliseconds(0), 3).value(), 1);
    }

    void theOldestMakeRoom()
    {
        for (int number = 0; number < 5; ++number) {
            ServedFile file = fileOf("f" + std::to_string(number));
            file.created = fromMilliseconds(number);
            file.size = 100;
            QVERIFY(m_store->put(*m_database, file, std::string(100, 'x')));
        }
        QCOMPARE(m_store->trim(*m_database, 500, 10).value(), 0);
        QCOMPARE(m_store->trim(*m_database, 250, 1).value(), 1);
        QCOMPARE(m_store->trim(*m_database, 250, 10).value(), 2);
        QVERIFY(!*FileStore::find(*m_database, "f2") && *FileStore::find(*m_database, "f3"));
        QVERIFY(!std::filesystem::exists(m_store->pathOf("f0")) && std::filesystem::exists(m_store->pathOf("f4")));
    }

    void partsAreJoinedInTheirOrder()
    {
        std::vector<UploadPart> parts;
        for (const auto& [number, bytes] : {std::pair{3, "three"}, {1, "one "}, {2, "two "}})
            parts.push_back({number, put(number, bytes)});
        QVERIFY(parts[0].etag.size() == 34 && parts[0].etag.front() == '"' && parts[0].etag.back() == '"');
        parts[1].etag = parts[1].etag.substr(1, 32); // some clients unquote it
        std::swap(parts[0], parts[2]);
        const auto whole = m_store->join("upload", parts);
        QVERIFY(whole);
        QCOMPARE(readFile(*whole), std::string("one two three"));
        QVERIFY(!std::filesystem::exists(*m_folder / "tmp/upload"));
        QVERIFY(m_store->adopt(*m_database, fileOf("abc"), *whole));
        QCOMPARE(m_store->join("upload", parts).error().code, ErrorCode::InvalidArgument); // once
    }

    void aPartSentTwiceIsTheLastOne()
    {
        const std::string first = put(1, "first");
        const std::string second = put(1, "second");
        QCOMPARE(m_store->join("upload", {{1, first}}).error().message,
            std::string("part 1 of the upload is not the one that its ETag names"));
        QCOMPARE(readFile(m_store->join("upload", {{1, second}}).value()), std::string("second"));
    }

    void anIncompleteUploadIsRefusedAndStays()
    {
        const std::string one = put(1, "1");
        const std::string two = put(2, "");
        const std::string three = put(3, "3");
        const auto sentence = [this](std::vector<UploadPart> parts) {
            const auto whole = m_store->join("upload", std::move(parts));
            return whole || whole.error().code != ErrorCode::InvalidArgument ? std::string("accepted") : whole.error().message;
        };
        QCOMPARE(sentence({}), std::string("an upload has at least one part"));
        QCOMPARE(sentence({{1, one}, {3, three}}), std::string("part 2 of the upload is missing"));
        QCOMPARE(sentence({{2, two}}), std::string("part 1 of the upload is missing"));
        QCOMPARE(sentence({{1, one}, {1, one}}), std::string("part 2 of the upload is there twice"));
        QCOMPARE(sentence({{0, one}, {1, one}}), std::string("part 1 of the upload is there twice"));
        QCOMPARE(sentence({{1, one}, {2, two}, {3, three}}), std::string("part 2 of the upload is empty"));
        QCOMPARE(sentence({{1, one}, {2, two}, {3, three}, {4, one}}), std::string("part 2 of the upload is empty"));
        QCOMPARE(sentence({{1, "\"wrong\""}}), std::string("part 1 of the upload is not the one that its ETag names"));
        QVERIFY(!std::filesystem::exists(*m_folder / "tmp/upload.joined"));
        QCOMPARE(sentence({{1, one}, {2, two}}), std::string("part 2 of the upload is empty")); // the last one too
        QVERIFY(m_store->join("upload", {{1, one}}));
    }

    void anEmptyFileIsOneEmptyPart()
    {
        const std::string etag = put(1, "");
        QCOMPARE(readFile(m_store->join("upload", {{1, etag}}).value()), std::string());
    }

    void partsAreNumberedFromOne()
    {
        writeFile(*m_folder / "tmp/body", "x");
        for (const int number : {0, -1, 10'001})
            QCOMPARE(m_store->putPart("upload", number, *m_folder / "tmp/body").error().code, ErrorCode::InvalidArgument);
        QVERIFY(m_store->putPart("upload", 10'000, *m_folder / "tmp/body"));
    }

    void namesAreUnguessable()
    {
        QVERIFY(Vault::open(*m_folder / "secret.key"));
        std::set<std::string> names;
        for (int number = 0; number < 1000; ++number)
            names.insert(randomName());
        QCOMPARE(names.size(), std::size_t{1000});
        for (const std::string& name : names)
            QVERIFY(name.size() == 24 && m_store->put(*m_database, fileOf(name), "x"));
    }

private:
    static ServedFile fileOf(const std::string& id)
    {
        return {.id = id, .name = "caf\xC3\xA9.png", .contentType = "image/png", .size = 5, .created = fromMilliseconds(12),
            .expires = {}, .keyId = "key", .acl = "{\"default\":\"forbid\"}"};
    }

    std::string put(int number, const std::string& bytes)
    {
        writeFile(*m_folder / "tmp/body", bytes);
        return m_store->putPart("upload", number, *m_folder / "tmp/body").value_or("");
    }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<Database> m_database;
    std::unique_ptr<FileStore> m_store;
};

QTEST_GUILESS_MAIN(TestFileStore)
#include "tst_file_store.moc"
