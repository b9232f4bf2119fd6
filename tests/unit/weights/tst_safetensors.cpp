// SPDX-License-Identifier: Apache-2.0
#include "engine/weights/safetensors.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>
#include <fstream>

using namespace tintype;
using namespace tintype::weights;

namespace {

Result<SafetensorsHeader> parse(const QByteArray& json, std::uint64_t dataBytes)
{
    return parseSafetensorsHeader({reinterpret_cast<const std::uint8_t*>(json.constData()), static_cast<std::size_t>(json.size())}, dataBytes, "file");
}

} // namespace

class TestSafetensors : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesLyingHeaders_data();
    void refusesLyingHeaders();
    void readsWhatIsRight();
    void refusesBrokenFiles_data();
    void refusesBrokenFiles();
    void readsBackWhatItWrote();

private:
    std::filesystem::path write(const QByteArray& bytes)
    {
        const auto path = std::filesystem::path(m_folder.filePath(QStringLiteral("f.safetensors")).toStdString());
        std::ofstream(path, std::ios::binary).write(bytes.constData(), bytes.size());
        return path;
    }
    QTemporaryDir m_folder;
};

void TestSafetensors::refusesLyingHeaders_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const char* json, const char* message) {
        QTest::newRow(name) << QByteArray(json) << QString::fromLatin1(message);
    };
    row("empty", "", "does not start with '{'");
    row("a list", "[]", "does not start with '{'");
    row("broken JSON", "{\"a\":", "not valid JSON");
    row("deeply nested", "{\"a\":[[[[[[[[[[{}]]]]]]]]]]}", "tensor 'a': its entry is not an object");
    row("twice", R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", "'a' is there twice");
    row("entry is a number", R"({"a":1})", "tensor 'a': its entry is not an object");
    row("field missing", R"({"a":{"dtype":"U8","shape":[8]}})", "exactly dtype, shape and data_offsets");
    row("field too many", R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8],"x":1}})", "exactly dtype, shape and data_offsets");
    row("unknown dtype", R"({"a":{"dtype":"F4","shape":[8],"data_offsets":[0,8]}})", "dtype F4 is not supported");
    row("dtype is a number", R"({"a":{"dtype":8,"shape":[8],"data_offsets":[0,8]}})", "dtype is not a string");
    row("negative dimension", R"({"a":{"dtype":"U8","shape":[-8],"data_offsets":[0,8]}})", "not a count");
    row("fractional dimension", R"({"a":{"dtype":"U8","shape":[8.5],"data_offsets":[0,8]}})", "not a count");
    row("overflowing shape", R"({"a":{"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,8]}})", "overflows");
    row("overflow to zero", R"({"a":{"dtype":"U8","shape":[9223372036854775807,2,8],"data_offsets":[0,8]}})", "overflows");
    row("too many dimensions", R"({"a":{"dtype":"U8","shape":[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,8],"data_offsets":[0,8]}})", "at most 16");
    row("offsets backwards", R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[8,0]}})", "run backwards");
    row("one offset", R"({"a":{"dtype":"U8","shape":[8],"data_offsets":[0]}})", "pair of counts");
    row("size does not match", R"({"a":{"dtype":"F32","shape":[8],"data_offsets":[0,8]}})", "needs 32 bytes, data_offsets give 8");
    row("past the end", R"({"a":{"dtype":"U8","shape":[9],"data_offsets":[0,9]}})", "describes 9 bytes of data, the file holds 8");
    row("too short", R"({"a":{"dtype":"U8","shape":[7],"data_offsets":[0,7]}})", "describes 7 bytes of data, the file holds 8");
    row("hole", R"({"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", "after a hole");
    row("overlap", R"({"a":{"dtype":"U8","shape":[5],"data_offsets":[0,5]},"b":{"dtype":"U8","shape":[4],"data_offsets":[4,8]}})", "inside the tensor before");
    row("metadata is a list", R"({"__metadata__":[],"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", "__metadata__ is not an object");
    row("metadata with a number", R"({"__metadata__":{"x":1},"a":{"dtype":"U8","shape":[8],"data_offsets":[0,8]}})", "'x' is not a string");
}

void TestSafetensors::refusesLyingHeaders()
{
    QFETCH(const QByteArray, json);
    QFETCH(const QString, message);
    const auto result = parse(json, 8);
    QVERIFY(!result);
    const QString found = QString::fromStdString(result.error().message);
    QVERIFY2(found.contains(message), qPrintable(found));
    QVERIFY2(found.startsWith(QStringLiteral("file: ")), qPrintable(found));
}

void TestSafetensors::readsWhatIsRight()
{
    const auto header = parse(R"({"__metadata__":{"format":"pt"},"b":{"dtype":"BF16","shape":[2,1],"data_offsets":[4,8]},)"
                              R"("a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"none":{"dtype":"F32","shape":[0,7],"data_offsets":[8,8]}})", 8);
    QVERIFY2(header, header ? "" : header.error().message.c_str());
    QCOMPARE(header->tensors.size(), 3u);
    QCOMPARE(header->tensors.at("a").elements(), 1);
    QCOMPARE(header->tensors.at("b").shape, (std::vector<std::int64_t>{2, 1}));
    QCOMPARE(header->tensors.at("none").elements(), 0);
    QCOMPARE(header->metadata.at("format"), std::string("pt"));
}

void TestSafetensors::refusesBrokenFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("message");
    const auto length = [](std::uint64_t value) {
        QByteArray bytes(8, '\0');
        std::memcpy(bytes.data(), &value, 8);
        return bytes;
    };
    QTest::newRow("empty") << QByteArray() << QStringLiteral("0 bytes are too few");
    QTest::newRow("seven bytes") << QByteArray(7, 'x') << QStringLiteral("7 bytes are too few");
    QTest::newRow("header past the end") << length(100) + "{}" << QStringLiteral("says it is 100 bytes long");
    QTest::newRow("absurd header") << length(UINT64_MAX) + "{}" << QStringLiteral("the limit is 100000000");
    QTest::newRow("a picture") << QByteArray("\x89PNG\r\n\x1a\n0123456789") << QStringLiteral("bytes long");
}

void TestSafetensors::refusesBrokenFiles()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QString, message);
    const auto file = SafetensorsFile::open(write(bytes));
    QVERIFY(!file);
    QVERIFY2(QString::fromStdString(file.error().message).contains(message), file.error().message.c_str());
    QCOMPARE(file.error().code, ErrorCode::Corrupt);
}

void TestSafetensors::readsBackWhatItWrote()
{
    const std::vector<float> values{1.5f, -2.0f, 0.25f};
    const auto* data = reinterpret_cast<const std::uint8_t*>(values.data());
    const auto bytes = safetensorsBytes("latents", DType::F32, {1, 3}, {data, 12});
    const auto file = SafetensorsFile::open(write(QByteArray(reinterpret_cast<const char*>(bytes.data()), static_cast<qsizetype>(bytes.size()))));
    QVERIFY2(file, file ? "" : file.error().message.c_str());
    const TensorEntry& entry = file->header().tensors.at("latents");
    QCOMPARE(entry.shape, (std::vector<std::int64_t>{1, 3}));
    QCOMPARE(std::memcmp(file->data(entry).data(), values.data(), 12), 0);
    QCOMPARE(SafetensorsFile::open("/nowhere/x.safetensors").error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(TestSafetensors)
#include "tst_safetensors.moc"
