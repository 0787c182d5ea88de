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
  explicit EntryPoints(const program::ContextInference& contexts) : contexts_(contexts) {}

  /// Does a program or thread start in the function?
  bool isStart(Id function) const;

private:
  const program::ContextInference& contexts_;
};

/// Does a call depend on a parameter that some caller of the function sets the other way? Then what
/// the call needs, the function needs only sometimes. Callers for which `matters` is false have
/// what it needs anyway.
bool isOptional(const program::Program& program, const program::ContextGuards& guards,
                uint32_t call, llvm::function_ref<bool(uint32_t call)> matters);

} // namespace lockvet::infer
