// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/drawing.h"

namespace lockvet::graph {

void Drawing::addEdge(Node from, Node to, const Edge& edge) {
  nodes.insert({from, to});
  auto [entry, is_new] = edges.try_emplace({from, to}, edge);
  if (!is_new && edge.kind < entry->second.kind)
    entry->second = edge;
}

void Drawing::addEdgesAmong(const Graph& graph, EdgeKinds kinds) {
  for (Node node : nodes)
    for (const Arc& arc : graph.out(node))
      if (nodes.contains(arc.node) && bit(arc.kind) & kinds)
        addEdge(node, arc.node, {arc.kind, graph.siteOf(arc)});
}

} // namespace lockvet::graph
