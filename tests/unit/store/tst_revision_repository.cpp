// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/revision_repository.h"
#include "store_fixture.h"

#include <map>
#include <set>

using namespace tintype;
using namespace tintype::store;

using Files = std::map<std::string, std::string>;

class TestRevisionRepository : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<TestFolder>();
        m_repositories = std::make_unique<RevisionRepository>(*m_folder / "apps");
    }

    void aRevisionComesBackAsItWas()
    {
        const Files files{{"app.yaml", "name: x\n"}, {"deep/er/file", std::string("\0\xFF\n", 3)}, {"empty", ""}};
        const auto revision = m_repositories->commit("shapes", files, note());
        QVERIFY(revision);
        QCOMPARE(revision->size(), std::size_t{40});
        QVERIFY(m_repositories->read("shapes", *revision).value() == files);
    }

    void theSameInputIsTheSameRevision()
    {
        const RevisionRepository other(*m_folder / "others");
        const Files files{{"app.yaml", "name: x\n"}};
        const auto revision = m_repositories->commit("shapes", files, note());
        QCOMPARE(other.commit("shapes", files, note()).value(), *revision);
        RevisionNote later = note();
        later.time += std::chrono::seconds(1);
        QVERIFY(RevisionRepository(*m_folder / "thirds").commit("shapes", files, later).value() != *revision);
    }

    void everyRevisionStays()
    {
        std::set<std::string> revisions;
        for (int number = 0; number < 5; ++number)
            revisions.insert(m_repositories->commit("shapes", {{"app.yaml", std::to_string(number)}}, note()).value());
        QCOMPARE(revisions.size(), std::size_t{5});
        for (const std::string& revision : revisions)
            QVERIFY(m_repositories->read("shapes", revision));
    }

    void theDifferenceIsText()
    {
        const Files tenSeconds{{"app.yaml", "name: x\nkeep_alive: 10\n"}, {"gone", "1"}};
        const Files twentySeconds{{"app.yaml", "name: x\nkeep_alive: 20\n"}, {"new", "2"}};
        const std::string before = m_repositories->commit("shapes", tenSeconds, note()).value();
        const std::string after = m_repositories->commit("shapes", twentySeconds, note()).value();
        const std::string difference = m_repositories->diff("shapes", before, after).value();
        for (const char* line : {"\n-keep_alive: 10\n", "\n+keep_alive: 20\n", "deleted file", "new file", " name: x\n"})
            QVERIFY2(difference.find(line) != std::string::npos, line);
        QVERIFY(m_repositories->diff("shapes", after, after)->empty());
    }

    void whatIsNotThereIsNotFound_data()
    {
        QTest::addColumn<QString>("revision");
        QTest::newRow("empty") << QString();
        QTest::newRow("short") << QStringLiteral("abcd");
        QTest::newRow("unknown") << QString(40, QLatin1Char('a'));
        QTest::newRow("no hash") << QString(40, QLatin1Char('z'));
        QTest::newRow("a branch") << QStringLiteral("refs/heads/main");
        QTest::newRow("traversal") << QStringLiteral("../../etc/passwd");
    }

    void whatIsNotThereIsNotFound()
    {
        QFETCH(QString, revision);
        const std::string real = m_repositories->commit("shapes", {{"app.yaml", "x"}}, note()).value();
        QCOMPARE(m_repositories->read("shapes", revision.toStdString()).error().code, ErrorCode::NotFound);
        QCOMPARE(m_repositories->diff("shapes", real, revision.toStdString()).error().code, ErrorCode::NotFound);
        QCOMPARE(m_repositories->read("other", real).error().code, ErrorCode::NotFound);
        QVERIFY(!std::filesystem::exists(*m_folder / "apps/other.git")); // reading makes nothing
    }

    void anAppIsNoPath()
    {
        for (const std::string& app : {std::string(), std::string("../x"), std::string("a/b"), std::string("a\0b", 3)}) {
            QCOMPARE(m_repositories->commit(app, {{"app.yaml", "x"}}, note()).error().code, ErrorCode::InvalidArgument);
            QCOMPARE(m_repositories->read(app, std::string(40, 'a')).error().code, ErrorCode::InvalidArgument);
            QCOMPARE(m_repositories->remove(app).error().code, ErrorCode::InvalidArgument);
        }
        QVERIFY(!std::filesystem::exists(*m_folder / "apps"));
    }

    void aFileStaysInItsTree()
    {
        for (const char* path : {"../x", "/x", ".git/config", "a/.Git/x", "a//b", "", "a\\b"})
            QCOMPARE(m_repositories->commit("shapes", {{path, "x"}}, note()).error().code, ErrorCode::InvalidArgument);
        QCOMPARE(m_repositories->commit("shapes", {{"large", std::string((16 << 20) + 1, 'x')}}, note()).error().code,
            ErrorCode::InvalidArgument);
    }

    void aLockOfAKilledHostIsNoObstacle()
    {
        QVERIFY(m_repositories->commit("shapes", {{"app.yaml", "1"}}, note()));
        writeFile(*m_folder / "apps/shapes.git/refs/heads/main.lock", "");
        QVERIFY(m_repositories->commit("shapes", {{"app.yaml", "2"}}, note()));
    }

    void aDamagedRepositoryIsAnError()
    {
        const std::string revision = m_repositories->commit("shapes", {{"app.yaml", "1"}}, note()).value();
        const auto object = *m_folder / ("apps/shapes.git/objects/" + revision.substr(0, 2) + "/" + revision.substr(2));
        QVERIFY(std::filesystem::exists(object));
        std::filesystem::permissions(object, std::filesystem::perms::owner_all);
        writeFile(object, "rubbish");
        QVERIFY(!m_repositories->read("shapes", revision));
        QVERIFY(!m_repositories->commit("shapes", {{"app.yaml", "2"}}, note()));
    }

    void aRemovedAppBeginsAnew()
    {
        const std::string first = m_repositories->commit("shapes", {{"app.yaml", "1"}}, note()).value();
        QVERIFY(m_repositories->commit("shapes", {{"app.yaml", "2"}}, note()));
        QVERIFY(m_repositories->remove("shapes"));
        QVERIFY(m_repositories->remove("shapes")); // again is no error
        QCOMPARE(m_repositories->commit("shapes", {{"app.yaml", "1"}}, note()).value(), first);
    }

private:
    static RevisionNote note() { return {"why\n\nand more", "0123456789abcdef", fromMilliseconds(1'700'000'000'000)}; }

    std::unique_ptr<TestFolder> m_folder;
    std::unique_ptr<RevisionRepository> m_repositories;
};

QTEST_GUILESS_MAIN(TestRevisionRepository)
#include "tst_revision_repository.moc"
