// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/hub_cache.h"
#include "deploy/requirements/local_lookup.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>
#include <fmt/format.h>

using namespace tintype;
using namespace tintype::requirements;

namespace {

const std::string kCommit(40, 'c');
const std::string kRepository = "org/name";
constexpr const char* kIndex = R"({"unet": ["diffusers", "UNet2DConditionModel"]})";

void put(const QString& where, const QByteArray& content)
{
    QDir().mkpath(QFileInfo(where).path());
    QFile file(where);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

HubFile fileAt(const std::string& path, std::int64_t bytes)
{
    return {path, bytes, HubFile::Hash::GitBlob, std::string(40, path.back())};
}

} // namespace

class TestHubCache : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void linksRelatively()
    {
        const HubCache cache(own().toStdString());
        const HubFile file = fileAt("unet/a", 5);
        put(own() + QStringLiteral("/models--org--name/blobs/") + QString::fromStdString(file.hash), "12345");
        QVERIFY(!cache.holds(kRepository, kCommit, file));
        QVERIFY(cache.link(kRepository, kCommit, file));
        QVERIFY(cache.link(kRepository, kCommit, file)); // again is no error
        const std::filesystem::path place = cache.snapshot(kRepository, kCommit) / "unet/a";
        QCOMPARE(std::filesystem::read_symlink(place).string(), "../../../blobs/" + file.hash);
        QVERIFY(cache.holds(kRepository, kCommit, file));
    }

    void removingLeavesWhatAnotherSnapshotHas()
    {
        const HubCache cache(own().toStdString());
        const std::string other(40, 'd');
        const auto keepFile = [&](const std::string& commit, const HubFile& file) {
            put(own() + QStringLiteral("/models--org--name/blobs/") + QString::fromStdString(file.hash), "12345");
            QVERIFY(cache.link(kRepository, commit, file));
        };
        const HubFile shared = fileAt("unet/s", 5);
        const HubFile alone = fileAt("unet/a", 5);
        keepFile(kCommit, shared);
        keepFile(kCommit, alone);
        keepFile(other, shared);
        QVERIFY(cache.setCommitOf(kRepository, "main", kCommit));
        QVERIFY(cache.setCommitOf(kRepository, "v1", other));
        put(own() + QStringLiteral("/models--org--name/blobs/x.incomplete"), "123");

        QCOMPARE(cache.remove(kRepository, kCommit).value(), std::uint64_t{5});
        QVERIFY(!std::filesystem::exists(cache.snapshot(kRepository, kCommit)));
        QVERIFY(!cache.commitOf(kRepository, "main"));
        QVERIFY(cache.holds(kRepository, other, shared));
        QVERIFY(!std::filesystem::exists(cache.blob(kRepository, alone.hash)));

        QCOMPARE(cache.remove(kRepository, other).value(), std::uint64_t{5});
        QVERIFY(!std::filesystem::exists(cache.snapshot(kRepository, other).parent_path()));
        QVERIFY(QFile::exists(own() + QStringLiteral("/models--org--name/blobs/x.incomplete"))); // a fetch goes on with it
        QCOMPARE(cache.remove(kRepository, other).value(), std::uint64_t{0}); // again is no error
    }

    void aLinkThatLeadsElsewhereIsReplaced()
    {
        const HubCache cache(own().toStdString());
        const auto place = cache.snapshot(kRepository, kCommit) / "a";
        std::filesystem::create_directories(place.parent_path());
        std::filesystem::create_symlink("/etc/passwd", place);
        QVERIFY(cache.link(kRepository, kCommit, fileAt("a", 1)));
        QCOMPARE(std::filesystem::read_symlink(place).string(), "../../blobs/" + std::string(40, 'a'));
    }

