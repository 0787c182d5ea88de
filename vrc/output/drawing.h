// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The nodes and edges that a result mentions, each once: what DOT and the HTML page draw of it.

#pragma once

#include "vrc/command/result.h"

#include <map>
#include <set>

namespace lockvet::output {

struct Drawing {
  struct Edge {
    graph::EdgeKind kind = graph::EdgeKind::Direct; ///< the surest, where there are several
    graph::Site site;
  };

  std::set<graph::Node> nodes;
  std::map<std::pair<graph::Node, graph::Node>, Edge> edges;

  void addEdge(graph::Node from, graph::Node to, const Edge& edge);
  /// The edges of these kinds between nodes that are there already.
  void addEdgesAmong(const graph::Graph& graph, graph::EdgeKinds kinds);
};

/// Results without nodes give an empty one.
Drawing drawingOf(const command::Result& result, const graph::Graph& graph);

} // namespace lockvet::output
