// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// One search over a product that knows the best path to each position it reached, or from there to
// where it began: fewest edges that only may happen, then fewest edges. Holds some bytes for each
// position; for one thread.

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
  enum class Direction : uint8_t {
    FromStarts, ///< along the edges
    FromEnds    ///< against them
  };
  explicit BestPaths(const Product& product, Direction direction = Direction::FromStarts)
      : product_(product), is_forwards_(direction == Direction::FromStarts),
        came_(product.positions()) {}

  /// Searches from all of these at once, forgetting what was searched before. `reached` is called
  /// with each position, best first, and ends the search by returning false.
  llvm::Error search(llvm::ArrayRef<Node> from, llvm::function_ref<bool(Position)> reached);

  bool isReached(Position position) const { return came_[position].is_reached; }
  /// The best path between where the search began and a position that was reached, from caller to
  /// callee.
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

  template <typename Visit> void forEachNext(Position position, Visit visit) const {
    if (is_forwards_)
      product_.forEachNext(position, visit);
    else
      product_.forEachPrevious(position, visit);
  }

  const Product& product_;
  bool is_forwards_;
  std::vector<Came> came_; ///< by position
  std::vector<Position> touched_;
};

} // namespace lockvet::query
