// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

namespace tintype::ui {

enum class SnippetLanguage { Curl, Python, JavaScript };

/// A call that a program can repeat.
struct SnippetCall {
    QString hostUrl;  ///< "http://127.0.0.1:7870"
    QString endpoint; ///< "owner/app/path"
    QString input;    ///< JSON object
    bool needsKey = false;
    QString caFile;   ///< of a certificate authority that the system does not know; empty = none

    bool operator==(const SnippetCall&) const = default;
};

/// Text that makes exactly this call: with curl, with Python (fal-client where the host has TLS, which that one asks for), with
/// @fal-ai/client. Where the key goes stands a name; it never holds a key.
QString snippetText(SnippetLanguage language, const SnippetCall& call);

} // namespace tintype::ui
