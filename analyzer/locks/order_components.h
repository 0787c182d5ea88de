// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which nodes of the lock order can be in a cycle together, seen from afar: whatever is given back
// in between. Only these are worth a search. Owned by the lock order while it is computed.

#pragma once

#include "analyzer/locks/order_search.h"

#include <vector>

namespace lockvet::locks {

class OrderComponents {
public:
  /// `roots` are the places where each node is held, by node; `waits` are pairs of nodes of which
  /// the second is waited for under the first, besides what roots lead to.
  OrderComponents(const program::Program& program, const FollowedCalls& followed,
                  const OrderSites& sites, const std::vector<std::vector<OrderRoot>>& roots,
                  llvm::ArrayRef<std::pair<uint32_t, uint32_t>> waits);

  /// The nodes that can be in a cycle with a node, itself among them, in ascending order; none
  /// where there is no other.
  llvm::ArrayRef<uint32_t> of(uint32_t node) const {
    return component_of_[node] == kNone ? llvm::ArrayRef<uint32_t>()
                                        : llvm::ArrayRef<uint32_t>(members_[component_of_[node]]);
  }

private:
  static constexpr uint32_t kNone = UINT32_MAX;

  std::vector<uint32_t> component_of_; ///< by node
  std::vector<std::vector<uint32_t>> members_;
};

} // namespace lockvet::locks
