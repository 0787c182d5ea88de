// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/registry.h"
#include "vrc/command/session.h"
#include "vrc/query/error.h"

#include <set>
#include <tuple>

namespace lockvet::command {

namespace {

using graph::Graph;
using graph::Node;

/// One thing that a graph says, in words that hold in another graph of the tree.
using Fact = std::tuple<std::string, std::string, std::string>;

/// A function's name; with its file where several have that name.
std::string identityOf(const Graph& graph, Node node) {
  std::string name = graph.name(node).str();
  if (graph.named(graph.name(node)).size() > 1 && graph.place(node).file != 0)
    name += " (" + graph.file(graph.place(node).file).str() + ")";
  return name;
}

std::set<Fact> factsOf(const Graph& graph) {
  std::set<Fact> facts;
  std::vector<std::string> names;
  names.reserve(graph.size());
  for (Node node = 0; node < graph.size(); ++node)
    names.push_back(identityOf(graph, node));
  for (Node node = 0; node < graph.size(); ++node) {
    facts.emplace("function", names[node], "");
    for (const graph::Arc& arc : graph.out(node))
      if (graph::kUsualEdges & graph::bit(arc.kind))
        facts.emplace("edge", names[node], names[arc.node]);
  }
  for (const auto& entry : graph.labels())
    for (Node node : entry.second.set_bits())
      facts.emplace("label", names[node], entry.first().str());
  return facts;
}

} // namespace

llvm::Expected<Result> diff(Session& session, const Arguments& arguments) {
  const std::vector<std::string> words = arguments.words();
  if (words.size() != 1)
    return query::errorAt(arguments.operands().size(), "expected one older store");
  llvm::Expected<Graph> old = session.graphOf(words[0]);
  if (!old)
    return old.takeError();
  const std::set<Fact> before = factsOf(*old);
  const std::set<Fact> after = factsOf(session.graph());
  Table table{{"change", "what", "function", "callee or label"}, {}};
  auto addMissing = [&](const std::set<Fact>& from, const std::set<Fact>& in,
                        const std::string& change) {
    for (const Fact& fact : from)
      if (!in.contains(fact))
        table.rows.push_back({change, std::get<0>(fact), std::get<1>(fact), std::get<2>(fact)});
  };
  addMissing(before, after, "gone");
  addMissing(after, before, "new");
  return table;
}

} // namespace lockvet::command
