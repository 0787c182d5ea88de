// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Callbacks that a call hands over and waits for: they run elsewhere, but what the caller holds
// stays held meanwhile. Known from the program's registrations. Only read.

#pragma once

#include "analyzer/locks/bodies.h"
#include "analyzer/program/guard_state.h"

namespace lockvet::locks {

class AwaitedCallbacks {
public:
  AwaitedCallbacks(const program::Program& program, const Bodies& bodies)
      : program_(program), bodies_(bodies) {}

  struct Awaited {
    program::Id function = program::kNoId;
    program::Contexts contexts = program::kEither;
  };
  llvm::SmallVector<Awaited, 1> at(const program::Call& call) const;

private:
  const program::Program& program_;
  const Bodies& bodies_;
};

} // namespace lockvet::locks
