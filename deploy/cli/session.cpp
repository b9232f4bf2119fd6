// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/session.h"

#include <QTimer>

namespace tintype::cli {

Session::Session(control::HostAddress address)
    : m_control(std::move(address))
{
}

Session::~Session() = default;

bool Session::waitIn(QEventLoop& loop)
{
    bool interrupted = false;
    const auto connection = connect(&m_interrupt, &Interrupt::interrupted, &loop, [&] {
        interrupted = true;
        loop.quit();
    });
    loop.exec();
    disconnect(connection);
    return !interrupted;
}

Result<> Session::sleep(std::chrono::milliseconds duration)
{
    QEventLoop loop;
    QTimer::singleShot(duration, &loop, &QEventLoop::quit);
    if (!waitIn(loop))
        return fail(ErrorCode::Cancelled, "interrupted");
    return {};
}

} // namespace tintype::cli
