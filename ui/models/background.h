// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFuture>
#include <QPromise>
#include <QThreadPool>
#include <memory>
#include <type_traits>

namespace tintype::ui {

/// Runs `make` on a thread of the global pool: what it uses must be its own.
template <class Make>
auto inBackground(Make make) -> QFuture<std::invoke_result_t<Make>>
{
    const auto promise = std::make_shared<QPromise<std::invoke_result_t<Make>>>();
    promise->start();
    QThreadPool::globalInstance()->start([promise, make = std::move(make)] {
        promise->addResult(make());
        promise->finish();
    });
    return promise->future();
}

} // namespace tintype::ui
