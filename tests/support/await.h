// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "engine/base/result.h"

#include <QEventLoop>
#include <QFutureWatcher>

namespace tintype::test {

/// The result of a future; the event loop runs meanwhile. A future that was dropped is Cancelled.
template <class T>
Result<T> await(const QFuture<Result<T>>& future)
{
    QFutureWatcher<Result<T>> watcher;
    QEventLoop loop;
    QObject::connect(&watcher, &QFutureWatcherBase::finished, &loop, &QEventLoop::quit);
    watcher.setFuture(future);
    if (!future.isFinished())
        loop.exec();
    if (future.resultCount() == 0)
        return fail(ErrorCode::Cancelled, "dropped");
    return future.result();
}

} // namespace tintype::test
