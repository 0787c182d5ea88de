// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/stop_signals.h"

#include <sys/signalfd.h>
#include <unistd.h>

namespace lockvet::index {

StopSignals::StopSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP})
    sigaddset(&signals, signal);
  sigprocmask(SIG_BLOCK, &signals, &before_);
  fd_ = signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK);
  if (fd_ < 0) // then they end the process at once, as without us
    sigprocmask(SIG_SETMASK, &before_, nullptr);
}

StopSignals::~StopSignals() {
  received(); // a second Ctrl-C is not to end the process after all
  if (fd_ >= 0)
    close(fd_);
  sigprocmask(SIG_SETMASK, &before_, nullptr);
}

bool StopSignals::received() {
  signalfd_siginfo info{};
  while (fd_ >= 0 && read(fd_, &info, sizeof info) == sizeof info)
    received_ = true;
  return received_;
}

} // namespace lockvet::index
