// SPDX-License-Identifier: Apache-2.0
#include "deploy/control/http_control.h"
#include "deploy/control/pusher.h"
#include "tests/support/await.h"
#include "tests/support/fake_host.h"

#include <QCryptographicHash>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QUrlQuery>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::control;
using nlohmann::json;
using test::await;
using test::FakeHost;

namespace {

constexpr qsizetype kChunk = 8 << 20;

const char* const kDefinition = R"(name: demo
machine_type: XS
requirements:
  - file:models/m
setup:
  model: file:models/m
endpoints:
  /:
    task: text-to-image
)";

/// Keeps blobs as a host does, and fails when told.
struct BlobHost {
    std::map<std::string, QByteArray> parts;
    std::map<std::string, bool> committed;
    int failuresLeft = 0;
    json deployment;

    FakeHost::Answer answer(const FakeHost::Request& request)
    {
        const QUrl url(QString::fromLatin1(request.target));
        const std::string path = url.path().toStdString();
        if (path == "/v1/blobs/missing")
            return missing(json::parse(request.body.toStdString()));
        if (path == "/v1/deployments") {
            deployment = json::parse(request.body.toStdString());
            return {200, R"({"app": "demo", "revision": "r", "number": 1, "is_new_revision": true, "status": "deployed"})"};
        }
        const std::string sha256 = url.path().section(QLatin1Char('/'), 3, 3).toStdString();
        if (request.method == "PUT")
            return put(sha256, QUrlQuery(url).queryItemValue(QStringLiteral("offset")).toLongLong(), request.body);
        const bool isRight = QCryptographicHash::hash(parts[sha256], QCryptographicHash::Sha256).toHex().toStdString() == sha256;
        committed[sha256] = isRight;
        return isRight ? FakeHost::Answer{204, ""} : FakeHost::Answer{500, R"({"detail": "hash mismatch", "error_type": "corrupt"})"};
    }

    FakeHost::Answer missing(const json& asked)
    {
        json list = json::array();
        for (const json& blob : asked["blobs"]) {
            const std::string sha256 = blob["sha256"];
            if (!committed[sha256])
                list.push_back({{"sha256", sha256}, {"size", blob["size"]}, {"offset", parts[sha256].size()}});
        }
        return {200, QByteArray::fromStdString(json{{"missing", list}}.dump())};
    }

    FakeHost::Answer put(const std::string& sha256, qsizetype offset, const QByteArray& chunk)
    {
        if (failuresLeft > 0 && failuresLeft-- > 0)
            return {.hangUp = true};
        if (offset != parts[sha256].size())
            return {409, R"({"detail": "another offset was expected", "error_type": "conflict"})"};
        parts[sha256] += chunk;
        return {200, "{\"offset\": " + QByteArray::number(parts[sha256].size()) + "}"};
    }
};

} // namespace

