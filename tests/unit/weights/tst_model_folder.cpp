// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/content_hash.h"
#include "engine/weights/model_folder.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::weights;
namespace fs = std::filesystem;

class TestModelFolder : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void refusesWhatIsNoModel();
    void readsModelIndex();
    void findsSnapshotByBranchAndCommit();
    void refusesLinksOutOfTheCache();
    void choosesVariants();
    void refusesShardsThatArePaths();
    void refusesTensorInTwoShards();
    void refusesPickles();
    void hashesContent();

private:
    fs::path root() const { return m_folder->path().toStdString(); }
    void write(const fs::path& path, const std::string& text) const
    {
        fs::create_directories((root() / path).parent_path());
        std::ofstream(root() / path, std::ios::binary) << text;
    }
    void writeWeights(const fs::path& path, const std::string& tensor) const
    {
        const std::uint8_t byte = 7;
        const auto bytes = safetensorsBytes(tensor, DType::U8, {1}, {&byte, 1});
        write(path, std::string(bytes.begin(), bytes.end()));
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestModelFolder::refusesWhatIsNoModel()
{
    QCOMPARE(findModel((root() / "no").string()).error().code, ErrorCode::NotFound);
    QVERIFY(QString::fromStdString(findModel(root().string()).error().message).contains(QStringLiteral("not a model in diffusers layout")));
    write("broken/model_index.json", "{");
    QCOMPARE(findModel((root() / "broken").string()).error().code, ErrorCode::Corrupt);
    write("path/model_index.json", R"({"_class_name":"X","../up":["a","b"]})");
    QVERIFY(QString::fromStdString(findModel((root() / "path").string()).error().message).contains(QStringLiteral("is a path")));
}

void TestModelFolder::readsModelIndex()
{
    write("m/model_index.json", R"({"_class_name":"FluxPipeline","_diffusers_version":"1","vae":["diffusers","AutoencoderKL"],"safety_checker":[null,null]})");
    write("m/README.md", "---\nlicense: other\nlicense_name: \"flux-1-dev\"\n---\nlicense: no\n");
    const auto model = findModel((root() / "m").string());
    QVERIFY(model);
    QCOMPARE(model->pipelineClass, std::string("FluxPipeline"));
    QCOMPARE(model->componentClass("vae").value(), std::string("AutoencoderKL"));
    QCOMPARE(model->componentClass("safety_checker").error().code, ErrorCode::NotFound);
    QCOMPARE(model->licence, std::string("flux-1-dev"));
}

void TestModelFolder::findsSnapshotByBranchAndCommit()
{
    const std::string commit(40, 'a');
    qputenv("HF_HUB_CACHE", QByteArray::fromStdString(root().string()));
    write("models--org--name/refs/main", commit + "\n");
    write("models--org--name/snapshots/" + commit + "/model_index.json", R"({"_class_name":"FluxPipeline"})");
    QCOMPARE(findModel("org/name").value().commit, commit);
    QCOMPARE(findModel("org/name@" + commit).value().commit, commit);
    QCOMPARE(findModel("org/name@v2").error().code, ErrorCode::NotFound);
    QCOMPARE(findModel("org/other").error().code, ErrorCode::NotFound);
    QCOMPARE(findModel("org/name@../../x").error().code, ErrorCode::InvalidArgument);
    qunsetenv("HF_HUB_CACHE");
}

void TestModelFolder::refusesLinksOutOfTheCache()
{
    const std::string commit(40, 'b');
    qputenv("HF_HUB_CACHE", QByteArray::fromStdString((root() / "cache").string()));
    write("outside.json", R"({"_class_name":"FluxPipeline"})");
    write("cache/models--o--n/refs/main", commit);
    fs::create_directories(root() / "cache/models--o--n/snapshots" / commit);
    fs::create_symlink(root() / "outside.json", root() / "cache/models--o--n/snapshots" / commit / "model_index.json");
    QVERIFY(QString::fromStdString(findModel("o/n").error().message).contains(QStringLiteral("leads out of the cache")));
    qunsetenv("HF_HUB_CACHE");
}

void TestModelFolder::choosesVariants()
{
    writeWeights("c/model.fp16.safetensors", "half");
    QVERIFY(openComponent(root() / "c", "model", "").value().find("half").entry);
    writeWeights("c/model.safetensors", "whole");
    QVERIFY(openComponent(root() / "c", "model", "").value().find("whole").entry);
    QVERIFY(openComponent(root() / "c", "model", "fp16").value().find("half").entry);
    QCOMPARE(openComponent(root() / "c", "model", "bf16").error().code, ErrorCode::NotFound);
    QCOMPARE(openComponent(root() / "none", "model", "").error().code, ErrorCode::NotFound);
}

void TestModelFolder::refusesShardsThatArePaths()
{
    write("c/model.safetensors.index.json", R"({"weight_map":{"a":"../x.safetensors"}})");
    QVERIFY(QString::fromStdString(openComponent(root() / "c", "model", "").error().message).contains(QStringLiteral("is a path")));
    write("c/model.safetensors.index.json", R"({"metadata":{}})");
    QVERIFY(QString::fromStdString(openComponent(root() / "c", "model", "").error().message).contains(QStringLiteral("weight_map is missing")));
}

void TestModelFolder::refusesTensorInTwoShards()
{
    writeWeights("c/one.safetensors", "a");
    writeWeights("c/two.safetensors", "a");
    write("c/model.safetensors.index.json", R"({"weight_map":{"a":"one.safetensors","b":"two.safetensors"}})");
    QVERIFY(QString::fromStdString(openComponent(root() / "c", "model", "").error().message).contains(QStringLiteral("'a' is in two shards")));
}

void TestModelFolder::refusesPickles()
{
    write("c/pytorch_model.bin", "x");
    QCOMPARE(openComponent(root() / "c", "model", "").error().code, ErrorCode::Unsupported);
}

void TestModelFolder::hashesContent()
{
    write("a", "one");
    write("b", "two");
    const auto both = contentHash({root() / "a", root() / "b"});
    QCOMPARE(both->size(), 64u);
    QVERIFY(*both != *contentHash({root() / "b", root() / "a"}));
    std::stop_source stopped;
    stopped.request_stop();
    QCOMPARE(contentHash({root() / "a"}, stopped.get_token()).error().code, ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(TestModelFolder)
#include "tst_model_folder.moc"
