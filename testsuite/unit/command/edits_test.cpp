// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is added by hand, before and after it is put into the graph.

#include "vrc/command/edits.h"
#include "vrc/graph/graph_builder.h"

#include <gtest/gtest.h>

namespace lockvet::command {
namespace {

using graph::EdgeKind;
using graph::Node;
using graph::NodeKind;
using Nodes = llvm::SmallVector<Node, 2>;

class EditsTest : public testing::Test {
protected:
  EditsTest() {
    graph::GraphBuilder builder;
    const uint32_t file = builder.addFile("/tree/a.c");
    builder.addNode("a", "a", NodeKind::Function, {file, 1, 1});
    builder.addNode("b", "b", NodeKind::Function, {});
    builder.addEdge(0, 1, EdgeKind::Direct, {});
    builder.addLabel("old", 0);
    base_ = std::make_shared<const graph::Graph>(builder.finish());
    edits_.begin(base_);
  }

  std::shared_ptr<const graph::Graph> base_;
  Edits edits_;
};

TEST_F(EditsTest, nothingIsNoNewGraph) {
  EXPECT_FALSE(edits_.isPending());
  EXPECT_EQ(edits_.apply(), base_);
}

TEST_F(EditsTest, namesAreKnownAtOnce) {
  edits_.addNode("c", "c.c", NodeKind::External);
  edits_.addNode("a", "", NodeKind::Function);
  EXPECT_EQ(edits_.named("a"), (Nodes{0, 3}));
  EXPECT_EQ(edits_.named("c"), Nodes{2});
  EXPECT_EQ(edits_.named("d"), Nodes{});
  EXPECT_EQ(edits_.fileOf(0), "/tree/a.c");
  EXPECT_EQ(edits_.fileOf(2), "c.c");
  EXPECT_EQ(edits_.fileOf(3), "");
  EXPECT_TRUE(edits_.isPending());
}

TEST_F(EditsTest, applyKeepsNumbersAndMayComeAgain) {
  edits_.addNode("c", "c.c", NodeKind::External);
  edits_.addEdge(1, 2, EdgeKind::Reference);
  auto graph = edits_.apply();
  EXPECT_FALSE(edits_.isPending());
  EXPECT_EQ(graph->named("c").vec(), std::vector<Node>{2});
  EXPECT_TRUE(graph->labelled("external")->test(2));
  edits_.addEdge(2, 0, EdgeKind::Direct);
  edits_.addLabel("new", {1, 2});
  graph = edits_.apply();
  EXPECT_EQ(graph->edges(), 3U);
  EXPECT_EQ(graph->labelled("new")->count(), 2U);
  EXPECT_EQ(base_->edges(), 1U);
}

TEST_F(EditsTest, labelsGoAlone) {
  edits_.addNode("c", "", NodeKind::Function);
  edits_.addLabel("new", {2});
  edits_.apply();
  edits_.dropLabels();
  EXPECT_TRUE(edits_.isPending());
  auto graph = edits_.apply();
  EXPECT_EQ(graph->labelled("new"), nullptr);
  EXPECT_EQ(graph->size(), 3U);
  EXPECT_TRUE(graph->labelled("old")->test(0));
  edits_.dropAll();
  EXPECT_EQ(edits_.apply(), base_);
  EXPECT_EQ(edits_.named("c"), Nodes{});
}

} // namespace
} // namespace lockvet::command
