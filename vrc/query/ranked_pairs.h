// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which pairs of ends a path expression connects, the most convincing first: fewest edges that only
// may happen, then fewest edges.

#pragma once

#include "vrc/query/product.h"

namespace lockvet::query {

struct Pair {
  uint32_t weak = 0;  ///< edges of the best path that only may happen
  uint32_t edges = 0; ///< all its edges
  Node start = graph::kNoNode;
  Node end = graph::kNoNode;

  auto operator<=>(const Pair&) const = default;
};

/// All pairs, or the `limit` best ones if that is not 0, in order. Searches from 64 starts at once
/// (Then et al., "The more the merrier", VLDB 2014), one rank after the other; for all pairs from
/// 64 ends where these are fewer.
llvm::Expected<std::vector<Pair>> rankedPairs(const Product& product, size_t limit);

/// How many pairs there are.
llvm::Expected<uint64_t> countPairs(const Product& product);

} // namespace lockvet::query
