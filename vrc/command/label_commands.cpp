// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"

#include <algorithm>

namespace lockvet::command {

llvm::Expected<Result> label(Session& session, const Arguments& arguments) {
  if (llvm::Error error = needOperands(arguments, "a label"))
    return std::move(error);
  const std::string name = arguments.words().front();
  const std::string rest = arguments.withoutFirstWord();
  if (rest.find_first_not_of(" \t") == std::string::npos) {
    const query::View view = session.view();
    llvm::Expected<graph::NodeSet> nodes = query::evaluate(
        {.kind = query::NodeSpec::Kind::Label, .text = name, .offset = arguments.wordOffset(0)},
        view);
    if (!nodes)
      return nodes.takeError();
    return Functions{{nodes->set_bits_begin(), nodes->set_bits_end()}};
  }
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(rest);
  if (!spec)
    return spec.takeError();
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(*spec, session.view());
  if (!nodes)
    return nodes.takeError();
  graph::GraphBuilder builder(session.graph());
  for (graph::Node node : nodes->set_bits())
    builder.addLabel(name, node);
  session.replaceGraph(builder.finish());
  session.changes.push_back({Session::Change::Kind::Graph, arguments.line()});
  return Done();
}

llvm::Expected<Result> labels(Session& session, const Arguments& arguments) {
  const graph::Graph& graph = session.graph();
  if (!arguments.hasOperands()) {
    LabelCounts result;
    for (const auto& entry : graph.labels()) {
      graph::NodeSet nodes = entry.second;
      if (session.visible)
        nodes &= *session.visible;
      result.rows.push_back({entry.first().str(), nodes.count()});
    }
    std::sort(result.rows.begin(), result.rows.end(),
              [](const auto& a, const auto& b) { return a.label < b.label; });
    return result;
  }
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(arguments.operands());
  if (!spec)
    return spec.takeError();
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(*spec, session.view());
  if (!nodes)
    return nodes.takeError();
  Labelled result;
  for (graph::Node node : nodes->set_bits()) {
    std::vector<std::string> names;
    for (llvm::StringRef name : graph.labelsOf(node))
      names.push_back(name.str());
    if (!names.empty())
      result.rows.push_back({node, std::move(names)});
  }
  return result;
}

} // namespace lockvet::command
