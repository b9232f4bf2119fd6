// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/picture_difference.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

namespace tintype::ui {
namespace {

constexpr int kWindow = 8;
constexpr int kStep = 4;
constexpr double kC1 = 0.01 * 255 * 0.01 * 255;
constexpr double kC2 = 0.03 * 255 * 0.03 * 255;

const QRgb* lineOf(const QImage& image, int y) { return reinterpret_cast<const QRgb*>(image.constScanLine(y)); }

/// BT.601, as qGray() weighs it but not rounded away.
double luma(QRgb pixel) { return 0.299 * qRed(pixel) + 0.587 * qGreen(pixel) + 0.114 * qBlue(pixel); }

double ssimOfWindow(const QImage& a, const QImage& b, const QRect& window)
{
    double sumA = 0, sumB = 0, squaresA = 0, squaresB = 0, products = 0;
    for (int y = window.top(); y <= window.bottom(); ++y) {
        const QRgb* const lineA = lineOf(a, y);
        const QRgb* const lineB = lineOf(b, y);
        for (int x = window.left(); x <= window.right(); ++x) {
            const double valueA = luma(lineA[x]);
            const double valueB = luma(lineB[x]);
            sumA += valueA;
            sumB += valueB;
            squaresA += valueA * valueA;
            squaresB += valueB * valueB;
            products += valueA * valueB;
        }
    }
    const double count = static_cast<double>(window.width()) * window.height();
    const double meanA = sumA / count;
    const double meanB = sumB / count;
    const double varianceA = squaresA / count - meanA * meanA;
    const double varianceB = squaresB / count - meanB * meanB;
    const double covariance = products / count - meanA * meanB;
    return (2 * meanA * meanB + kC1) * (2 * covariance + kC2)
        / ((meanA * meanA + meanB * meanB + kC1) * (varianceA + varianceB + kC2));
}

double ssimOf(const QImage& a, const QImage& b)
{
    double sum = 0;
    qint64 count = 0;
    for (int y = 0; y == 0 || y + kWindow <= a.height(); y += kStep) {
        for (int x = 0; x == 0 || x + kWindow <= a.width(); x += kStep) {
            sum += ssimOfWindow(a, b, QRect(x, y, kWindow, kWindow).intersected(a.rect()));
            ++count;
        }
    }
    return sum / static_cast<double>(count);
}

} // namespace

PictureDifference differenceOf(const QImage& first, const QImage& second)
{
    PictureDifference difference;
    difference.isScaled = first.size() != second.size();
    const QImage a = first.convertToFormat(QImage::Format_RGB32);
    const QImage b = (difference.isScaled ? second.scaled(first.size(), Qt::IgnoreAspectRatio, Qt::SmoothTransformation) : second)
                         .convertToFormat(QImage::Format_RGB32);
    difference.absolute = QImage(a.size(), QImage::Format_RGB32);
    qint64 sum = 0;
    qint64 differing = 0;
    for (int y = 0; y < a.height(); ++y) {
        const QRgb* const lineA = lineOf(a, y);
        const QRgb* const lineB = lineOf(b, y);
        auto* const line = reinterpret_cast<QRgb*>(difference.absolute.scanLine(y));
        for (int x = 0; x < a.width(); ++x) {
            const int red = std::abs(qRed(lineA[x]) - qRed(lineB[x]));
            const int green = std::abs(qGreen(lineA[x]) - qGreen(lineB[x]));
            const int blue = std::abs(qBlue(lineA[x]) - qBlue(lineB[x]));
            line[x] = qRgb(red, green, blue);
            sum += red + green + blue;
            differing += red + green + blue > 0 ? 1 : 0;
            difference.largest = std::max({difference.largest, red, green, blue});
        }
    }
    const double pixels = static_cast<double>(a.width()) * a.height();
    difference.mean = static_cast<double>(sum) / (pixels * 3);
    difference.differing = static_cast<double>(differing) / pixels;
    difference.ssim = ssimOf(a, b);
    return difference;
}

QImage amplified(const QImage& absolute, int factor)
{
    std::array<int, 256> table{};
    for (std::size_t value = 0; value < table.size(); ++value)
        table[value] = std::min(255, static_cast<int>(value) * factor);
    QImage result(absolute.size(), QImage::Format_RGB32);
    for (int y = 0; y < absolute.height(); ++y) {
        const QRgb* const from = lineOf(absolute, y);
        auto* const to = reinterpret_cast<QRgb*>(result.scanLine(y));
        for (int x = 0; x < absolute.width(); ++x)
            to[x] = qRgb(table[static_cast<std::size_t>(qRed(from[x]))], table[static_cast<std::size_t>(qGreen(from[x]))],
                table[static_cast<std::size_t>(qBlue(from[x]))]);
    }
    return result;
}

} // namespace tintype::ui
