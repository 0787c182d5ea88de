// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions can be in which slot: inclusion constraints over the whole program, solved to a
// fixpoint. Field-based (all objects of a record share its fields) and flow-insensitive. A plain
// algorithm over ids; knows no store.
//
// Source: L. O. Andersen, "Program Analysis and Specialization for the C Programming Language"
// (1994), restricted to function values; parameters of indirect calls are added as targets appear.

#pragma once

#include "analyzer/store/rows.h"
#include "llvm/ADT/DenseMap.h"

#include <vector>

namespace lockvet::program {

class SlotSolver {
public:
  explicit SlotSolver(store::Id slots) : nodes_(slots + 1) {}

  /// What the slot is: parameters and returns of functions and of other slots are tied together
  /// when a function is found to be in the other slot.
  void addSlot(const store::SlotRow& slot);
  void addFunction(store::Id function, store::Id slot);
  void addInclusion(store::Id from_slot, store::Id to_slot);

  /// The functions in each slot, in ascending order.
  std::vector<store::SlotTarget> solve();

private:
  struct Node {
    std::vector<store::Id> functions; ///< sorted
    std::vector<store::Id> pending;   ///< not yet handed on; unsorted, may repeat
    std::vector<store::Id> included_in;
    std::vector<store::Id> dependents; ///< SlotParameter and SlotReturn slots of this slot
    facts::SlotKind kind = facts::SlotKind::Field;
    uint32_t index = 0;
    bool is_queued = false;
  };

  static uint64_t parameterKey(store::Id function, uint32_t index) {
    return (uint64_t{function} << 32) | index;
  }
  void push(store::Id slot, llvm::ArrayRef<store::Id> functions);
  void tie(store::Id dependent, store::Id function);

  std::vector<Node> nodes_;
  llvm::DenseMap<uint64_t, store::Id> parameters_;
  llvm::DenseMap<store::Id, store::Id> returns_;
  std::vector<store::Id> queue_;
};

} // namespace lockvet::program
