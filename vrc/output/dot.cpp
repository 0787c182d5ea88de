// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/output/drawing.h"
#include "vrc/output/output.h"
#include "vrc/output/utf8.h"

namespace lockvet::output {

namespace {

/// A string of DOT, whose only escapes for printable characters are of quotes and backslashes. What
/// is not printable would be in no drawing, and would break the XML of one.
std::string escaped(llvm::StringRef text) {
  std::string result;
  for (char c : utf8(text)) {
    if (c == '"' || c == '\\')
      result += '\\';
    result += llvm::isASCII(c) && !llvm::isPrint(c) ? ' ' : c;
  }
  return result;
}

} // namespace

void printDot(const command::Result& result, const graph::Graph& graph, llvm::raw_ostream& out) {
  const Drawing drawing = drawingOf(result, graph);
  out << "digraph \"lockvet\" {\n  node [shape=box, fontname=\"monospace\"];\n";
  for (graph::Node node : drawing.nodes) {
    out << "  n" << node << " [label=\"" << escaped(graph.name(node)) << '"';
    if (graph.kind(node) == graph::NodeKind::Slot)
      out << ", shape=ellipse";
    else if (graph.kind(node) == graph::NodeKind::External)
      out << ", style=dashed";
    out << "];\n";
  }
  for (const auto& [ends, edge] : drawing.edges) {
    out << "  n" << ends.first << " -> n" << ends.second;
    if (graph::isWeak(edge.kind))
      out << " [style=dashed, label=\"" << graph::wordFor(edge.kind) << "\"]";
    out << ";\n";
  }
  out << "}\n";
}

} // namespace lockvet::output
