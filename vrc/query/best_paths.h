// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One search over a product that knows the best path to each position it reached: fewest edges that
// only may happen, then fewest edges. Holds some bytes for each position; for one thread.

#pragma once

#include "vrc/query/product.h"

namespace lockvet::query {

/// A node of a path, and the edge that leads to it from the one before.
struct Hop {
  Node node = graph::kNoNode;
  graph::EdgeKind kind = graph::EdgeKind::Direct; ///< of no meaning in the first hop
  graph::Site site;                               ///< where the edge stands
};

using Path = std::vector<Hop>;

class BestPaths {
public:
  explicit BestPaths(const Product& product) : product_(product), came_(product.positions()) {}

  /// Searches from all of these at once, forgetting what was searched before. `reached` is called
  /// with each position, best first, and ends the search by returning false.
  llvm::Error search(llvm::ArrayRef<Node> starts, llvm::function_ref<bool(Position)> reached);

  bool isReached(Position position) const { return came_[position].is_reached; }
  /// The best path to a position that was reached.
  Path pathTo(Position position) const;

private:
  struct Move {
    Position to;
    Position from;
    graph::Arc arc;
  };
  struct Came {
    Position from = UINT32_MAX;
    graph::Arc arc;
    bool is_reached = false;
  };

  const Product& product_;
  std::vector<Came> came_; ///< by position
  std::vector<Position> touched_;
};

} // namespace lockvet::query
