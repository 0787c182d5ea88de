// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All bodies of the program for the lock analysis, and the objects that each call hands over, by
// names that are paths. Made once, then only read.

#pragma once

#include "analyzer/locks/lock_path.h"
#include "analyzer/program/skeletons.h"

#include <vector>

namespace lockvet::locks {

using program::Body;

class Bodies {
public:
  /// `program` and `skeletons` must outlive it.
  Bodies(const program::Program& program, const program::Skeletons& skeletons, PathTable& paths);

  llvm::ArrayRef<PathArgument> argumentsOf(size_t call) const {
    return llvm::ArrayRef<PathArgument>(arguments_)
        .slice(first_argument_[call], first_argument_[call + 1] - first_argument_[call]);
  }

  /// Does a slot belong to wrappers that are made on the spot? What is in it is any wrapper's.
  bool isOfWrapper(program::Id slot) const { return wrapper_slots_.contains(slot); }

  /// A function that a call hands over.
  struct Callback {
    uint32_t index = 0;
    program::Id function = program::kNoId;

    bool operator==(const Callback&) const = default;
  };
  llvm::ArrayRef<Callback> callbacksOf(size_t call) const {
    auto found = callbacks_.find(static_cast<uint32_t>(call));
    return found == callbacks_.end() ? llvm::ArrayRef<Callback>()
                                     : llvm::ArrayRef<Callback>(found->second);
  }

  /// The bodies of a function: several where headers say different things to different units.
  llvm::ArrayRef<Body> of(program::Id function) const { return skeletons_.of(function); }

private:
  void findWrappedObjects(PathTable& paths);

  const program::Program& program_;
  const program::Skeletons& skeletons_;
  std::vector<PathArgument> arguments_;
  std::vector<uint32_t> first_argument_; ///< by call; one past the last, too
  llvm::DenseMap<uint32_t, llvm::SmallVector<Callback, 1>> callbacks_; ///< by call
  llvm::DenseSet<program::Id> wrapper_slots_;
};

} // namespace lockvet::locks
