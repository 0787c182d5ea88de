// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/dot.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace lockvet::graph {

namespace {

/// A string of DOT, which is UTF-8 and whose only escapes for printable characters are of quotes
/// and backslashes. What is not printable would be in no drawing, and would break the XML of one.
std::string escaped(llvm::StringRef text) {
  std::string result;
  for (char c : llvm::json::fixUTF8(text)) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += llvm::isASCII(c) && !llvm::isPrint(c) ? ' ' : c;
  }
  return result;
}

void writeNode(Node node, const Graph& graph, llvm::StringRef indent, llvm::raw_ostream& out) {
  out << indent << 'n' << node << " [label=\"" << escaped(graph.name(node)) << '"';
  if (graph.kind(node) == NodeKind::Slot)
    out << ", shape=ellipse";
  else if (graph.kind(node) == NodeKind::External)
    out << ", style=dashed";
  out << "];\n";
}

} // namespace

void writeDot(const Drawing& drawing, const Graph& graph, bool in_files, llvm::raw_ostream& out) {
  out << "digraph \"lockvet\" {\n  node [shape=box, fontname=\"monospace\"];\n";
  std::map<uint32_t, std::vector<Node>> by_file;
  for (Node node : drawing.nodes)
    by_file[in_files ? graph.place(node).file : 0].push_back(node);
  for (const auto& [file, nodes] : by_file) {
    // Graphviz draws a frame around subgraphs whose name begins so.
    if (file != 0)
      out << "  subgraph cluster_" << file << " {\n    label=\"" << escaped(graph.file(file))
          << "\";\n";
    for (Node node : nodes)
      writeNode(node, graph, file == 0 ? "  " : "    ", out);
    if (file != 0)
      out << "  }\n";
  }
  for (const auto& [ends, edge] : drawing.edges) {
    out << "  n" << ends.first << " -> n" << ends.second;
    if (isWeak(edge.kind))
      out << " [style=dashed, label=\"" << wordFor(edge.kind) << "\"]";
    out << ";\n";
  }
  out << "}\n";
}

} // namespace lockvet::graph