    void remembersRevisionsAsTheHubsClientDoes()
    {
        const HubCache cache(own().toStdString());
        QVERIFY(!cache.commitOf(kRepository, "main"));
        QVERIFY(cache.setCommitOf(kRepository, "refs/pr/1", kCommit));
        QFile file(own() + QStringLiteral("/models--org--name/refs/refs/pr/1"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), QByteArray::fromStdString(kCommit)); // no newline
        QCOMPARE(cache.commitOf(kRepository, "refs/pr/1"), std::optional(kCommit));
        put(own() + QStringLiteral("/models--org--name/refs/main"), "../../../etc");
        QVERIFY(!cache.commitOf(kRepository, "main"));
    }

    void refusesAKeptListingOfAnotherCommit()
    {
        const HubCache cache(own().toStdString());
        const std::string json = fmt::format(R"({{"sha": "{}", "siblings": []}})", std::string(40, 'd'));
        QVERIFY(cache.saveListing(kRepository, kCommit, json));
        QVERIFY(!cache.listing(kRepository, kCommit));
        QVERIFY(!cache.listing(kRepository, std::string(40, 'e')));
    }

    void findsAModelInTheUsersCache()
    {
        const HubSettings settings = bothCaches();
        const HubModel model{kRepository, "main", {}};
        QVERIFY(!findLocally(settings, model));
        put(user() + QStringLiteral("/models--org--name/refs/main"), QByteArray::fromStdString(kCommit));
        putUser("model_index.json", kIndex);
        putUser("unet/config.json", "{}");
        QVERIFY(!findLocally(settings, model)); // no weights yet
        putUser("unet/diffusion_pytorch_model.safetensors", "weights");
        const auto folder = findLocally(settings, model);
        QVERIFY(folder);
        QVERIFY(folder->starts_with(user().toStdString()));
        QVERIFY(findLocally(settings, {kRepository, kCommit, {}}) == folder);
        QVERIFY(!findLocally(settings, {kRepository, "v2", {}}));
    }

    void knowsByTheHubsListThatAModelIsIncomplete()
    {
        const HubSettings settings = bothCaches();
        putUser("model_index.json", kIndex);
        putUser("unet/diffusion_pytorch_model.safetensors", "weights");
        const HubModel model{kRepository, kCommit, {}};
        QVERIFY(findLocally(settings, model)); // as far as it can tell
        const std::string hash(40, 'a');
        const std::string json = fmt::format(
            R"({{"sha": "{0}", "siblings": [{{"rfilename": "model_index.json", "size": {2}, "blobId": "{1}"}},
                {{"rfilename": "README.md", "size": 9, "blobId": "{1}"}},
                {{"rfilename": "unet/diffusion_pytorch_model.safetensors", "size": 8, "blobId": "{1}"}}]}})",
            kCommit, hash, std::string_view(kIndex).size());
        QVERIFY(HubCache(own().toStdString()).saveListing(kRepository, kCommit, json));
        QVERIFY(!findLocally(settings, model)); // 7 bytes, not 8
        putUser("unet/diffusion_pytorch_model.safetensors", "weights!");
        QVERIFY(findLocally(settings, model)); // README.md is not needed
    }

    void aDanglingLinkIsNoFile()
    {
        const HubSettings settings = bothCaches();
        putUser("model_index.json", kIndex);
        const auto place = HubCache(user().toStdString()).snapshot(kRepository, kCommit)
            / "unet/diffusion_pytorch_model.safetensors";
        std::filesystem::create_directories(place.parent_path());
        std::filesystem::create_symlink("../../../blobs/none", place);
        QVERIFY(!findLocally(settings, {kRepository, kCommit, {}}));
    }

private:
    QString own() const { return m_folder->path() + QStringLiteral("/own"); }
    QString user() const { return m_folder->path() + QStringLiteral("/user"); }

    HubSettings bothCaches() const
    {
        HubSettings settings;
        settings.cacheFolder = own().toStdString();
        settings.userCacheFolder = user().toStdString();
        return settings;
    }

    void putUser(const char* path, const char* content) const
    {
        const auto place = HubCache(user().toStdString()).snapshot(kRepository, kCommit) / path;
        put(QString::fromStdString(place.string()), content);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestHubCache)
#include "tst_hub_cache.moc"
