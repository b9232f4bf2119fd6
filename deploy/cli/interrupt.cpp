// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/interrupt.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <unistd.h>

namespace tintype::cli {
namespace {

// A signal handler has no context but this.
volatile std::sig_atomic_t writeEnd = -1;

void onSignal(int /*number*/)
{
    const int savedErrno = errno;
    const char byte = 0;
    [[maybe_unused]] const auto written = ::write(writeEnd, &byte, 1); // full: an interrupt is pending anyway
    errno = savedErrno;
}

void install(void (*handler)(int))
{
    struct sigaction action { };
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
}

} // namespace

Interrupt::Interrupt(QObject* parent)
    : QObject(parent)
{
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0)
        return; // the signals keep their default: the program ends, no file was begun
    m_readEnd = ends[0];
    writeEnd = ends[1];
    m_notifier.emplace(m_readEnd, QSocketNotifier::Read);
    connect(&*m_notifier, &QSocketNotifier::activated, this, &Interrupt::drainPipe);
    install(onSignal);
}

Interrupt::~Interrupt()
{
    if (m_readEnd < 0)
        return;
    install(SIG_DFL);
    ::close(m_readEnd);
    ::close(writeEnd);
    writeEnd = -1;
}

void Interrupt::drainPipe()
{
    std::array<char, 16> bytes{};
    if (::read(m_readEnd, bytes.data(), bytes.size()) > 0)
        Q_EMIT interrupted();
}

} // namespace tintype::cli
