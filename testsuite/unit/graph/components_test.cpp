// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/components.h"
#include "vrc/graph/graph_builder.h"

#include <gtest/gtest.h>
#include <random>

namespace lockvet::graph {
namespace {

using Edges = std::vector<std::vector<uint32_t>>;

Components componentsOf(const Edges& edges) {
  Components components;
  EXPECT_TRUE(components.find(
      static_cast<uint32_t>(edges.size()),
      [&](uint32_t from, Components::Visit visit) {
        for (uint32_t to : edges[from])
          visit(to);
      },
      [] { return false; }));
  return components;
}

/// By Warshall's closure.
std::vector<std::vector<bool>> reachable(const Edges& edges) {
  const size_t size = edges.size();
  std::vector<std::vector<bool>> reach(size, std::vector<bool>(size));
  for (size_t from = 0; from < size; ++from) {
    reach[from][from] = true;
    for (uint32_t to : edges[from])
      reach[from][to] = true;
  }
  for (size_t middle = 0; middle < size; ++middle)
    for (size_t from = 0; from < size; ++from)
      for (size_t to = 0; to < size; ++to)
        if (reach[from][middle] && reach[middle][to])
          reach[from][to] = true;
  return reach;
}

TEST(Components, areWhatReachesEachOther) {
  std::mt19937 random(1);
  for (int round = 0; round < 500; ++round) {
    Edges edges(1 + random() % 14);
    for (size_t count = random() % (2 * edges.size() + 1); count > 0; --count)
      edges[random() % edges.size()].push_back(static_cast<uint32_t>(random() % edges.size()));
    const Components components = componentsOf(edges);
    const auto reach = reachable(edges);
    ASSERT_EQ(components.members().size(), edges.size());
    for (uint32_t a = 0; a < edges.size(); ++a)
      for (uint32_t b = 0; b < edges.size(); ++b) {
        ASSERT_EQ(components.of(a) == components.of(b), reach[a][b] && reach[b][a]);
        if (reach[a][b])
          ASSERT_LE(components.of(b), components.of(a)) << "edges go to lower ones";
      }
    for (size_t index = 1; index < edges.size(); ++index)
      ASSERT_LE(components.of(components.members()[index - 1]),
                components.of(components.members()[index]));
  }
}

TEST(Components, ofAChainThatWouldOverflowAStack) {
  Edges edges(1000000);
  for (uint32_t from = 0; from + 1 < edges.size(); ++from)
    edges[from].push_back(from + 1);
  EXPECT_EQ(componentsOf(edges).count(), edges.size());
}

TEST(Components, canBeStopped) {
  Components components;
  EXPECT_FALSE(components.find(
      100000, [](uint32_t from, Components::Visit visit) { visit((from + 1) % 100000); },
      [] { return true; }));
}

TEST(Cycles, largestFirstAndSelfCalls) {
  GraphBuilder builder;
  for (const char* name : {"a", "b", "c", "d", "e", "f"})
    builder.addNode(name, name, NodeKind::Function, {});
  builder.addEdge(0, 0, EdgeKind::Direct, {});
  builder.addEdge(0, 1, EdgeKind::Direct, {});
  builder.addEdge(2, 3, EdgeKind::Direct, {});
  builder.addEdge(3, 4, EdgeKind::Direct, {});
  builder.addEdge(4, 2, EdgeKind::Direct, {});
  builder.addEdge(5, 1, EdgeKind::Direct, {});
  builder.addEdge(1, 5, EdgeKind::Reference, {});
  const Graph graph = builder.finish();
  auto calls = [&](const Arc& arc) { return arc.kind == EdgeKind::Direct; };
  EXPECT_EQ(cycles(graph, calls), (std::vector<std::vector<Node>>{{2, 3, 4}, {0}}));
  EXPECT_EQ(cycles(graph, [](const Arc&) { return true; }),
            (std::vector<std::vector<Node>>{{2, 3, 4}, {1, 5}, {0}}));
}

} // namespace
} // namespace lockvet::graph
