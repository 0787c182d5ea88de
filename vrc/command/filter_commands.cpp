// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/parser.h"

namespace lockvet::command {

namespace {

/// The nodes that a filter command is about. What is hidden can be named here.
llvm::Expected<graph::NodeSet> subjects(Session& session, const Arguments& arguments) {
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(arguments.operands());
  if (!spec)
    return spec.takeError();
  query::View view = session.view();
  view.visible = nullptr;
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(*spec, view);
  using Kind = query::NodeSpec::Kind;
  for (auto [option, kind] :
       {std::pair("--callers", Kind::AllCallers), std::pair("--callees", Kind::AllCallees)}) {
    if (!nodes || !arguments.has(option))
      continue;
    query::NodeSpec closure{.kind = kind};
    closure.operands.push_back(*spec);
    llvm::Expected<graph::NodeSet> more = query::evaluate(closure, view);
    if (!more)
      return more;
    *nodes |= *more;
  }
  return nodes;
}

void noteFilter(Session& session, const Arguments& arguments) {
  session.changes.push_back({Session::Change::Kind::Filter, arguments.line()});
}

graph::NodeSet everything(Session& session) {
  return graph::NodeSet(static_cast<unsigned>(session.graph().size()), true);
}

} // namespace

llvm::Expected<Result> omit(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::NodeSet> nodes = subjects(session, arguments);
  if (!nodes)
    return nodes.takeError();
  if (!session.visible)
    session.visible = everything(session);
  session.visible->reset(*nodes);
  noteFilter(session, arguments);
  return Done();
}

llvm::Expected<Result> keep(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::NodeSet> nodes = subjects(session, arguments);
  if (!nodes)
    return nodes.takeError();
  if (session.visible)
    *session.visible |= *nodes;
  noteFilter(session, arguments);
  return Done();
}

llvm::Expected<Result> only(Session& session, const Arguments& arguments) {
  llvm::Expected<graph::NodeSet> nodes = subjects(session, arguments);
  if (!nodes)
    return nodes.takeError();
  session.visible = std::move(*nodes);
  noteFilter(session, arguments);
  return Done();
}

llvm::Expected<Result> reset(Session& session, const Arguments& arguments) {
  using Kind = Session::Change::Kind;
  const bool has_graph = arguments.has("--graph");
  const bool has_filters = arguments.has("--filters");
  const bool has_labels = arguments.has("--labels");
  const bool is_plain = !has_graph && !has_filters && !has_labels;
  if (is_plain || has_filters) {
    session.visible.reset();
    session.forgetChanges(Kind::Filter);
  }
  if (is_plain || has_labels || has_graph) {
    session.edits().dropLabels();
    session.forgetChanges(Kind::Label);
  }
  if (has_graph) {
    session.dropEdits();
    session.forgetChanges(Kind::Graph);
  }
  return Done();
}

} // namespace lockvet::command
