// SPDX-License-Identifier: Apache-2.0
#include "engine/image/image_encoder.h"

#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace tintype;
using namespace tintype::image;

class TestImage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void pngCarriesText();
    void refusesWhatIsNoPng();
    void formatsHaveTheirSignatures();

private:
    std::filesystem::path write(const std::vector<std::uint8_t>& bytes)
    {
        const std::filesystem::path path = m_folder.filePath(QStringLiteral("p.png")).toStdString();
        std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
        return path;
    }
    QTemporaryDir m_folder;
    const Pixels m_pixels{3, 2, {255, 0, 0, 0, 255, 0, 0, 0, 255, 1, 2, 3, 4, 5, 6, 7, 8, 9}};
};

void TestImage::pngCarriesText()
{
    const TextChunks text{{"prompt", "二匹の猫 🐈\nsecond line"}, {"tintype", std::string(100'000, 'x')}};
    const auto info = readPngInfo(write(encodePng(m_pixels, text).value()));
    QVERIFY2(info, info ? "" : info.error().message.c_str());
    QCOMPARE(info->width, 3);
    QCOMPARE(info->height, 2);
    QCOMPARE(info->text, text);
}

void TestImage::refusesWhatIsNoPng()
{
    QCOMPARE(readPngInfo("/nowhere.png").error().code, ErrorCode::NotFound);
    QCOMPARE(readPngInfo(write({})).error().code, ErrorCode::Corrupt);
    QCOMPARE(readPngInfo(write({1, 2, 3, 4, 5, 6, 7, 8, 9})).error().code, ErrorCode::Corrupt);
    auto cut = encodePng(m_pixels, {}).value();
    cut.resize(20);
    QCOMPARE(readPngInfo(write(cut)).error().code, ErrorCode::Corrupt);
}

void TestImage::formatsHaveTheirSignatures()
{
    const auto png = encodeImage(m_pixels, ImageFormat::Png).value();
    const auto jpeg = encodeImage(m_pixels, ImageFormat::Jpeg).value();
    const auto webp = encodeImage(m_pixels, ImageFormat::Webp).value();
    QCOMPARE(png.bytes[1], 'P');
    QCOMPARE(jpeg.bytes[0], 0xff);
    QCOMPARE(jpeg.contentType, std::string("image/jpeg"));
    QCOMPARE(std::string(webp.bytes.begin() + 8, webp.bytes.begin() + 12), std::string("WEBP"));
    QCOMPARE(webp.width, 3);
}

QTEST_GUILESS_MAIN(TestImage)
#include "tst_image.moc"
