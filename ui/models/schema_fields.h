// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/base/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QVector>
#include <optional>

namespace tintype::ui {

/// One input of an endpoint, as a form shows it.
struct SchemaField {
    enum class Kind {
        Text,
        Prompt, ///< several lines
        Choice,
        Flag,
        Integer,
        Number,
        Seed,
        Size,    ///< of a picture: width and height, or a preset
        Picture, ///< URL or data URI of one
        Json,    ///< whatever has no form of its own
    };

    QString name;
    QString title; ///< "Steps"
    QString help;
    Kind kind = Kind::Json;
    bool isRequired = false;
    bool isMain = false; ///< always in sight; the others stand under "More"
    std::optional<double> low;
    std::optional<double> high;
    double step = 0;     ///< what values are multiples of; 0 = free
    int longest = 0;     ///< characters; 0 = any
    QStringList choices; ///< JSON of each value; of Size: names of the presets
    QString initial;     ///< JSON of the default, or of the first example; empty = none: the call leaves it out
    bool isDefault = false; ///< `initial` is what the app takes if the call leaves it out

    bool operator==(const SchemaField&) const = default;
};

/// An endpoint that a form can call.
struct EndpointForm {
    QString path;
    QVector<SchemaField> fields; ///< in the order of the form, without hidden ones

    bool operator==(const EndpointForm&) const = default;
};

/// Reads the OpenAPI document of an app, ours or any other. What it does not understand becomes a field of JSON; sockets and streams are
/// left out, since each repeats an endpoint. Blocks on a large document: not for the GUI thread.
/// @error Corrupt: not JSON, or no OpenAPI document
Result<QVector<EndpointForm>> readEndpointForms(const QByteArray& openApi);

} // namespace tintype::ui
