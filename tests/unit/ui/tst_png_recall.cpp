// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/json_text.h"
#include "ui/models/png_recall.h"

#include <QTest>
#include <QtEndian>

using namespace tintype;
using namespace tintype::ui;

namespace {

const QByteArray kSignature = QByteArray::fromHex("89504e470d0a1a0a");

QByteArray chunk(const QByteArray& type, const QByteArray& data)
{
    QByteArray length(4, '\0');
    qToBigEndian<quint32>(static_cast<quint32>(data.size()), length.data());
    return length + type + data + QByteArray(4, '\0');
}

const QByteArray kHeader = chunk("IHDR", QByteArray(13, '\0'));
const QByteArray kEnd = chunk("IDAT", "pixels") + chunk("IEND", {});

QByteArray international(const QByteArray& key, const QByteArray& text)
{
    return chunk("iTXt", key + QByteArray(5, '\0') + text);
}

QByteArray pictureOf(const QByteArray& record)
{
    return kSignature + kHeader + international("Software", "Tintype") + international("tintype", record) + kEnd;
}

/// No raw string: Qt's moc stumbles over its backslash.
const QByteArray kRecord =
    "{\"engine\":\"Tintype 0.1.0 (LibTorch 2.11.0)\",\"model\":\"shapes-flux\",\"commit\":\"\",\"weights_sha256\":\"ab12cd34ef\","
    "\"scheduler\":{\"class\":\"FlowMatchEulerDiscreteScheduler\",\"config\":{}},\"prompt\":\"a “star” \\n right\",\"negative_prompt\":null,"
    "\"width\":128,\"height\":64,\"num_inference_steps\":4,\"guidance_scale\":0.0,\"true_cfg_scale\":1.0,\"guidance_rescale\":0.0,"
    "\"max_sequence_length\":256,\"seed\":18446744073709551615,\"num_images\":2,\"image_index\":1,\"dtype\":\"float32\",\"device\":\"cpu\"}";

} // namespace

