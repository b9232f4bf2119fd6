// SPDX-License-Identifier: Apache-2.0
#include "deploy/requirements/model_inventory.h"
#include "deploy/requirements/weights_summary.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace tintype::requirements;
namespace fs = std::filesystem;

namespace {

const std::string kCommit(40, 'c');
constexpr const char* kIndex = R"({"_class_name": "FluxPipeline", "_diffusers_version": "0.30.0",
    "transformer": ["diffusers", "FluxTransformer2DModel"], "scheduler": ["diffusers", "Euler"], "absent": [null, null]})";

void put(const fs::path& file, const std::string& content)
{
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
}

std::string safetensors(const std::string& header)
{
    std::string length(8, '\0');
    for (std::size_t index = 0; index < 8; ++index)
        length[index] = static_cast<char>(header.size() >> (8 * index) & 0xFF);
    return length + header;
}

const std::string kWeights = safetensors(R"({"__metadata__": {"format": "pt"},
    "a": {"dtype": "BF16", "shape": [2, 3], "data_offsets": [0, 12]},
    "b": {"dtype": "F32", "shape": [], "data_offsets": [12, 16]}})");

void putModel(const fs::path& folder)
{
    put(folder / "model_index.json", kIndex);
    put(folder / "README.md", "---\nlicense: other\nlicense_name: \"flux-1-dev\"\n---\nlicense: no\n");
    put(folder / "transformer/config.json", "{}");
    put(folder / "transformer/diffusion_pytorch_model.safetensors", kWeights);
    put(folder / "scheduler/scheduler_config.json", "{}");
}

} // namespace

