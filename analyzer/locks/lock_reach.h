// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From which functions calls lead to what does something to a lock, or needs it: under another hold
// there is nothing to look for. Owned by the held locks, asked while they are found.

#pragma once

#include "analyzer/locks/lock_effects.h"
#include "llvm/ADT/StringMap.h"

#include <memory>
#include <vector>

namespace lockvet::locks {

class LockReach {
public:
  /// `followed` says by call which ones lead anywhere. All must outlive the result.
  LockReach(const program::Program& program, const program::Callers& callers,
            const LockOperations& operations, const LockEffects& effects, const PathTable& paths,
            const std::vector<bool>& followed);

  /// Of a lock that the function's caller knows by this path, and whose class has this name.
  bool isReached(Id function, PathId path, PathId lock);

private:
  using Functions = llvm::DenseSet<Id>;
  /// What leads to one lock, beyond what leads to all.
  struct Reach {
    const Functions* by_name = nullptr; ///< to what the path's last step may be; null for globals
    Functions by_key;                   ///< and to neither that
  };

  void addEnd(Id function, PathId path, PathId lock);
  const Functions& reachingName(llvm::StringRef name);
  template <typename IsKnown> Functions reaching(llvm::ArrayRef<Id> ends, IsKnown is_known) const;

  const program::Program& program_;
  const program::Callers& callers_;
  const PathTable& paths_;
  const std::vector<bool>& followed_;
  llvm::DenseMap<PathId, std::vector<Id>> ends_by_key_; ///< by the lock's path and by its class
  llvm::StringMap<std::vector<Id>> ends_by_name_;       ///< by the last step of the lock's path
  std::vector<bool> to_any_; ///< lead to what a parameter points to, which may be any lock
  llvm::StringMap<std::unique_ptr<Functions>> to_name_;
  llvm::DenseMap<PathId, std::unique_ptr<Reach>> to_key_;
};

} // namespace lockvet::locks
