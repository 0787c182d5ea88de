// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/output.h"

#include <map>
#include <set>

namespace lockvet::output {

namespace {

using namespace command;
using graph::EdgeKind;
using graph::Node;

/// A string of DOT, whose only escapes for printable characters are of quotes and backslashes.
std::string escaped(llvm::StringRef text) {
  std::string result;
  for (char c : text) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += c;
  }
  return result;
}

/// Collects nodes and edges, each once.
class Drawing {
public:
  explicit Drawing(const graph::Graph& graph) : graph_(graph) {}

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
      edge(row.caller, row.callee, row.kind);
  }
  void operator()(const Paths& paths) {
    for (const query::Path& path : paths.paths) {
      nodes_.insert(path.front().node);
      for (size_t index = 1; index < path.size(); ++index)
        edge(path[index - 1].node, path[index].node, path[index].kind);
    }
  }
  template <typename Other> void operator()(const Other&) {}

  void print(llvm::raw_ostream& out) const {
    out << "digraph \"lockvet\" {\n  node [shape=box, fontname=\"monospace\"];\n";
    for (Node node : nodes_) {
      out << "  n" << node << " [label=\"" << escaped(graph_.name(node)) << '"';
      if (graph_.kind(node) == graph::NodeKind::Slot)
        out << ", shape=ellipse";
      else if (graph_.kind(node) == graph::NodeKind::External)
        out << ", style=dashed";
      out << "];\n";
    }
    for (const auto& [ends, kind] : edges_) {
      out << "  n" << ends.first << " -> n" << ends.second;
      if (graph::isWeak(kind))
        out << " [style=dashed, label=\"" << graph::wordFor(kind) << "\"]";
      out << ";\n";
    }
    out << "}\n";
  }

private:
  void edge(Node from, Node to, EdgeKind kind) {
    nodes_.insert({from, to});
    auto [entry, is_new] = edges_.try_emplace({from, to}, kind);
    entry->second = std::min(entry->second, kind); // the surest one
  }

  /// The nodes, and the calls between them.
  void among(llvm::ArrayRef<Node> nodes) {
    const std::set<Node> set(nodes.begin(), nodes.end());
    nodes_.insert(nodes.begin(), nodes.end());
    for (Node node : nodes)
      for (const graph::Arc& arc : graph_.out(node))
        if (set.contains(arc.node) && graph::bit(graph_.kindOf(arc)) & graph::kUsualEdges)
          edge(node, arc.node, graph_.kindOf(arc));
  }

  const graph::Graph& graph_;
  std::set<Node> nodes_;
  std::map<std::pair<Node, Node>, EdgeKind> edges_;
};

} // namespace

void printDot(const Result& result, const graph::Graph& graph, llvm::raw_ostream& out) {
  Drawing drawing(graph);
  std::visit(drawing, result);
  drawing.print(out);
}

} // namespace lockvet::output
