// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/drawing.h"

#include "vrc/graph/dot.h"
#include "vrc/output/output.h"

namespace lockvet::output {

namespace {

using namespace command;
using graph::Graph;
using graph::Node;

class DrawingCollector {
public:
  DrawingCollector(const Graph& graph, Drawing& drawing) : graph_(graph), drawing_(drawing) {}

  void operator()(const Functions& functions) { among(functions.nodes); }
  void operator()(const Groups& groups) {
    for (const std::vector<Node>& group : groups.groups)
      among(group);
  }
  void operator()(const Labelled& labelled) {
    std::vector<Node> nodes;
    nodes.reserve(labelled.rows.size());
    for (const Labelled::Row& row : labelled.rows)
      nodes.push_back(row.node);
    among(nodes);
  }
  void operator()(const Neighbours& neighbours) {
    for (const Neighbours::Row& row : neighbours.rows)
      drawing_.addEdge(row.caller, row.callee, {row.kind, row.site});
  }
  void operator()(const Paths& paths) {
    for (const query::Path& path : paths.paths) {
      drawing_.nodes.insert(path.front().node);
      for (size_t index = 1; index < path.size(); ++index)
        drawing_.addEdge(path[index - 1].node, path[index].node,
                         {path[index].kind, path[index].site});
    }
  }
  template <typename Other> void operator()(const Other&) {}

private:
  /// The nodes, and the calls between them, but none to nodes that were there before.
  void among(llvm::ArrayRef<Node> nodes) {
    Drawing part;
    part.nodes.insert(nodes.begin(), nodes.end());
    part.addEdgesAmong(graph_, graph::kUsualEdges);
    drawing_.nodes.merge(part.nodes);
    drawing_.edges.merge(part.edges);
  }

  const Graph& graph_;
  Drawing& drawing_;
};

} // namespace

Drawing drawingOf(const Result& result, const Graph& graph) {
  Drawing drawing;
  std::visit(DrawingCollector(graph, drawing), result);
  return drawing;
}

void printDot(const Result& result, const Graph& graph, llvm::raw_ostream& out) {
  graph::writeDot(drawingOf(result, graph), graph, /*in_files=*/false, out);
}

} // namespace lockvet::output