/// What a picture says about its making: read whole, or refused with a reason.
class TestPngRecall : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsEverything()
    {
        const auto recall = recallPicture(pictureOf(kRecord));
        QVERIFY(recall);
        const QVector<JsonMember> input = jsonMembers(recall->input);
        const auto value = [&](const char* name) { return jsonMember(input, QLatin1String(name)); };
        QCOMPARE(textOfJson(value("prompt")).value_or(QString()), QStringLiteral("a “star” \n right"));
        QCOMPARE(value("negative_prompt"), QString());
        QCOMPARE(value("image_size"), QStringLiteral(R"({"width":128,"height":64})"));
        QCOMPARE(value("seed"), QStringLiteral("18446744073709551615"));
        QCOMPARE(value("num_images"), QStringLiteral("2"));
        QCOMPARE(textOfJson(value("scheduler")).value_or(QString()), QStringLiteral("FlowMatchEulerDiscreteScheduler"));
        QCOMPARE(recall->index, 1);
        QCOMPARE(recall->count, 2);
        QCOMPARE(recall->device, QStringLiteral("cpu"));
    }

    void allKindsOfText()
    {
        const QByteArray zipped = qCompress("long text").mid(4);
        const QByteArray file = kSignature + kHeader + chunk("tEXt", QByteArray("a\0caf\xe9", 6)) + chunk("zTXt", QByteArray("b\0\0", 3) + zipped)
            + chunk("iTXt", QByteArray("c\0\1\0de\0C\0", 9) + zipped) + international("d", "ü") + kEnd;
        const auto texts = readPngTexts(file);
        QVERIFY(texts);
        QCOMPARE(texts->size(), 4);
        QCOMPARE(texts->at(0).text, QStringLiteral("café"));
        QCOMPARE(texts->at(1).text, QStringLiteral("long text"));
        QCOMPARE(texts->at(2).text, QStringLiteral("long text"));
        QCOMPARE(texts->at(3).text, QStringLiteral("ü"));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<ErrorCode>("code");
        QTest::newRow("empty") << QByteArray() << ErrorCode::Unsupported;
        QTest::newRow("jpeg") << QByteArray("\xff\xd8\xff\xe0") << ErrorCode::Unsupported;
        QTest::newRow("signature only") << kSignature << ErrorCode::Corrupt;
        QTest::newRow("length beyond the end") << kSignature + QByteArray::fromHex("7fffffff") + "IHDRxxxxxxxxxxxxxxxx" << ErrorCode::Corrupt;
        QTest::newRow("largest length") << kSignature + QByteArray::fromHex("ffffffff") + "tEXtxxxxxxxxxxxxxxxx" << ErrorCode::Corrupt;
        QTest::newRow("ends in a chunk") << pictureOf(kRecord).left(60) << ErrorCode::Corrupt;
        QTest::newRow("no text") << kSignature + kHeader + kEnd << ErrorCode::Unsupported;
        QTest::newRow("text of others") << kSignature + kHeader + chunk("tEXt", QByteArray("parameters\0a cat", 16)) + kEnd << ErrorCode::Unsupported;
        QTest::newRow("record is broken") << pictureOf("{\"prompt\":") << ErrorCode::Corrupt;
        QTest::newRow("record is a list") << pictureOf("[1]") << ErrorCode::Corrupt;
        QTest::newRow("chunk without a key") << kSignature + kHeader + chunk("tEXt", "tintype") + kEnd << ErrorCode::Unsupported;
        QTest::newRow("damaged zip") << kSignature + kHeader + chunk("zTXt", QByteArray("tintype\0\0not zlib", 17)) + kEnd << ErrorCode::Corrupt;
        QTest::newRow("short iTXt") << kSignature + kHeader + chunk("iTXt", QByteArray("tintype\0\1", 9)) + kEnd << ErrorCode::Corrupt;
    }
    void refuses()
    {
        QFETCH(QByteArray, file);
        const auto recall = recallPicture(file);
        QVERIFY(!recall);
        QTEST(recall.error().code, "code");
        QVERIFY(!recall.error().message.empty());
    }

    void oddValuesAreLeftOut()
    {
        const auto recall = recallPicture(pictureOf(R"({"prompt":["a"],"seed":{"x":1},"width":"8","num_images":-4,"image_index":1e300,"scheduler":"euler","model":7})"));
        QVERIFY(recall);
        QCOMPARE(recall->input, QStringLiteral("{\"num_images\":-4}"));
        QCOMPARE(recall->count, 1);
        QCOMPARE(recall->index, 0);
        QCOMPARE(recall->model, QString());
    }

    void notesSayWhatDiffers()
    {
        PictureRecall recall = *recallPicture(pictureOf(kRecord));
        recall.count = 1;
        const ReplayPlace same{QStringLiteral("Tintype 0.1.0"), {QStringLiteral("ab12cd34ef")}, QStringLiteral("cpu")};
        QCOMPARE(replayNotes(recall, same), QStringList());
        ReplayPlace other = same;
        other.engine = QStringLiteral("Tintype 0.1.01");
        QCOMPARE(replayNotes(recall, other).size(), 1);
        other = same;
        other.device = QStringLiteral("cuda:0");
        QCOMPARE(replayNotes(recall, other).size(), 1);
        other = same;
        other.weightsHashes = {QStringLiteral("ffff")};
        QVERIFY(replayNotes(recall, other).front().contains(QLatin1String("shapes-flux")));
        QCOMPARE(replayNotes(recall, {}).size(), 1); // whether it has the weights, nobody knows
        recall.weightsHash.clear();
        recall.count = 3;
        QCOMPARE(replayNotes(recall, same).size(), 2);
        recall = *recallPicture(pictureOf(kRecord));
        recall.count = 1;
        recall.device = QStringLiteral("cuda:1");
        other = same;
        other.device = QStringLiteral("cuda:0");
        QCOMPARE(replayNotes(recall, other), QStringList());
    }

    void missingFile()
    {
        const auto recall = recallPictureFile(QStringLiteral("/nowhere/picture.png"));
        QVERIFY(!recall);
        QCOMPARE(recall.error().code, ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestPngRecall)
#include "tst_png_recall.moc"
