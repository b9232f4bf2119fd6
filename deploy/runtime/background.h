// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <QThreadPool>
#include <deque>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace tintype::runtime {

/// Work that would block the control thread, done elsewhere; its result comes back to this thread. Nothing comes back
/// once this is destroyed, which waits for what has begun.
class Background {
public:
    Background();
    ~Background();

    template <class Work, class Done>
    void run(Work work, Done done)
    {
        m_pool.start([this, work = std::move(work), done = std::move(done)] {
            QMetaObject::invokeMethod(
                &m_context, [done, result = work()]() mutable { done(std::move(result)); }, Qt::QueuedConnection);
        });
    }

    /// Like run(); work of the same key is done one after the other, in the order of the calls.
    template <class Work, class Done>
    void runInOrder(const std::string& key, Work work, Done done)
    {
        enqueue(key, [this, key, work = std::move(work), done = std::move(done)] {
            run(work, [this, key, done](auto result) {
                startNext(key);
                done(std::move(result));
            });
        });
    }

private:
    using Start = std::function<void()>;

    void enqueue(const std::string& key, Start start);
    void startNext(const std::string& key); ///< the first of the key's queue has ended

    QThreadPool m_pool;
    QObject m_context;
    std::map<std::string, std::deque<Start>> m_queues;
};

} // namespace tintype::runtime
