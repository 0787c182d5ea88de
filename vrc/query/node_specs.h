// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From node specs to sets of nodes.

#pragma once

#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Error.h"
#include "vrc/graph/graph.h"
#include "vrc/query/syntax.h"

#include <atomic>

namespace lockvet::query {

using graph::Graph;
using graph::Node;
using graph::NodeSet;

/// What a query sees of a graph. Refers to things that its owner keeps alive.
struct View {
  const Graph& graph;
  graph::EdgeKinds edges = graph::kUsualEdges;
  const NodeSet* visible = nullptr;        ///< nullptr: all nodes
  const std::atomic<bool>* stop = nullptr; ///< set by another thread or a signal: give up
  /// Labels that are no mistake even where nothing has them.
  const llvm::StringSet<>* known_labels = nullptr;

  bool sees(Node node) const { return !visible || visible->test(node); }
  bool follows(const graph::Arc& arc) const {
    return edges & graph::bit(arc.kind) && sees(arc.node);
  }
  bool isStopped() const { return stop && stop->load(std::memory_order_relaxed); }
};

/// The visible nodes that a spec stands for. A name that no node has and a label that nothing ever
/// had are errors, with the nearest that there are; an expression that matches nothing is not.
llvm::Expected<NodeSet> evaluate(const NodeSpec& spec, const View& view);

/// The same of a spec's text.
llvm::Expected<NodeSet> evaluate(llvm::StringRef text, const View& view);

/// The error for a query that was stopped.
llvm::Error stopped();

} // namespace lockvet::query
