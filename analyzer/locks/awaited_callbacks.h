// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Callbacks that a call hands over and waits for: they run elsewhere, but what the caller holds
// stays held meanwhile. Known from the registrars of the configuration that say `waits`. Computed
// once; then only read.

#pragma once

#include "analyzer/locks/bodies.h"
#include "analyzer/program/guard_state.h"

namespace lockvet::locks {

class AwaitedCallbacks {
public:
  AwaitedCallbacks(const program::Program& program, const config::Config& config,
                   const Bodies& bodies);

  struct Awaited {
    program::Id function = program::kNoId;
    program::Contexts contexts = program::kEither;
  };
  llvm::SmallVector<Awaited, 1> at(const program::Call& call) const;

private:
  struct Parameter {
    uint32_t index = 0;
    program::Contexts contexts = program::kEither;
  };
  const program::Program& program_;
  const Bodies& bodies_;
  llvm::DenseMap<program::Id, llvm::SmallVector<Parameter, 1>> registrars_;
};

} // namespace lockvet::locks
