// SPDX-License-Identifier: Apache-2.0
#include "engine/worker/process_setup.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace tintype::worker {
namespace {

tl::unexpected<Error> systemError(const char* what)
{
    return fail(ErrorCode::Internal, std::string(what) + ": " + std::strerror(errno));
}

} // namespace

Result<int> takeOverStdout()
{
    const int frames = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (frames < 0)
        return systemError("standard output cannot be duplicated");
    if (::dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        return systemError("standard output cannot be pointed at standard error");
    return frames;
}

Result<int> takeOverSignals()
{
    std::signal(SIGPIPE, SIG_IGN);
    std::signal(SIGINT, SIG_IGN);
    sigset_t drain;
    sigemptyset(&drain);
    sigaddset(&drain, SIGTERM);
    if (::pthread_sigmask(SIG_BLOCK, &drain, nullptr) != 0)
        return systemError("SIGTERM cannot be blocked");
    const int descriptor = ::signalfd(-1, &drain, SFD_CLOEXEC | SFD_NONBLOCK);
    if (descriptor < 0)
        return systemError("SIGTERM cannot be read");
    return descriptor;
}

} // namespace tintype::worker
