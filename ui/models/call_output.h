// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QSize>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace tintype::ui {

/// Where the time of a call went, seconds; 0 = not told.
struct CallTimings {
    double queue = 0;
    double setup = 0;
    double text = 0;
    double denoise = 0;
    double decode = 0;
    double encode = 0;
    double total = 0;
    QVector<double> steps;

    bool operator==(const CallTimings&) const = default;
};

/// What the studio shows of an answer.
struct CallOutput {
    QStringList pictureUrls; ///< each once, in the order of the answer; data URIs too
    QSize size;              ///< of the first picture; empty = not told
    std::optional<quint64> seed;
    CallTimings timings;
    QStringList warnings;
};

/// Reads an answer of any app: pictures are what `images` and `image` hold, objects with a `url` and a picture's `content_type`, and data
/// URIs of pictures, wherever they stand. What is no JSON has nothing.
CallOutput readCallOutput(const QByteArray& json);

/// Width and height that an input asks for (`image_size`, or `width` and `height`); empty = it leaves them to the model.
QSize wantedSize(const QString& input);

} // namespace tintype::ui
