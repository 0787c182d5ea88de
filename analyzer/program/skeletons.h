// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The bodies of all functions of a program, in memory: read from the store in one scan, checked and
// laid out for walking. Owned by an analysis, and only read after loading.

#pragma once

#include "analyzer/program/body.h"
#include "analyzer/program/program_change.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <vector>

namespace lockvet::program {

class Skeletons {
public:
  /// Fails where the store cannot be read, or holds bytes that are no skeleton.
  static llvm::Expected<Skeletons> load(store::Store& store, const Program& program);

  /// The same for a program that was loaded again: bodies that are as `before` are taken from
  /// there. Adds to the change the functions that have other bodies than before.
  static llvm::Expected<Skeletons> load(store::Store& store, const Program& program,
                                        const Skeletons& before, ProgramChange& change);

  /// By function, and within a function by fragment.
  llvm::ArrayRef<Body> all() const { return bodies_; }
  llvm::ArrayRef<Body> of(Id function) const {
    return all().slice(first_[function], first_[function + 1] - first_[function]);
  }

private:
  class Loading;

  void index(size_t functions);

  /// What bodies point into: of this program and of earlier ones.
  std::vector<std::shared_ptr<llvm::BumpPtrAllocator>> allocators_;
  std::vector<Body> bodies_;
  std::vector<uint32_t> first_; ///< by function; one past the last, too
};

} // namespace lockvet::program
