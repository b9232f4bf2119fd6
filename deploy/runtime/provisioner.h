// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/replica.h"
#include "engine/base/error.h"

#include <QObject>
#include <optional>
#include <string>

namespace tintype::runtime {

/// Makes what a revision requires present on this host. The same wish of several replicas is met once.
class Provisioner : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    virtual bool isPrepared(const std::string& revision) const = 0;
    virtual void prepare(const std::string& revision) = 0; ///< prepared() follows, never from inside this call
    virtual std::string modelFolder(const std::string& revision) const = 0; ///< of a prepared one

Q_SIGNALS:
    void progressed(const std::string& revision, const tintype::domain::SetupProgress& progress);

    /// Without a reason if all is there now.
    void prepared(const std::string& revision, const std::optional<tintype::Error>& reason);
};

} // namespace tintype::runtime
