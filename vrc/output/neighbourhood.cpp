// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/neighbourhood.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

namespace lockvet::output {

namespace {

using graph::Arc;
using graph::Node;

class NeighbourCollector {
public:
  explicit NeighbourCollector(const query::View& view) : view_(view) {}

  Neighbourhood run(const Drawing& drawing, llvm::ArrayRef<Node> first) {
    for (Node node : first)
      add(node);
    for (Node node : drawing.nodes)
      add(node);
    result_.of_answer = result_.nodes.size();
    result_.left_out = drawing.nodes.size() - result_.of_answer;
    std::vector<Node> frontier = result_.nodes;
    for (int step = 0; step < kSteps; ++step)
      frontier = stepFrom(frontier);
    for (const auto& [ends, edge] : drawing.edges)
      addEdge(ends.first, ends.second, edge.kind, edge.site);
    for (Node node : result_.nodes) {
      const llvm::ArrayRef<Arc> out = view_.graph.out(node);
      const llvm::ArrayRef<Arc> in = view_.graph.in(node);
      for (const Arc& arc : chosen(out, /*only_present=*/true))
        addEdge(node, arc.node, arc.kind, view_.graph.siteOf(arc));
      for (const Arc& arc : chosen(in, /*only_present=*/true))
        addEdge(arc.node, node, arc.kind, view_.graph.siteOf(arc));
    }
    return std::move(result_);
  }

private:
  bool add(Node node) {
    if (result_.nodes.size() == kMostNodes || !present_.insert(node).second)
      return false;
    result_.nodes.push_back(node);
    return true;
  }

  void addEdge(Node from, Node to, graph::EdgeKind kind, const graph::Site& site) {
    if (present_.contains(from) && present_.contains(to))
      result_.edges.try_emplace({from, to, kind}, site);
  }

  /// The first arcs of a side, those that surely happen before the others.
  llvm::SmallVector<Arc, 8> chosen(llvm::ArrayRef<Arc> arcs, bool only_present) const {
    llvm::SmallVector<Arc, 8> result;
    for (bool is_weak : {false, true})
      for (const Arc& arc : arcs)
        if (result.size() < kMostNeighbours && view_.follows(arc) &&
            graph::isWeak(arc.kind) == is_weak && (!only_present || present_.contains(arc.node)))
          result.push_back(arc);
    return result;
  }

  /// In turns, so that where room ends every node has its first few.
  std::vector<Node> stepFrom(llvm::ArrayRef<Node> frontier) {
    std::vector<llvm::SmallVector<Arc, 8>> sides;
    for (Node node : frontier) {
      sides.push_back(chosen(view_.graph.in(node), /*only_present=*/false));
      sides.push_back(chosen(view_.graph.out(node), /*only_present=*/false));
    }
    std::vector<Node> next;
    for (size_t turn = 0; turn < kMostNeighbours; ++turn)
      for (const llvm::SmallVector<Arc, 8>& side : sides)
        if (turn < side.size() && add(side[turn].node))
          next.push_back(side[turn].node);
    return next;
  }

  query::View view_;
  llvm::DenseSet<Node> present_;
  Neighbourhood result_;
};

} // namespace

Neighbourhood neighbourhoodOf(const Drawing& drawing, llvm::ArrayRef<Node> first,
                              const query::View& view) {
  return NeighbourCollector(view).run(drawing, first);
}

} // namespace lockvet::output
