// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Strongly connected components (Tarjan, "Depth-first search and linear graph algorithms", 1972),
// without recursion, of anything that can name the successors of a number.

#pragma once

#include "llvm/ADT/STLFunctionalExtras.h"
#include "vrc/graph/graph.h"

namespace lockvet::graph {

/// Components of the numbers 0 to size-1, numbered so that edges go to the same or a lower one.
class Components {
public:
  using Visit = llvm::function_ref<void(uint32_t)>;
  /// `successors(n, visit)` calls visit with each successor of n; `is_stopped` is asked now and
  /// then. Returns false if stopped.
  bool find(uint32_t size, llvm::function_ref<void(uint32_t, Visit)> successors,
            llvm::function_ref<bool()> is_stopped);

  uint32_t count() const { return count_; }
  uint32_t of(uint32_t member) const { return of_[member]; }
  /// All numbers, those of component 0 first.
  llvm::ArrayRef<uint32_t> members() const { return members_; }

private:
  std::vector<uint32_t> of_, members_;
  uint32_t count_ = 0;
};

/// Functions that can call each other in a circle, or themselves, over the edges that `follows`
/// allows; the largest group first.
std::vector<std::vector<Node>> cycles(const Graph& graph,
                                      llvm::function_ref<bool(const Arc&)> follows);

} // namespace lockvet::graph