class TestPusher : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        std::filesystem::create_directories(path("models/m/sub"));
        write("app.yaml", kDefinition);
        write("models/m/config.json", "{}");
        write("models/m/sub/weights.safetensors", QByteArray(kChunk + 100, 'w'));
        m_host = std::make_unique<FakeHost>();
        m_blobs = {};
        m_host->answer = [this](const FakeHost::Request& request) { return m_blobs.answer(request); };
        m_control = std::make_unique<HttpControl>(HostAddress{.url = m_host->url(), .key = {}, .caFile = {}, .fingerprint = {}});
        m_pusher = std::make_unique<Pusher>(*m_control, path("cache.json"));
    }

    void cleanup()
    {
        m_pusher.reset();
        m_control.reset();
    }

    void listsWhatBelongsToADefinition()
    {
        const auto deployment = await(m_pusher->prepare(path("app.yaml"), {}));
        QVERIFY2(deployment, deployment ? "" : deployment.error().message.c_str());
        QCOMPARE(deployment->definition, std::string(kDefinition));
        QCOMPARE(deployment->files.size(), 2U);
        QCOMPARE(deployment->files[0].path, std::string("models/m/config.json"));
        QCOMPARE(deployment->files[1].size, std::uint64_t(kChunk + 100));
    }

    void uploadsWhatIsMissing()
    {
        const auto receipt = push();
        QVERIFY2(receipt, receipt ? "" : receipt.error().message.c_str());
        QCOMPARE(m_blobs.committed.size(), 2U);
        QCOMPARE(m_blobs.deployment["files"].size(), 2U);
        QCOMPARE(m_blobs.deployment["message"].get<std::string>(), std::string("hello"));
        const auto before = m_host->requests.size();
        QVERIFY(push()); // all is there
        QCOMPARE(m_host->requests.size(), before + 2); // missing, deployments
    }

    void goesOnWhereItBrokeOff()
    {
        m_blobs.failuresLeft = 2;
        QVERIFY(push());
        QCOMPARE(m_blobs.committed.size(), 2U);
    }

    void takesUpAnOlderUpload()
    {
        const QByteArray bytes(kChunk + 100, 'w');
        const std::string sha256 = QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex().toStdString();
        m_blobs.parts[sha256] = bytes.left(1000);
        QVERIFY(push());
        QVERIFY(m_blobs.committed[sha256]);
    }

    void tellsProgress()
    {
        std::vector<PushProgress> told;
        connect(m_pusher.get(), &Pusher::progressed, this, [&](const PushProgress& progress) { told.push_back(progress); });
        QVERIFY(push());
        QCOMPARE(told.front().stage, PushProgress::Stage::Hashing);
        QCOMPARE(told.back().stage, PushProgress::Stage::Uploading);
        QCOMPARE(told.back().bytesDone, told.back().bytesTotal);
        QCOMPARE(told.back().bytesTotal, std::uint64_t(kChunk + 102));
    }

    void refusesAHashMismatchOnTheHost()
    {
        m_blobs.parts[QCryptographicHash::hash("{}", QCryptographicHash::Sha256).toHex().toStdString()] = "xx";
        const auto receipt = push();
        QVERIFY(!receipt);
        QCOMPARE(receipt.error().code, ErrorCode::Corrupt);
        QVERIFY(m_blobs.deployment.is_null());
    }

    void stopsWhenCancelled()
    {
        const auto deployment = await(m_pusher->prepare(path("app.yaml"), {}));
        QVERIFY(deployment);
        const auto future = m_pusher->push(*deployment);
        m_pusher->cancel();
        QCOMPARE(await(future).error().code, ErrorCode::Cancelled);
        QVERIFY(m_blobs.deployment.is_null());
    }

    void refusesBadDefinitions_data()
    {
        QTest::addColumn<QByteArray>("definition");
        QTest::addColumn<int>("code");
        QTest::newRow("not YAML") << QByteArray("name: [") << int(ErrorCode::InvalidArgument);
        QTest::newRow("folder is missing") << QByteArray(kDefinition).replace("models/m", "models/none") << int(ErrorCode::NotFound);
        QTest::newRow("folder elsewhere") << QByteArray(kDefinition).replace("models/m", "../m") << int(ErrorCode::InvalidArgument);
        QTest::newRow("too long") << QByteArray((1 << 20) + 1, '#') << int(ErrorCode::InvalidArgument);
    }

    void refusesBadDefinitions()
    {
        QFETCH(QByteArray, definition);
        QFETCH(int, code);
        write("app.yaml", definition);
        const auto deployment = await(m_pusher->prepare(path("app.yaml"), {}));
        QVERIFY(!deployment);
        QCOMPARE(int(deployment.error().code), code);
    }

    void refusesAMissingDefinition() { QCOMPARE(await(m_pusher->prepare(path("none.yaml"), {})).error().code, ErrorCode::NotFound); }

private:
    Result<DeployReceipt> push()
    {
        PushOptions options;
        options.message = "hello";
        TINTYPE_TRY_ASSIGN(const auto deployment, await(m_pusher->prepare(path("app.yaml"), options)));
        return await(m_pusher->push(deployment));
    }

    std::string path(const char* name) const { return m_folder->path().toStdString() + "/" + name; }

    void write(const char* name, const QByteArray& bytes)
    {
        QFile file(QString::fromStdString(path(name)));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    BlobHost m_blobs;
    std::unique_ptr<FakeHost> m_host;
    std::unique_ptr<HttpControl> m_control;
    std::unique_ptr<Pusher> m_pusher;
};

QTEST_GUILESS_MAIN(TestPusher)
#include "tst_pusher.moc"
