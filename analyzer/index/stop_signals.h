// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Turns Ctrl-C and friends into a descriptor that can be polled, for as long as the object lives,
// so that a run stops between two units. One at a time in a process; blocks the signals in its
// thread.

#pragma once

#include "llvm/Support/Error.h"

#include <csignal>

namespace lockvet::index {

class StopSignals {
public:
  StopSignals(); ///< SIGINT, SIGTERM and SIGHUP
  ~StopSignals();

  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

  /// Readable once a signal came; -1 if the system has none to give.
  int fd() const { return fd_; }
  /// Whether one came. Swallows it.
  bool received();

private:
  int fd_ = -1;
  bool received_ = false;
  sigset_t before_{};
};

} // namespace lockvet::index
