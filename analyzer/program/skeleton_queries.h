// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Questions about one skeleton that need no walk with states: which call an event is, and whether
// its end can be reached. Pure functions; program/body_walk.h follows what bodies know on the way.

#pragma once

#include "analyzer/facts/skeleton.h"
#include "analyzer/program/program.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace lockvet::program {

/// The call with which a body in a fragment meets an event's sequence number; null where the
/// program has none. `calls` are all of one function.
const Call* callOf(llvm::ArrayRef<Call> calls, Id fragment, uint32_t sequence);

/// Does a way lead from the entry to the end past no event that stops it? Each block is visited
/// once.
bool canReachEnd(const facts::Skeleton& skeleton,
                 llvm::function_ref<bool(const facts::Event&)> stops);

} // namespace lockvet::program
