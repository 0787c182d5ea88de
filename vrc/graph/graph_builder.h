// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Collects nodes, edges and labels in any order and makes a Graph of them. For one thread.

#pragma once

#include "vrc/graph/graph.h"

namespace lockvet::graph {

class GraphBuilder {
public:
  GraphBuilder();
  /// Begins with everything that a graph has.
  explicit GraphBuilder(const Graph& graph);

  uint32_t addFile(llvm::StringRef path);
  Node addNode(llvm::StringRef name, llvm::StringRef short_name, NodeKind kind, Site place,
               uint32_t store_id = 0);
  /// Of edges with the same ends and kind the one with the least site stays; where there is a call
  /// that is more than a guess from a type, references to the same function are dropped.
  void addEdge(Node from, Node to, EdgeKind kind, Site site);
  void addLabel(llvm::StringRef label, Node node);

  size_t nodes() const { return graph_.nodes_.size(); }
  /// The builder is spent afterwards.
  Graph finish();

private:
  struct Edge {
    Node from = kNoNode;
    Node to = kNoNode;
    EdgeKind kind = EdgeKind::Direct;
    Site site;
  };

  Graph::Text save(llvm::StringRef text);
  void finishEdges();
  void finishNames();

  Graph graph_;
  std::vector<Edge> edges_;
  llvm::StringMap<uint32_t> file_ids_;
};

} // namespace lockvet::graph
