// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An answer's nodes with those around them, bounded: what a page can hold of a large graph.

#pragma once

#include "vrc/output/drawing.h"
#include "vrc/query/node_specs.h"

namespace lockvet::output {

inline constexpr size_t kMostNodes = 1500;
inline constexpr size_t kMostNeighbours = 40; ///< of one node on one side
inline constexpr int kSteps = 2;              ///< from the answer

struct Neighbourhood {
  using Key = std::tuple<graph::Node, graph::Node, graph::EdgeKind>;

  std::vector<graph::Node> nodes;   ///< those of the answer first
  size_t of_answer = 0;             ///< how many are
  size_t left_out = 0;              ///< nodes of the answer for which there was no room
  std::map<Key, graph::Site> edges; ///< between them; of hubs only some
};

/// `first` are nodes of the drawing that matter most. Every node gets some callers and callees
/// before one gets all of its own.
Neighbourhood neighbourhoodOf(const Drawing& drawing, llvm::ArrayRef<graph::Node> first,
                              const query::View& view);

} // namespace lockvet::output
