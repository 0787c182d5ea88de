// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions calls hand over in parameters, and which of their own parameters they hand on. On
// one way down the calls a parameter holds what was handed over on that way, and not everything
// that it can hold. Computed once from a program; then only read.

#pragma once

#include "analyzer/locks/bodies.h"

namespace lockvet::locks {

/// Functions that parameters are known to hold, by the parameter's index.
using Callbacks = llvm::SmallVector<Bodies::Callback, 1>;

class CallbackFlows {
public:
  CallbackFlows(const program::Program& program, const Bodies& bodies);

  /// What `callee` gets at a call, where the caller's own parameters hold `known`.
  Callbacks at(uint32_t call, llvm::ArrayRef<Bodies::Callback> known, program::Id callee) const;

  /// What a call through one of the caller's parameters runs; else kNoId.
  program::Id target(const program::Call& call, llvm::ArrayRef<Bodies::Callback> known) const;

private:
  struct HandedOn {
    uint32_t from = 0; ///< index of the caller's parameter
    uint32_t to = 0;   ///< and of the callee's
  };
  const program::Program& program_;
  const Bodies& bodies_;
  llvm::DenseSet<std::pair<program::Id, uint32_t>> parameters_; ///< function and index
  /// By caller and callee, or caller and the slot that is called through.
  llvm::DenseMap<std::pair<program::Id, program::Id>, llvm::SmallVector<HandedOn, 1>> to_function_;
  llvm::DenseMap<std::pair<program::Id, program::Id>, llvm::SmallVector<HandedOn, 1>> to_slot_;
};

} // namespace lockvet::locks
