// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The graph as a drawing: everything that the filters leave, as DOT, in a file or on the screen.

#include "vrc/command/child.h"
#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/graph/dot.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

std::string dotOf(Session& session, const Arguments& arguments) {
  const graph::EdgeKinds kinds =
      graph::kUsualEdges |
      (arguments.has("--include-ref") ? graph::bit(graph::EdgeKind::Reference) : 0);
  const query::View view = session.view(kinds);
  graph::Drawing drawing;
  for (graph::Node node = 0; node < view.graph.size(); ++node)
    if (view.sees(node) &&
        (arguments.has("--include-external") || view.graph.kind(node) != graph::NodeKind::External))
      drawing.nodes.insert(drawing.nodes.end(), node);
  drawing.addEdgesAmong(view.graph, kinds);
  std::string text;
  llvm::raw_string_ostream out(text);
  graph::writeDot(drawing, view.graph, arguments.has("--files"), out);
  return text;
}

llvm::Expected<Result> look(Session& session, const Arguments& arguments,
                            const std::string& viewer) {
  if (arguments.hasOperands())
    return query::errorAt(arguments.wordOffset(0), "expected only options; `only` hides functions");
  if (llvm::Error error = startViewer(viewer, {"-"}, dotOf(session, arguments)))
    return std::move(error);
  return Done();
}

} // namespace

llvm::Expected<Result> output(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() > 1)
    return query::errorAt(arguments.wordOffset(1), "expected one file");
  std::string dot = dotOf(session, arguments);
  if (words.empty())
    return Text{std::move(dot)};
  if (llvm::Error error = writeFile(words[0], dot))
    return std::move(error);
  return Done();
}

llvm::Expected<Result> dotty(Session& session, const Arguments& arguments) {
  return look(session, arguments, "dotty");
}

llvm::Expected<Result> xdot(Session& session, const Arguments& arguments) {
  return look(session, arguments, "xdot");
}

} // namespace lockvet::command
