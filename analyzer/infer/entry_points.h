// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where functions are entered from that nobody calls by name: the program's start, new threads, and
// what the configuration's registrars have run later. Shared by all disciplines; only read.

#pragma once

#include "analyzer/infer/marker.h"
#include "analyzer/program/contexts.h"

namespace lockvet::infer {

class EntryPoints {
public:
  EntryPoints(const program::Program& program, const program::ContextInference& contexts,
              const config::Config& config);

  /// Does a program or thread start in the function?
  bool isStart(Id function) const;

  /// The registrar that what goes into this pointer is handed to; null if it is none's.
  const config::Registrar* registrarOf(Id slot) const { return registrars_.lookup(slot); }

private:
  const program::ContextInference& contexts_;
  llvm::DenseMap<Id, const config::Registrar*> registrars_;
};

/// Does a call depend on a parameter that some caller of the function sets the other way? Then what
/// the call needs, the function needs only sometimes. Callers for which `matters` is false have
/// what it needs anyway.
bool isOptional(const program::Program& program, const program::ContextGuards& guards,
                uint32_t call, llvm::function_ref<bool(uint32_t call)> matters);

} // namespace lockvet::infer
