// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/graph/components.h"
#include "vrc/query/error.h"

namespace lockvet::command {

namespace {

llvm::Expected<Result> neighbours(Session& session, const Arguments& arguments, bool of_callers) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  const query::View view = session.view(*edges);
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(arguments.operands(), view);
  if (!nodes)
    return nodes.takeError();
  Neighbours result{.of_callers = of_callers, .rows = {}};
  const graph::Graph& graph = session.graph();
  for (graph::Node node : nodes->set_bits()) {
    if (view.isStopped())
      return query::stopped();
    for (const graph::Arc& arc : of_callers ? graph.in(node) : graph.out(node))
      if (view.follows(arc))
        result.rows.push_back({of_callers ? arc.node : node, of_callers ? node : arc.node, arc.kind,
                               graph.siteOf(arc)});
  }
  return result;
}

} // namespace

llvm::Expected<Result> callers(Session& session, const Arguments& arguments) {
  return neighbours(session, arguments, /*of_callers=*/true);
}

llvm::Expected<Result> callees(Session& session, const Arguments& arguments) {
  return neighbours(session, arguments, /*of_callers=*/false);
}

llvm::Expected<Result> functions(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(arguments.operands(), session.view());
  if (!nodes)
    return nodes.takeError();
  return Functions{{nodes->set_bits_begin(), nodes->set_bits_end()}};
}

llvm::Expected<Result> stronglyConnected(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::EdgeKinds> edges = edgesOf(arguments);
  if (!edges)
    return edges.takeError();
  const query::View view = session.view(*edges);
  std::optional<graph::NodeSet> wanted;
  if (arguments.hasOperands()) {
    llvm::Expected<graph::NodeSet> nodes = query::evaluate(arguments.operands(), view);
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
