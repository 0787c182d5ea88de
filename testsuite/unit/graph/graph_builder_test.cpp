// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/graph/graph_builder.h"

#include <gtest/gtest.h>

namespace lockvet::graph {
namespace {

Node add(GraphBuilder& builder, llvm::StringRef name, llvm::StringRef short_name = {}) {
  return builder.addNode(name, short_name.empty() ? name : short_name, NodeKind::Function, {});
}

/// "kind line" of each edge that leaves a node.
std::vector<std::string> outOf(const Graph& graph, Node node) {
  std::vector<std::string> result;
  for (const Arc& arc : graph.out(node))
    result.push_back(graph.name(arc.node).str() + " " + wordFor(arc.kind).str() + " " +
                     std::to_string(graph.siteOf(arc).line));
  return result;
}

using Words = std::vector<std::string>;

TEST(GraphBuilder, namesFindNodes) {
  GraphBuilder builder;
  const Node file = add(builder, "io::File::preadv", "preadv");
  const Node one = add(builder, "init");
  const Node two = add(builder, "init");
  const Node odd = add(builder, "operator()<int>", "call");
  const Graph graph = builder.finish();
  EXPECT_EQ(graph.named("init").vec(), (std::vector{one, two}));
  EXPECT_EQ(graph.named("preadv").vec(), std::vector{file});
  EXPECT_EQ(graph.named("io::File::preadv").vec(), std::vector{file});
  EXPECT_EQ(graph.named("call").vec(), std::vector{odd});
  EXPECT_TRUE(graph.named("File::preadv").empty());
  EXPECT_TRUE(graph.named("").empty());
  EXPECT_TRUE(graph.named("zzz").empty());
  EXPECT_EQ(graph.shortName(file), "preadv");
  EXPECT_EQ(graph.namesWithPrefix("i", 9),
            (std::vector<llvm::StringRef>{"init", "io::File::preadv"}));
  EXPECT_EQ(graph.namesWithPrefix("i", 1), (std::vector<llvm::StringRef>{"init"}));
}

TEST(GraphBuilder, duplicateEdgesKeepTheirFirstPlace) {
  GraphBuilder builder;
  const Node f = add(builder, "f"), g = add(builder, "g");
  const uint32_t file = builder.addFile("a.c");
  EXPECT_EQ(builder.addFile("a.c"), file);
  builder.addEdge(f, g, EdgeKind::Direct, {file, 9, 1});
  builder.addEdge(f, g, EdgeKind::Direct, {file, 3, 5});
  builder.addEdge(f, g, EdgeKind::Direct, {}); // by hand: says nothing about where
  builder.addEdge(f, g, EdgeKind::Flow, {file, 4, 1});
  builder.addEdge(f, f, EdgeKind::Direct, {file, 8, 1});
  const Graph graph = builder.finish();
  EXPECT_EQ(outOf(graph, f), (Words{"f direct 8", "g direct 3", "g flow 4"}));
  EXPECT_EQ(graph.edges(), 3U);
  EXPECT_EQ(graph.in(g).size(), 2U);
  EXPECT_EQ(graph.in(f).size(), 1U);
}

TEST(GraphBuilder, aCallHidesAReferenceAndAGuessDoesNot) {
  GraphBuilder builder;
  const Node f = add(builder, "f"), g = add(builder, "g"), h = add(builder, "h");
  const Node k = add(builder, "k");
  builder.addEdge(f, g, EdgeKind::Reference, {});
  builder.addEdge(f, g, EdgeKind::Direct, {});
  builder.addEdge(f, h, EdgeKind::Reference, {});
  builder.addEdge(f, h, EdgeKind::Type, {});
  builder.addEdge(f, k, EdgeKind::Reference, {});
  builder.addEdge(f, k, EdgeKind::Type, {});
  builder.addEdge(f, k, EdgeKind::Flow, {});
  const Graph graph = builder.finish();
  EXPECT_EQ(outOf(graph, f), (Words{"g direct 0", "h type 0", "h ref 0", "k flow 0", "k type 0"}));
}

TEST(GraphBuilder, labels) {
  GraphBuilder builder;
  builder.addLabel("early", add(builder, "f"));
  const Node g = add(builder, "g");
  const Node slot = builder.addNode("S::p", "p", NodeKind::Slot, {});
  const Node external = builder.addNode("e", "e", NodeKind::External, {});
  builder.addLabel("b", g);
  builder.addLabel("a", g);
  builder.addLabel("a", g);
  const Graph graph = builder.finish();
  EXPECT_EQ(graph.labelsOf(g), (std::vector<llvm::StringRef>{"a", "b"}));
  EXPECT_EQ(graph.labelsOf(slot), (std::vector<llvm::StringRef>{"function_pointer"}));
  EXPECT_EQ(graph.labelsOf(external), (std::vector<llvm::StringRef>{"external"}));
  ASSERT_NE(graph.labelled("early"), nullptr);
  EXPECT_EQ(graph.labelled("early")->size(), graph.size());
  EXPECT_EQ(graph.labelled("none"), nullptr);
}

TEST(GraphBuilder, continuesAGraph) {
  GraphBuilder first;
  const Node f = add(first, "f"), g = add(first, "g");
  const uint32_t file = first.addFile("a.c");
  first.addEdge(f, g, EdgeKind::Virtual, {file, 2, 3});
  first.addLabel("x", f);
  const Graph before = first.finish();
  GraphBuilder second(before);
  const Node h = add(second, "h");
  EXPECT_EQ(second.addFile("a.c"), file);
  EXPECT_EQ(second.addFile("b.c"), file + 1);
  second.addEdge(g, h, EdgeKind::Direct, {});
  const Graph after = second.finish();
  EXPECT_EQ(outOf(after, f), Words{"g virtual 2"});
  EXPECT_EQ(outOf(after, g), Words{"h direct 0"});
  EXPECT_EQ(after.labelsOf(f), (std::vector<llvm::StringRef>{"x"}));
  EXPECT_EQ(after.named("h").vec(), std::vector{h});
  EXPECT_EQ(before.size(), 2U);
}

TEST(GraphBuilder, anEmptyGraph) {
  const Graph graph = GraphBuilder().finish();
  EXPECT_EQ(graph.size(), 0U);
  EXPECT_EQ(graph.edges(), 0U);
  EXPECT_TRUE(graph.named("x").empty());
  EXPECT_TRUE(graph.namesWithPrefix("", 5).empty());
}

} // namespace
} // namespace lockvet::graph
