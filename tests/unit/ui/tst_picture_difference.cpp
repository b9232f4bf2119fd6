// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/picture_difference.h"

#include <QTest>
#include <cmath>

using namespace tintype::ui;

/// The numbers of a comparison.
class TestPictureDifference : public QObject {
    Q_OBJECT

private:
    static QImage plain(QSize size, QRgb colour)
    {
        QImage image(size, QImage::Format_RGB32);
        image.fill(colour);
        return image;
    }

    static QImage pattern(QSize size, int shift)
    {
        QImage image(size, QImage::Format_RGB32);
        for (int y = 0; y < size.height(); ++y) {
            for (int x = 0; x < size.width(); ++x)
                image.setPixel(x, y, qRgb((x * 37 + shift) % 256, (y * 53) % 256, (x * y + shift) % 256));
        }
        return image;
    }

private Q_SLOTS:
    void sameIsNothing()
    {
        const PictureDifference same = differenceOf(pattern({33, 17}, 0), pattern({33, 17}, 0));
        QCOMPARE(same.largest, 0);
        QCOMPARE(same.mean, 0.0);
        QCOMPARE(same.differing, 0.0);
        QCOMPARE(same.ssim, 1.0);
        QVERIFY(!same.isScaled);
    }

    void onePixelIsCounted()
    {
        QImage other = plain({10, 10}, qRgb(100, 100, 100));
        other.setPixel(3, 4, qRgb(130, 90, 100));
        const PictureDifference difference = differenceOf(plain({10, 10}, qRgb(100, 100, 100)), other);
        QCOMPARE(difference.largest, 30);
        QCOMPARE(difference.mean, 40.0 / 300);
        QCOMPARE(difference.differing, 0.01);
        QCOMPARE(difference.absolute.pixel(3, 4), qRgb(30, 10, 0));
        QVERIFY(difference.ssim < 1);
    }

    void ssimFallsWithTheDifference()
    {
        const QImage base = pattern({64, 64}, 0);
        const double near = differenceOf(base, pattern({64, 64}, 3)).ssim;
        const double far = differenceOf(base, pattern({64, 64}, 90)).ssim;
        QVERIFY(near < 1);
        QVERIFY(far < near);
        // Plain grounds: only the means count, (2ab + c1) / (a² + b² + c1).
        const double c1 = 0.01 * 255 * 0.01 * 255;
        const double expected = (2 * 50.0 * 100.0 + c1) / (50.0 * 50.0 + 100.0 * 100.0 + c1);
        QVERIFY(std::abs(differenceOf(plain({16, 16}, qRgb(50, 50, 50)), plain({16, 16}, qRgb(100, 100, 100))).ssim - expected) < 1e-9);
    }

    void otherSizesAreBroughtTogether()
    {
        const PictureDifference difference = differenceOf(plain({20, 10}, qRgb(9, 9, 9)), plain({40, 40}, qRgb(9, 9, 9)));
        QVERIFY(difference.isScaled);
        QCOMPARE(difference.absolute.size(), QSize(20, 10));
        QCOMPARE(difference.largest, 0);
    }

    void tinyPicturesHaveNumbersToo()
    {
        const PictureDifference difference = differenceOf(plain({1, 1}, qRgb(0, 0, 0)), plain({1, 1}, qRgb(255, 255, 255)));
        QCOMPARE(difference.largest, 255);
        QCOMPARE(difference.mean, 255.0);
        QVERIFY(difference.ssim < 0.01);
    }

    void amplifiesUpToWhite()
    {
        const QImage bright = amplified(plain({2, 2}, qRgb(3, 20, 100)), 16);
        QCOMPARE(bright.pixel(1, 1), qRgb(48, 255, 255));
        QCOMPARE(amplified(plain({2, 2}, qRgb(3, 20, 100)), 1).pixel(0, 0), qRgb(3, 20, 100));
    }
};

QTEST_GUILESS_MAIN(TestPictureDifference)
#include "tst_picture_difference.moc"
