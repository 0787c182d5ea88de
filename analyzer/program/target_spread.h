// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How far the functions that one pointer can hold are spread over a tree. What is in the operations
// of a disk format lies in one folder, and any of them may be meant; what a timer or an object's
// last reference runs lies all over the tree, and says little of a certain timer. Made once from a
// program; answers are remembered, so that it must not be shared between threads.

#pragma once

#include "analyzer/program/program.h"

namespace lockvet::program {

class TargetSpread {
public:
  explicit TargetSpread(const Program& program);

  /// In how many folders the functions lie that a call can run: 1 for a call by name, 0 if nothing
  /// is known to be run.
  uint32_t foldersOf(const Call& call) const;
  /// How many functions a call can run.
  uint32_t targetsOf(const Call& call) const;

private:
  struct Spread {
    uint32_t targets = 0;
    uint32_t folders = 0;
  };
  Spread spreadOf(const Call& call) const;

  const Program& program_;
  std::vector<uint32_t> folder_of_file_;                    ///< by file
  mutable llvm::DenseMap<std::pair<Id, Id>, Spread> known_; ///< by callee and slot
};

} // namespace lockvet::program
