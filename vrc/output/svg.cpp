// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphviz lays out and draws.

#include "llvm/Support/Program.h"
#include "vrc/command/child.h"
#include "vrc/graph/dot.h"
#include "vrc/output/drawing.h"
#include "vrc/output/output.h"

namespace lockvet::output {

llvm::Error printSvg(const command::Result& result, const query::View& view, const Options& options,
                     llvm::raw_ostream& out) {
  if (!llvm::sys::findProgramByName("dot"))
    return llvm::createStringError("drawing an SVG needs the program dot: install graphviz");
  const Drawing drawing = drawingOf(result, view.graph);
  std::string dot;
  llvm::raw_string_ostream text(dot);
  graph::writeDot(drawing, view.graph, /*in_files=*/false, text);
  llvm::Expected<std::string> svg =
      command::outputOf("dot", {"-Tsvg"}, dot, options.drawing_time, view.stop);
  if (!svg)
    return llvm::createStringError("a drawing of " + llvm::Twine(drawing.nodes.size()) +
                                   " functions and " + llvm::Twine(drawing.edges.size()) +
                                   " edges: " + llvm::toString(svg.takeError()) +
                                   "; --dot and --html show it without Graphviz");
  out << *svg;
  return llvm::Error::success();
}

} // namespace lockvet::output
