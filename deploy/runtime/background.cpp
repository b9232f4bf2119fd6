// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/background.h"

namespace tintype::runtime {
namespace {

constexpr int kThreads = 4;

} // namespace

Background::Background()
{
    m_pool.setMaxThreadCount(kThreads);
}

Background::~Background()
{
    m_pool.clear();
    m_pool.waitForDone();
}

void Background::enqueue(const std::string& key, Start start)
{
    auto& queue = m_queues[key];
    queue.push_back(std::move(start));
    if (queue.size() == 1)
        queue.front()();
}

void Background::startNext(const std::string& key)
{
    const auto found = m_queues.find(key);
    found->second.pop_front();
    if (found->second.empty())
        m_queues.erase(found);
    else
        found->second.front()();
}

} // namespace tintype::runtime
