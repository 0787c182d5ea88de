// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The functions that the configuration's `waits` speak of, in a program. Computed once for each
// kind of wait that the lock order follows; the configuration must outlive the result.

#pragma once

#include "analyzer/config/config.h"
#include "analyzer/locks/bodies.h"

namespace lockvet::locks {

using WaitOperations = llvm::DenseMap<program::Id, const config::WaitOperation*>;

WaitOperations waitOperations(const program::Program& program, const config::Config& config);

/// The argument that is the object at `index`, of those of a call; null where it has no name.
const PathArgument* argumentAt(llvm::ArrayRef<PathArgument> arguments, uint32_t index);

} // namespace lockvet::locks
