// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/graph/components.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"

namespace lockvet::command {

namespace {

llvm::Expected<graph::NodeSet> nodesOf(const Arguments& arguments, const query::View& view) {
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(arguments.operands());
  if (!spec)
    return spec.takeError();
  return query::evaluate(*spec, view);
}

llvm::Expected<Result> neighbours(Session& session, const Arguments& arguments, bool of_callers) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  const query::View view = session.view(*edges);
  llvm::Expected<graph::NodeSet> nodes = nodesOf(arguments, view);
  if (!nodes)
    return nodes.takeError();
  Neighbours result{.of_callers = of_callers, .rows = {}};
  const graph::Graph& graph = session.graph();
  for (graph::Node node : nodes->set_bits()) {
    if (view.isStopped())
      return query::stopped();
    for (const graph::Arc& arc : of_callers ? graph.in(node) : graph.out(node))
      if (view.follows(arc))
        result.rows.push_back({of_callers ? arc.node : node, of_callers ? node : arc.node,
                               graph.kindOf(arc), graph.siteOf(arc)});
  }
  return result;
}

/// The node that a word names; an error if there is none or more than one.
llvm::Expected<graph::Node> oneNode(const Session& session, const Arguments& arguments,
                                    size_t word) {
  const std::string name = arguments.words()[word];
  const llvm::ArrayRef<graph::Node> nodes = session.graph().named(name);
  const size_t offset = arguments.wordOffset(word);
  if (nodes.empty())
    return query::errorAt(offset, "there is no function '" + name + "'");
  if (nodes.size() > 1)
    return query::errorAt(offset,
                          std::to_string(nodes.size()) + " functions are called '" + name + "'");
  return nodes.front();
}

} // namespace

llvm::Expected<Result> callers(Session& session, const Arguments& arguments) {
  return neighbours(session, arguments, /*of_callers=*/true);
}

llvm::Expected<Result> callees(Session& session, const Arguments& arguments) {
  return neighbours(session, arguments, /*of_callers=*/false);
}

llvm::Expected<Result> functions(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::NodeSet> nodes = nodesOf(arguments, session.view());
  if (!nodes)
    return nodes.takeError();
  return Functions{{nodes->set_bits_begin(), nodes->set_bits_end()}};
}

llvm::Expected<Result> node(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.empty() || words.size() > 2)
    return query::errorAt(arguments.operands().size(), "expected a name and perhaps a file");
  graph::GraphBuilder builder(session.graph());
  graph::Site place;
  if (words.size() == 2)
    place.file = builder.addFile(words[1]);
  const bool is_external = arguments.has("--external");
  builder.addNode(words[0], words[0],
                  is_external ? graph::NodeKind::External : graph::NodeKind::Function, place);
  session.replaceGraph(builder.finish());
  session.changes.push_back({Session::Change::Kind::Graph, arguments.line()});
  return Done();
}

llvm::Expected<Result> edge(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() < 2 || words.size() > 3)
    return query::errorAt(arguments.operands().size(), "expected a caller and a callee");
  graph::EdgeKind kind = graph::EdgeKind::Direct;
  if (words.size() == 3) {
    if (words[2] != "call" && words[2] != "ref")
      return query::errorAt(arguments.wordOffset(2), "expected call or ref");
    kind = words[2] == "ref" ? graph::EdgeKind::Reference : kind;
  }
  llvm::Expected<graph::Node> from = oneNode(session, arguments, 0);
  if (!from)
    return from.takeError();
  llvm::Expected<graph::Node> to = oneNode(session, arguments, 1);
  if (!to)
    return to.takeError();
  graph::GraphBuilder builder(session.graph());
  builder.addEdge(*from, *to, kind, {});
  session.replaceGraph(builder.finish());
  session.changes.push_back({Session::Change::Kind::Graph, arguments.line()});
  return Done();
}

llvm::Expected<Result> stronglyConnected(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  const query::View view = session.view(*edges);
  std::optional<graph::NodeSet> wanted;
  if (arguments.hasOperands()) {
    llvm::Expected<graph::NodeSet> nodes = nodesOf(arguments, view);
    if (!nodes)
      return nodes.takeError();
    wanted = std::move(*nodes);
  }
  Groups result;
  for (std::vector<graph::Node>& group :
       graph::cycles(session.graph(), [&](const graph::Arc& arc) { return view.follows(arc); }))
    if (!wanted || llvm::any_of(group, [&](graph::Node node) { return wanted->test(node); }))
      result.groups.push_back(std::move(group));
  return result;
}

} // namespace lockvet::command
