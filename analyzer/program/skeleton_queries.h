// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Questions about one body that need no walk with states. Pure functions; program/body_walk.h
// follows what bodies know on the way.

#pragma once

#include "analyzer/program/body.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace lockvet::program {

/// Does a way lead from the entry to the end past no event that stops it? Each block is visited
/// once.
bool canReachEnd(const Body& body, llvm::function_ref<bool(const Event&)> stops);

/// Those of a function's calls that its body in a fragment makes.
llvm::ArrayRef<Call> callsIn(llvm::ArrayRef<Call> calls, Id fragment);

} // namespace lockvet::program
