// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"

#include <algorithm>

namespace lockvet::command {

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
  llvm::Expected<graph::NodeSet> nodes = query::evaluate(arguments.operands(), session.view());
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
