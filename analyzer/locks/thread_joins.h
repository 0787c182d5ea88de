// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which threads a program waits for: calls of pthread_join() and the like, with the function that
// the thread runs. Found by the object that has the thread's name, or, where facts do not say
// which that is, by the only thread that the same file starts. Used once, by the lock order.

#pragma once

#include "analyzer/locks/wait_operations.h"

#include <vector>

namespace lockvet::locks {

class ThreadJoins {
public:
  struct Join {
    uint32_t call = 0; ///< position in Program::calls()
    program::Id entry = program::kNoId;
  };

  ThreadJoins(const program::Program& program, const Bodies& bodies,
              const WaitOperations& operations);

  llvm::ArrayRef<Join> all() const { return joins_; }

private:
  std::vector<Join> joins_;
};

} // namespace lockvet::locks
