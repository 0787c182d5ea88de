// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which calls a function makes whatever it finds: on every way from its entry to its end. What is
// behind another call may be up to the objects, in words that no analysis follows. Owned by the
// lock analysis; answers are remembered.

#pragma once

#include "analyzer/locks/bodies.h"

namespace lockvet::locks {

class CertainCalls {
public:
  CertainCalls(const program::Program& program, const Bodies& bodies)
      : program_(program), bodies_(bodies) {}

  /// Is the call, a position in Program::calls(), made on all ways through its function's body, and
  /// is there only one function that it can run?
  bool isCertain(uint32_t call, program::EdgeKind edge) const;

private:
  bool isOnAllWays(uint32_t call) const;

  const program::Program& program_;
  const Bodies& bodies_;
  mutable llvm::DenseMap<uint32_t, bool> known_; ///< by call
};

} // namespace lockvet::locks
