// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/cli/interrupt.h"
#include "deploy/control/http_control.h"

#include <QEventLoop>
#include <QFutureWatcher>
#include <chrono>
#include <optional>

namespace tintype::cli {

/// A conversation with one host in straight lines: each call waits on the event loop. Ctrl-C ends the wait that runs
/// with Cancelled; what is awaited afterwards (cleaning up) is waited for again.
class Session : public QObject {
    Q_OBJECT

public:
    explicit Session(control::HostAddress address);
    ~Session() override;

    control::HttpControl& control() { return m_control; }
    const control::HostAddress& address() const { return m_control.address(); }

    template <class T>
    Result<T> await(QFuture<Result<T>> future)
    {
        QFutureWatcher<Result<T>> watcher;
        QEventLoop loop;
        connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
        watcher.setFuture(future);
        if (!future.isFinished() && !waitIn(loop))
            return fail(ErrorCode::Cancelled, "interrupted");
        if (future.resultCount() == 0)
            return fail(ErrorCode::Cancelled, "cancelled");
        return future.result();
    }

    /// @error Cancelled: Ctrl-C
    Result<> sleep(std::chrono::milliseconds duration);

    /// Runs the loop until someone quits it. @return false after Ctrl-C
    bool waitIn(QEventLoop& loop);

private:
    Interrupt m_interrupt;
    control::HttpControl m_control;
};

} // namespace tintype::cli
