// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A part of a graph that is to be drawn: each node once, and one edge between two of them.

#pragma once

#include "vrc/graph/graph.h"

#include <map>
#include <set>

namespace lockvet::graph {

struct Drawing {
  struct Edge {
    EdgeKind kind = EdgeKind::Direct; ///< the surest, where there are several
    Site site;
  };

  std::set<Node> nodes;
  std::map<std::pair<Node, Node>, Edge> edges;

  void addEdge(Node from, Node to, const Edge& edge);
  /// The edges of these kinds between nodes that are there already.
  void addEdgesAmong(const Graph& graph, EdgeKinds kinds);
};

} // namespace lockvet::graph
