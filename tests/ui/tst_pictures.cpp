// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/await.h"
#include "ui/models/picture_loader.h"
#include "ui/theme/theme.h"
#include "ui/widgets/picture_view.h"

#include <QApplication>
#include <QBuffer>
#include <QMouseEvent>
#include <QPainter>
#include <QSemaphore>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QThread>
#include <QWheelEvent>
#include <atomic>
#include <cmath>
#include <memory>

using namespace tintype;
using namespace tintype::ui;
using test::await;

namespace {

QByteArray encoded(const QImage& image, const char* format = "PNG")
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, format);
    return bytes;
}

QImage plain(int width, int height, QColor color = Qt::red)
{
    QImage image(width, height, QImage::Format_RGB32);
    image.fill(color);
    return image;
}

} // namespace

/// Decoding off the GUI thread within bounds, and the view's geometry.
class TestPictures : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("studio.ini")), QSettings::IniFormat);
        m_theme = std::make_unique<Theme>(*qApp, *m_settings);
    }

    void decodes()
    {
        const auto picture = decodePicture(encoded(plain(600, 300)));
        QVERIFY(picture);
        QCOMPARE(picture->size, QSize(600, 300));
        QVERIFY(!picture->isReduced());
        QCOMPARE(picture->levels.size(), 2); // 600 × 300, 300 × 150
        QCOMPARE(picture->image().pixelColor(5, 5), QColor(Qt::red));
    }

    void hugeOnesAreReduced_data()
    {
        QTest::addColumn<QByteArray>("format");
        QTest::addColumn<QSize>("size");
        QTest::newRow("20,000 px wide PNG") << QByteArray("PNG") << QSize(20000, 2000);
        QTest::newRow("20,000 px high JPEG") << QByteArray("JPG") << QSize(1000, 20000);
    }
    void hugeOnesAreReduced()
    {
        QFETCH(QByteArray, format);
        QFETCH(QSize, size);
        const auto picture = decodePicture(encoded(plain(size.width(), size.height()), format.constData()));
        QVERIFY(picture);
        QCOMPARE(picture->size, size);
        QVERIFY(picture->isReduced());
        QVERIFY(static_cast<qint64>(picture->image().width()) * picture->image().height() <= PictureLoader::kMostPixels);
    }

    void boundReduces()
    {
        const auto picture = decodePicture(encoded(plain(600, 300)), 96);
        QVERIFY(picture);
        QCOMPARE(picture->image().size(), QSize(96, 48));
        QCOMPARE(picture->size, QSize(600, 300));
    }

    void refuses_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        const QByteArray whole = encoded(plain(64, 64));
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("text") << QByteArray("hello, I am no picture");
        QTest::newRow("cut off") << whole.left(40);
        QTest::newRow("signature only") << whole.left(8);
        QByteArray broken = whole;
        broken.replace(16, 4, QByteArray::fromHex("7fffffff")); // width
        QTest::newRow("absurd width") << broken;
    }
    void refuses()
    {
        QFETCH(QByteArray, bytes);
        const auto picture = decodePicture(bytes);
        QVERIFY(!picture);
        QVERIFY(!picture.error().message.empty());
    }

    void decodesOnAnotherThreadAndOnce()
    {
        PictureLoader loader;
        std::atomic<int> reads = 0;
        std::atomic<bool> isElsewhere = false;
        const QByteArray bytes = encoded(plain(64, 64));
        const PictureLoader::Read read = [&]() -> Result<QByteArray> {
            ++reads;
            isElsewhere = QThread::currentThread() != qApp->thread();
            return bytes;
        };
        const auto first = loader.load(QStringLiteral("a"), read);
        const auto second = loader.load(QStringLiteral("a"), read);
        QVERIFY(await(first));
        QVERIFY(await(second));
        QVERIFY(await(loader.load(QStringLiteral("a"), read)));
        QCOMPARE(reads.load(), 1);
        QVERIFY(isElsewhere);
        QVERIFY(await(loader.load(QStringLiteral("a"), read, 16)));
        QCOMPARE(reads.load(), 2);
    }

    void memoryIsBounded()
    {
        constexpr qint64 most = 100 * 100 * 4 * 3;
        PictureLoader loader(most);
        for (int i = 0; i < 10; ++i)
            QVERIFY(await(loader.load(QString::number(i), encoded(plain(100, 100)))));
        QVERIFY(loader.bytesHeld() <= most);
        QVERIFY(loader.bytesHeld() > 0);
        QVERIFY(await(loader.load(QStringLiteral("larger than all"), encoded(plain(400, 400)))));
        QVERIFY(loader.bytesHeld() <= most);
    }

    void failuresAreAskedAgain()
    {
        PictureLoader loader;
        int reads = 0;
        const PictureLoader::Read read = [&]() -> Result<QByteArray> {
            if (++reads == 1)
                return fail(ErrorCode::Io, "no disk");
            return encoded(plain(8, 8));
        };
        QVERIFY(!await(loader.load(QStringLiteral("a"), read)));
        QVERIFY(await(loader.load(QStringLiteral("a"), read)));
    }

    void filesThatChangeAreReadAgain()
    {
        PictureLoader loader;
        const QString path = m_folder.filePath(QStringLiteral("a.png"));
        QVERIFY(plain(8, 8).save(path));
        QCOMPARE(await(loader.loadFile(path))->size, QSize(8, 8));
        QVERIFY(plain(80, 80).save(path));
        QCOMPARE(await(loader.loadFile(path))->size, QSize(80, 80));
        QVERIFY(!await(loader.loadFile(m_folder.filePath(QStringLiteral("gone.png")))));
    }

    void goesWhileItWorks()
    {
        QSemaphore gate;
        PictureLoader::Answer answer;
        {
            PictureLoader loader;
            for (int i = 0; i < 6; ++i)
                answer = loader.load(QString::number(i), [&gate]() -> Result<QByteArray> {
                    gate.acquire();
                    return QByteArray();
                });
            gate.release(6);
        }
        QVERIFY(await(answer).error().code == ErrorCode::Cancelled);
    }

    void fitsByWholeFactors()
    {
        PictureView view(*m_theme);
        view.resize(500, 400);
        view.setPicture(Picture::fromImage(plain(128, 128)));
        QCOMPARE(view.zoom(), 3.0);
        QCOMPARE(view.pictureRect(), QRectF(58, 8, 384, 384));
        view.setPicture(Picture::fromImage(plain(1000, 400)));
        QCOMPARE(view.zoom(), 0.5);
    }

    void zoomKeepsThePointUnderTheCursor()
    {
        PictureView view(*m_theme);
        view.resize(400, 400);
        view.setPicture(Picture::fromImage(plain(400, 400)));
        QSignalSpy changes(&view, &PictureView::placeChanged);
        const QPointF at(300, 100);
        QWheelEvent wheel(at, view.mapToGlobal(at), {}, QPoint(0, 360), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(&view, &wheel);
        QCOMPARE(changes.count(), 1);
        QVERIFY(view.zoom() > 1.9);
        const QRectF shown = view.pictureRect();
        const QPointF part((at.x() - shown.x()) / shown.width(), (at.y() - shown.y()) / shown.height());
        QVERIFY(std::abs(part.x() - 0.75) < 0.01);
        QVERIFY(std::abs(part.y() - 0.25) < 0.01);
    }

    void zoomEnds()
    {
        PictureView view(*m_theme);
        view.resize(100, 100);
        view.setPicture(Picture::fromImage(plain(100, 100)));
        for (int i = 0; i < 100; ++i)
            view.zoomIn();
        QCOMPARE(view.zoom(), 64.0);
        for (int i = 0; i < 200; ++i)
            view.zoomOut();
        QCOMPARE(view.zoom(), 0.01);
        view.fit();
        QVERIFY(view.place().fits);
    }

    void dragPansWhatIsLargerAndTakesOutWhatFits()
    {
        PictureView view(*m_theme);
        view.resize(200, 200);
        view.setPicture(Picture::fromImage(plain(200, 200)));
        QSignalSpy out(&view, &PictureView::dragOutWanted);
        const auto drag = [&view](QPoint from, QPoint to) {
            QTest::mousePress(&view, Qt::LeftButton, {}, from);
            QMouseEvent move(QEvent::MouseMove, to, view.mapToGlobal(to), Qt::NoButton, Qt::LeftButton, {});
            QApplication::sendEvent(&view, &move);
            QTest::mouseRelease(&view, Qt::LeftButton, {}, to);
        };
        drag({100, 100}, {140, 100});
        QCOMPARE(out.count(), 1);
        view.setPlace({false, 4, {0.5, 0.5}});
        drag({100, 100}, {140, 100});
        QCOMPARE(out.count(), 1);
        QCOMPARE(view.place().centre, QPointF(0.45, 0.5));
    }

    void placeStaysForTheSameSize()
    {
        PictureView view(*m_theme);
        view.resize(200, 200);
        Picture preview = Picture::fromImage(plain(16, 16));
        preview.size = {128, 128};
        view.setPicture(preview);
        view.setPlace({false, 2, {0.3, 0.3}});
        view.setPicture(Picture::fromImage(plain(128, 128)));
        QCOMPARE(view.zoom(), 2.0);
        view.setPicture(Picture::fromImage(plain(64, 64)));
        QVERIFY(view.place().fits);
    }

    void everyPixelIsASharpSquareAboveOne()
    {
        QImage image = plain(2, 1, Qt::white);
        image.setPixelColor(1, 0, Qt::black);
        QImage canvas(40, 20, QImage::Format_RGB32);
        QPainter painter(&canvas);
        PictureView::draw(painter, Picture::fromImage(image), QRectF(0, 0, 40, 20));
        painter.end();
        QCOMPARE(canvas.pixelColor(19, 10), QColor(Qt::white));
        QCOMPARE(canvas.pixelColor(20, 10), QColor(Qt::black));
    }

    void emptyViewTakesEverything()
    {
        PictureView view(*m_theme);
        view.resize(100, 100);
        view.zoomIn();
        view.fit();
        view.showActualSize();
        QTest::keyClick(&view, Qt::Key_Left);
        QTest::mouseDClick(&view, Qt::LeftButton);
        QVERIFY(!view.grab().isNull());
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestPictures)
#include "tst_pictures.moc"
