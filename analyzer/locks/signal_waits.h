// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where a program waits, without a limit on time, until somebody else says so: conditions,
// semaphores, events and completions, and where that is said. Told apart by the object that they
// are about, as an argument names it. Used once, by the lock order.

#pragma once

#include "analyzer/locks/wait_operations.h"

#include <vector>

namespace lockvet::locks {

/// A call that waits for a signal, or gives one.
struct SignalCall {
  uint32_t call = 0;                      ///< position in Program::calls()
  const PathArgument* object = nullptr;   ///< what is waited for
  const PathArgument* released = nullptr; ///< the lock that is given back meanwhile; null for none
};

struct SignalCalls {
  std::vector<SignalCall> waits;
  std::vector<SignalCall> signals;

  SignalCalls(const program::Program& program, const Bodies& bodies,
              const WaitOperations& operations);
};

} // namespace lockvet::locks
