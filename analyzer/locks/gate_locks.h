// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which locks are held at a call for sure, whoever the callers are, and whether it is in the main
// loop's thread: what keeps two places from running at the same time. Top-down over the program,
// by lock class. Computed once for the lock order; then only read.

#pragma once

#include "analyzer/locks/held_locks.h"
#include "analyzer/locks/order_sites.h"

#include <set>
#include <vector>

namespace lockvet::locks {

/// Nodes of OrderSites, sorted; kMainLoopGate stands for the main loop's thread.
using Gates = std::vector<uint32_t>;
inline constexpr uint32_t kMainLoopGate = UINT32_MAX;

/// Calls visit(entry, node, call, holds) for each call in a function that takes a lock with a node,
/// or says that it is called with it.
void forEachHold(const program::Program& program, const HeldLocks& held, const OrderSites& sites,
                 llvm::function_ref<void(uint32_t, uint32_t, uint32_t, Holds)> visit);

class GateLocks {
public:
  GateLocks(const program::Program& program, const program::Callers& callers, const HeldLocks& held,
            const OrderSites& sites, llvm::ArrayRef<uint32_t> callee_order);

  /// Before a call, in whatever mode.
  Gates at(uint32_t call) const;

private:
  void collectHolds(const HeldLocks& held, const OrderSites& sites);
  void solve(const program::Callers& callers, llvm::ArrayRef<uint32_t> callee_order);
  /// A function is entered with this, for one; true if less is held then than was known.
  bool narrow(Id function, const Gates& gates);

  const program::Program& program_;
  uint32_t nodes_;
  std::set<Gates> sets_; ///< few different ones
  /// By function: held whenever it is entered; null where nobody is known to enter it, and so
  /// everything may be.
  std::vector<const Gates*> entry_;
  llvm::DenseMap<uint32_t, llvm::SmallVector<uint32_t, 2>> held_at_; ///< by call
  /// By call: what the function may have taken or given back before it.
  llvm::DenseMap<uint32_t, llvm::SmallVector<uint32_t, 2>> changed_at_;
};

} // namespace lockvet::locks