class TestModelInventory : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void aPushedModelIsDescribed()
    {
        putModel(root() / "abc/models/flux");
        const auto models = pushedModels(root());
        QCOMPARE(models.size(), std::size_t{1});
        const ModelOnDisk& model = models.front();
        QCOMPARE(model.id, std::string("pushed-abc"));
        QCOMPARE(model.name, std::string("models/flux"));
        QCOMPARE(model.pipeline, std::string("FluxPipeline"));
        QCOMPARE(model.licence, std::string("flux-1-dev"));
        QVERIFY(model.isComplete);
        QCOMPARE(model.components.size(), std::size_t{2}); // without what is absent
        QCOMPARE(model.components[0].name, std::string("scheduler"));
        QCOMPARE(model.components[0].dtype, std::string());
        QCOMPARE(model.components[1].className, std::string("FluxTransformer2DModel"));
        QCOMPARE(model.components[1].parameters, std::uint64_t{7});
        QCOMPARE(model.components[1].weightBytes, std::uint64_t{16});
        QCOMPARE(model.components[1].dtype, std::string("BF16"));
        QCOMPARE(model.weightBytes(), std::uint64_t{16});
        QVERIFY(model.bytes > 16);
    }

    void aComponentThatIsAPathIsLeftOut()
    {
        putModel(root() / "abc/m");
        put(root() / "out/secret.safetensors", kWeights);
        put(root() / "abc/m/model_index.json", R"({"../../out": ["diffusers", "Bad"], "transformer": ["diffusers", "Good"]})");
        const auto models = pushedModels(root());
        QCOMPARE(models.front().components.size(), std::size_t{1});
        QCOMPARE(models.front().components[0].className, std::string("Good"));
    }

    void aReadmeWithoutAnEndHasNoLicence()
    {
        putModel(root() / "abc/m");
        put(root() / "abc/m/README.md", "---\nlicense: " + std::string(std::size_t{2} << 20, 'x'));
        QCOMPARE(pushedModels(root()).front().licence, std::string());
    }

    void aPushWithoutAModelIsListedToo()
    {
        put(root() / "abc/weights/x.txt", "12345");
        const auto models = pushedModels(root());
        QCOMPARE(models.size(), std::size_t{1});
        QCOMPARE(models.front().name, std::string("weights"));
        QCOMPARE(models.front().bytes, std::uint64_t{5});
        QVERIFY(models.front().components.empty());
    }

    void twoVariantsAreNotAddedUp()
    {
        putModel(root() / "abc/m");
        put(root() / "abc/m/transformer/diffusion_pytorch_model.fp16.safetensors", kWeights);
        QCOMPARE(pushedModels(root()).front().components[1].parameters, std::uint64_t{7});
    }

    void aHubModelIsNamedByItsRepository()
    {
        const fs::path repository = root() / "models--org--name";
        putModel(repository / "snapshots" / kCommit);
        put(repository / "snapshots/main/model_index.json", kIndex);        // no commit
        put(root() / "models--alone/snapshots" / kCommit / "model_index.json", kIndex); // no org
        put(root() / "models--org--text/snapshots" / kCommit / "config.json", "{}");    // no pipeline
        put(root() / "datasets--org--x/snapshots" / kCommit / "model_index.json", kIndex);
        const auto models = hubModels(HubCache(root()), ModelPlace::Hub);
        QCOMPARE(models.size(), std::size_t{1});
        QCOMPARE(models.front().name, std::string("org/name"));
        QCOMPARE(models.front().id, "hub-org--name-" + kCommit);
        QCOMPARE(models.front().commit, kCommit);
        QVERIFY(models.front().isComplete);
    }

    void anInterruptedFetchIsIncomplete()
    {
        const fs::path snapshot = root() / "models--org--name/snapshots" / kCommit;
        putModel(snapshot);
        fs::remove(snapshot / "transformer/diffusion_pytorch_model.safetensors");
        fs::create_symlink("../../../blobs/none", snapshot / "transformer/diffusion_pytorch_model.safetensors");
        const auto models = hubModels(HubCache(root()), ModelPlace::UserCache);
        QCOMPARE(models.size(), std::size_t{1});
        QVERIFY(!models.front().isComplete);
        QVERIFY(models.front().id.starts_with("cache-"));
    }

    void foldersThatAreNotThereAreEmpty()
    {
        QVERIFY(pushedModels(root() / "none").empty());
        QVERIFY(hubModels(HubCache(root() / "none"), ModelPlace::Hub).empty());
    }

    void damagedFilesAddNothing_data()
    {
        QTest::addColumn<QByteArray>("content");
        const auto row = [](const char* name, const std::string& content) { QTest::newRow(name) << QByteArray::fromStdString(content); };
        row("empty", "");
        row("short", "abc");
        row("a length beyond the file", std::string("\xFF\0\0\0\0\0\0\0{}", 10));
        row("a huge length", std::string(16, '\xFF'));
        row("no JSON", safetensors("{\"a\": "));
        row("an array", safetensors("[1, 2]"));
        row("no shape", safetensors(R"({"a": {"dtype": "F32", "data_offsets": [0, 4]}})"));
        row("a negative side", safetensors(R"({"a": {"dtype": "F32", "shape": [-1], "data_offsets": [0, 4]}})"));
        row("too many elements", safetensors(R"({"a": {"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 4]}})"));
        row("offsets the wrong way", safetensors(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [4, 0]}})"));
        row("offsets beyond the file", safetensors(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 18446744073709551615]}})"));
        row("three offsets", safetensors(R"({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 1, 2]}})"));
        row("a dtype that is none", safetensors(R"({"a": {"dtype": 7, "shape": [1], "data_offsets": [0, 4]}})"));
    }

    void damagedFilesAddNothing()
    {
        QFETCH(QByteArray, content);
        put(root() / "x.safetensors", content.toStdString());
        WeightsSummary summary;
        summary.add(root() / "x.safetensors");
        QCOMPARE(summary.parameters, std::uint64_t{0});
        QCOMPARE(summary.totalBytes(), std::uint64_t{0});
        QCOMPARE(summary.dtype(), std::string());
    }

    void aDamagedIndexIsStillListed()
    {
        put(root() / "abc/m/model_index.json", "{\"transformer\": ");
        const auto models = pushedModels(root());
        QCOMPARE(models.size(), std::size_t{1});
        QVERIFY(models.front().components.empty());
    }

private:
    fs::path root() const { return m_folder->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestModelInventory)
#include "tst_model_inventory.moc"
