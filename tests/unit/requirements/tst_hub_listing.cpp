// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_listing.h"

#include <QTest>
#include <fmt/format.h>

using namespace tintype;
using namespace tintype::requirements;

namespace {

const std::string kCommit(40, 'a');
const std::string kSha256(64, 'b');

std::string listingOf(const std::string& entry)
{
    return fmt::format(R"({{"sha": "{}", "siblings": [{}]}})", kCommit, entry);
}

std::string entryAt(const std::string& path)
{
    return fmt::format(R"({{"rfilename": "{}", "size": 3, "blobId": "{}"}})", path, kCommit);
}

} // namespace

class TestHubListing : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsSmallAndLargeFiles()
    {
        const std::string large = fmt::format(
            R"({{"rfilename": "vae/model.safetensors", "size": 134, "blobId": "{}", "lfs": {{"sha256": "{}", "size": 9999999999, "pointerSize": 134}}}})",
            kCommit, kSha256);
        const auto listing = parseListing(listingOf(entryAt("a.json") + "," + large), "org/name");
        QVERIFY(listing);
        QCOMPARE(listing->commit, kCommit);
        QVERIFY(listing->files
            == (std::vector<HubFile>{{"a.json", 3, HubFile::Hash::GitBlob, kCommit},
                {"vae/model.safetensors", 9999999999, HubFile::Hash::Sha256, kSha256}}));
    }

    void refusesNamesThatLeadOut_data()
    {
        QTest::addColumn<QString>("path");
        for (const char* path : {"", "/etc/passwd", "..", "../x", "a/../../x", "a/..", "./a", "a//b", "a/",
                 "a\\\\..\\\\b", "a\\nb", "a\\u0000b", "a\\u007fb"})
            QTest::newRow(path) << QString::fromUtf8(path);
        QTest::newRow("a part that no disk takes") << QString(300, u'x');
        QTest::newRow("a very long path") << QString(600, u'x').replace(u'x', QStringLiteral("x/"));
    }

    void refusesNamesThatLeadOut()
    {
        QFETCH(QString, path);
        const auto listing = parseListing(listingOf(entryAt(path.toStdString())), "org/name");
        QVERIFY(!listing);
        QCOMPARE(listing.error().code, ErrorCode::Protocol);
        QVERIFY(listing.error().message.starts_with("org/name: the hub's list of files cannot be used"));
    }

    void refusesWhatIsNoListing_data()
    {
        QTest::addColumn<QByteArray>("json");
        const auto row
            = [](const char* name, const std::string& json) { QTest::newRow(name) << QByteArray::fromStdString(json); };
        row("nothing", "");
        row("a page", "<html>");
        row("a list", "[]");
        row("no commit", R"({"siblings": []})");
        row("a commit that is a path", R"({"sha": "../../../../../../../../../../../../xxxx", "siblings": []})");
        row("no files", fmt::format(R"({{"sha": "{}"}})", kCommit));
        row("an entry that is a number", listingOf("1"));
        row("a name that is a number", listingOf(R"({"rfilename": 1})"));
        row("no size", listingOf(fmt::format(R"({{"rfilename": "a", "blobId": "{}"}})", kCommit)));
        row("a size below zero",
            listingOf(fmt::format(R"({{"rfilename": "a", "size": -1, "blobId": "{}"}})", kCommit)));
        row("no hash", listingOf(R"({"rfilename": "a", "size": 1})"));
        row("a hash that is a path",
            listingOf(R"({"rfilename": "a", "size": 1, "blobId": "../../../../../../../../../../../../../x"})"));
        row("a large file's hash is short",
            listingOf(
                fmt::format(R"({{"rfilename": "a", "size": 1, "lfs": {{"size": 1, "sha256": "{}"}}}})", kCommit)));
        row("cut short", listingOf(entryAt("a")).substr(0, 80));
    }

    void refusesWhatIsNoListing()
    {
        QFETCH(QByteArray, json);
        const auto listing = parseListing({json.constData(), static_cast<std::size_t>(json.size())}, "org/name");
        QVERIFY(!listing);
        QCOMPARE(listing.error().code, ErrorCode::Protocol);
    }

    void checksNamesThatBecomePaths_data()
    {
        QTest::addColumn<QString>("repository");
        QTest::addColumn<QString>("revision");
        QTest::addColumn<bool>("usable");
        const auto row = [](const char* repository, const char* revision, bool usable) {
            QTest::addRow("%s@%s", repository, revision)
                << QString::fromUtf8(repository) << QString::fromUtf8(revision) << usable;
        };
        row("black-forest-labs/FLUX.1-schnell", "main", true);
        row("org/name", "refs/pr/1", true);
        row("org/name", "v1.0", true);
        row("name", "main", false);
        row("a/b/c", "main", false);
        row("../name", "main", false);
        row("org/..", "main", false);
        row("org/a..b", "main", false);
        row("org/a--b", "main", false);
        row("org/na me", "main", false);
        row("org/name?x=1", "main", false);
        row("org/name", "", false);
        row("org/name", "../../x", false);
        row("org/name", "/x", false);
        row("org/name", "a b", false);
        row("org/name", "a%2e", false);
    }

    void checksNamesThatBecomePaths()
    {
        QFETCH(QString, repository);
        QFETCH(QString, revision);
        QFETCH(bool, usable);
        QCOMPARE(checkRepository(repository.toStdString(), revision.toStdString()).has_value(), usable);
    }
};

QTEST_GUILESS_MAIN(TestHubListing)
#include "tst_hub_listing.moc"
