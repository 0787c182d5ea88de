// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any bytes as a node spec and as a path over a small fixed graph: an error that points into the
// text, or answers of which each search says the same. The first byte chooses edges and filters.

#include "holds.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"
#include "vrc/query/simple_paths.h"

#include <algorithm>
#include <set>

using namespace lockvet;
using fuzz::holds;

namespace {

constexpr graph::Node kNodes = 10;
/// A text can make many operations of little: what it costs is no concern here, only what it does.
constexpr size_t kMostPaths = 100;

/// Two circles that meet, a slot, an external function, and every kind of edge.
graph::Graph makeGraph() {
  graph::GraphBuilder builder;
  const uint32_t file = builder.addFile("/src/block/io.c");
  for (graph::Node node = 0; node < kNodes; ++node) {
    const std::string name = std::string(1, static_cast<char>('a' + node));
    builder.addNode(node % 3 == 0 ? "s::" + name : name, name,
                    node == 8   ? graph::NodeKind::Slot
                    : node == 9 ? graph::NodeKind::External
                                : graph::NodeKind::Function,
                    {node % 2 == 0 ? file : 0, node, 1});
    builder.addEdge(node, (node * 7 + 3) % kNodes,
                    static_cast<graph::EdgeKind>(node % graph::kEdgeKinds), {file, node, 2});
    builder.addEdge(node, (node + 1) % kNodes, graph::EdgeKind::Direct, {});
    builder.addLabel(node % 2 == 0 ? "x" : "y", node);
  }
  return builder.finish();
}

/// An error of a query points into the text, or just behind it.
bool isExplained(llvm::Error error, size_t size) {
  if (!error)
    return false;
  llvm::Error rest = llvm::handleErrors(std::move(error), [&](const query::QueryError& query) {
    holds(query.offset() <= size, "an error is in the text");
    holds(!query.text().empty(), "an error says what it is");
  });
  llvm::consumeError(std::move(rest)); // the path is too long
  return true;
}

void search(const query::Product& product) {
  const auto pairs = llvm::cantFail(query::rankedPairs(product, 0));
  holds(llvm::cantFail(query::countPairs(product)) == pairs.size(), "as many pairs as counted");
  const auto some = llvm::cantFail(query::rankedPairs(product, 3));
  holds(std::equal(some.begin(), some.end(), pairs.begin()), "a limit gives the first pairs");
  const auto paths = llvm::cantFail(query::witnesses(product, pairs));
  for (size_t index = 0; index < pairs.size(); ++index)
    holds(paths[index].size() == pairs[index].edges + 1U &&
              paths[index].front().node == pairs[index].start &&
              paths[index].back().node == pairs[index].end,
          "a witness is of the pair's rank");
  std::set<std::pair<graph::Node, graph::Node>> ends;
  for (const query::Pair& pair : pairs)
    ends.insert({pair.start, pair.end});
  size_t visited = 0;
  llvm::cantFail(query::forEachSimplePath(product, [&](const query::Path& path) {
    holds(ends.contains({path.front().node, path.back().node}), "a simple path's ends are a pair");
    return ++visited < kMostPaths;
  }));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const graph::Graph graph = makeGraph();
  static const query::NodeSet visible = [] {
    query::NodeSet set(kNodes, true);
    set.reset(4);
    return set;
  }();
  if (size == 0)
    return 0;
  const llvm::StringRef text(reinterpret_cast<const char*>(data + 1), size - 1);
  const query::View view{.graph = graph,
                         .edges = static_cast<graph::EdgeKinds>(data[0] & 0x3f),
                         .visible = data[0] & 0x40 ? &visible : nullptr};
  query::Constraints constraints;
  llvm::Expected<query::NodeSpec> spec = query::parseNodeSpec(text);
  if (!isExplained(spec.takeError(), text.size())) {
    llvm::Expected<query::NodeSet> nodes = query::evaluate(*spec, view);
    if (!isExplained(nodes.takeError(), text.size())) {
      holds(nodes->size() == kNodes, "a set is one of nodes");
      holds(!view.visible || !nodes->test(4), "what is hidden is in no set");
      if (data[0] & 0x80)
        constraints.through = *nodes;
    }
  }
  llvm::Expected<query::PathExpression> path = query::parsePath(text);
  if (isExplained(path.takeError(), text.size()))
    return 0;
  llvm::Expected<query::Automaton> automaton = query::makeAutomaton(*path, view, constraints);
  if (isExplained(automaton.takeError(), text.size()))
    return 0;
  search(llvm::cantFail(query::Product::make(view, std::move(*automaton))));
  return 0;
}
