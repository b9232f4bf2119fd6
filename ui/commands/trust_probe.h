// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/commands/certificate_probe.h"
#include "ui/models/curl_line.h"

namespace tintype::ui {

/// How curl is to trust a host: its authority's file, or a pin. The studio pins certificates and curl public keys, so that a pinned host
/// is asked for its key. GUI thread.
class TrustProbe : public QObject {
    Q_OBJECT

public:
    explicit TrustProbe(QObject* parent = nullptr);

    void ask(const control::HostAddress& host); ///< what is known without asking is in trust() at once
    const CurlTrust& trust() const { return m_trust; }

Q_SIGNALS:
    void changed();

private:
    CertificateProbe m_probe;
    CurlTrust m_trust;
    QString m_fingerprint;
};

} // namespace tintype::ui
