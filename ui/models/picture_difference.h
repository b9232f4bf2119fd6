// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>

namespace tintype::ui {

/// How two pictures differ, in steps of 8-bit RGB.
struct PictureDifference {
    QImage absolute;     ///< |a − b| of each channel; RGB32
    int largest = 0;     ///< 0..255
    double mean = 0;     ///< of all pixels and channels, 0..255
    double differing = 0; ///< share of pixels with any difference, 0..1
    double ssim = 1;     ///< of the luma, mean over windows of 8 × 8 pixels with a step of 4; 1 = the same
    bool isScaled = false; ///< the second one had another size and was brought to the first one's
};

/// For a worker thread: about 30 ms a megapixel. @pre neither is null
/// @source Wang et al. 2004, "Image quality assessment", with uniform windows
PictureDifference differenceOf(const QImage& a, const QImage& b);

/// A difference made visible. @param factor 1..16
QImage amplified(const QImage& absolute, int factor);

} // namespace tintype::ui
