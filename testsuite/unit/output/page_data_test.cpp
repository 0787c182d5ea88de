// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the HTML page is told: valid, bounded, and harmless whatever names and sources hold.

#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"
#include "vrc/graph/graph_builder.h"
#include "vrc/output/html.h"
#include "vrc/output/neighbourhood.h"

#include <gtest/gtest.h>

namespace lockvet::output {
namespace {

using graph::EdgeKind;
using graph::GraphBuilder;
using graph::Node;
using graph::NodeKind;

Node addTo(GraphBuilder& builder, llvm::StringRef name) {
  return builder.addNode(name, name, NodeKind::Function, {});
}

/// a -> b -> c -> d -> e, and a hub that is called by a.
graph::Graph chain() {
  GraphBuilder builder;
  std::vector<Node> nodes;
  for (const char* name : {"a", "b", "c", "d", "e"})
    nodes.push_back(addTo(builder, name));
  for (size_t index = 1; index < nodes.size(); ++index)
    builder.addEdge(nodes[index - 1], nodes[index], EdgeKind::Direct, {});
  return builder.finish();
}

/// `size` functions that all call one.
graph::Graph star(int size) {
  GraphBuilder builder;
  const Node hub = addTo(builder, "hub");
  for (int index = 0; index < size; ++index)
    builder.addEdge(addTo(builder, "spoke" + std::to_string(index)), hub, EdgeKind::Direct, {});
  return builder.finish();
}

std::string textOf(command::Session& session, const std::string& line) {
  const command::Answer answer = llvm::cantFail(session.answer(line));
  std::string text;
  llvm::raw_string_ostream out(text);
  writePageData(answer, session.view(), {}, out);
  return text;
}

llvm::json::Object dataOf(command::Session& session, const std::string& line) {
  return *llvm::cantFail(llvm::json::parse(textOf(session, line))).getAsObject();
}

const llvm::json::Object& nodeOf(const llvm::json::Object& data, size_t index) {
  return *(*data.getArray("nodes"))[index].getAsObject();
}

std::string namesOf(const llvm::json::Object& data) {
  std::string names;
  for (const llvm::json::Value& node : *data.getArray("nodes"))
    names += node.getAsObject()->getString("name")->str() + " ";
  return names;
}

TEST(PageData, aPathIsAWitnessWithItsEdges) {
  command::Session session;
  session.adopt(chain());
  const llvm::json::Object data = dataOf(session, "path b d");
  EXPECT_EQ(data.getString("command"), "path b d");
  EXPECT_EQ(namesOf(data), "b c d a e ");
  EXPECT_EQ(data.getInteger("ofAnswer"), 3);
  const llvm::json::Object& witness = *(*data.getArray("witnesses"))[0].getAsObject();
  EXPECT_EQ(witness.getString("title"), "b \xe2\x86\x92 d");
  const llvm::json::Array& hops = *witness.getArray("hops");
  ASSERT_EQ(hops.size(), 3U);
  EXPECT_FALSE(hops[0].getAsObject()->getInteger("edge"));
  for (size_t index = 1; index < hops.size(); ++index) {
    const auto edge = static_cast<size_t>(*hops[index].getAsObject()->getInteger("edge"));
    const llvm::json::Array& ends = *(*data.getArray("edges"))[edge].getAsArray();
    EXPECT_EQ(ends[0].getAsInteger(), hops[index - 1].getAsObject()->getInteger("node"));
    EXPECT_EQ(ends[1].getAsInteger(), hops[index].getAsObject()->getInteger("node"));
    EXPECT_EQ(ends[2].getAsString(), "direct");
  }
}

TEST(PageData, theNeighbourhoodIsTwoStepsWide) {
  command::Session session;
  session.adopt(chain());
  EXPECT_EQ(namesOf(dataOf(session, "functions a")), "a b c ");
  EXPECT_EQ(namesOf(dataOf(session, "functions c")), "c b d a e ");
}

TEST(PageData, whatIsHiddenIsNotInThePage) {
  command::Session session;
  session.adopt(chain());
  llvm::cantFail(session.run("omit d"));
  const llvm::json::Object data = dataOf(session, "functions c");
  EXPECT_EQ(namesOf(data), "c b a ");
  EXPECT_EQ(nodeOf(data, 0).getInteger("callees"), 0);
}

TEST(PageData, ofAHubThereAreSomeNeighboursAndACountOfAll) {
  command::Session session;
  session.adopt(star(5000));
  const llvm::json::Object data = dataOf(session, "functions hub");
  EXPECT_EQ(data.getArray("nodes")->size(), 1 + kMostNeighbours);
  EXPECT_EQ(data.getArray("edges")->size(), kMostNeighbours);
  EXPECT_EQ(nodeOf(data, 0).getInteger("callers"), 5000);
}

TEST(PageData, anAnswerLargerThanAPageIsCutAndSaysSo) {
  command::Session session;
  session.adopt(star(5000));
  const llvm::json::Object data = dataOf(session, "functions []");
  EXPECT_EQ(data.getArray("nodes")->size(), kMostNodes);
  EXPECT_EQ(data.getInteger("leftOut"), static_cast<int64_t>(5001 - kMostNodes));
}

TEST(PageData, everyNodeGetsSomeNeighboursBeforeOneGetsAll) {
  GraphBuilder builder;
  for (int hub = 0; hub < 100; ++hub) {
    const Node node = addTo(builder, llvm::formatv("hub{0}", hub).str());
    for (int callee = 0; callee < 40; ++callee)
      builder.addEdge(node, addTo(builder, llvm::formatv("f{0}_{1}", hub, callee).str()),
                      EdgeKind::Direct, {});
  }
  command::Session session;
  session.adopt(builder.finish());
  const llvm::json::Object data = dataOf(session, "functions /^hub/");
  EXPECT_EQ(data.getArray("nodes")->size(), kMostNodes);
  std::vector<int> callees(100);
  for (const llvm::json::Value& edge : *data.getArray("edges"))
    ++callees[static_cast<size_t>(*(*edge.getAsArray())[0].getAsInteger())];
  EXPECT_EQ(*std::min_element(callees.begin(), callees.end()), 14);
}

TEST(PageData, namesDoNoHarm) {
  GraphBuilder builder;
  const Node script = addTo(builder, "</script><script>alert(1)</script><!--");
  const Node bytes = addTo(builder, "\xff\x01 \"\\ \xe2\x80\xa8");
  builder.addEdge(script, bytes, EdgeKind::Direct, {});
  builder.addLabel("<b>\xfe", script);
  command::Session session;
  session.adopt(builder.finish());
  for (const char* line : {"functions []", "callers []", "paths [] []", "scc", "labels []"}) {
    const std::string text = textOf(session, line);
    EXPECT_EQ(text.find('<'), std::string::npos) << line;
    EXPECT_TRUE(llvm::json::isUTF8(text)) << line;
    EXPECT_TRUE(bool(llvm::expectedToOptional(llvm::json::parse(text)))) << line;
  }
  EXPECT_EQ(nodeOf(dataOf(session, "functions []"), 0).getString("name"),
            "</script><script>alert(1)</script><!--");
}

TEST(PageData, anAnswerThatIsNoGraphIsText) {
  command::Session session;
  session.adopt(chain());
  EXPECT_EQ(dataOf(session, "paths --count a ... e").getString("text"), "1\n");
  EXPECT_EQ(dataOf(session, "labels").getString("text"), "");
  EXPECT_FALSE(dataOf(session, "functions a").getString("text"));
}

TEST(Html, theTitleIsEscapedAndThePageComplete) {
  command::Session session;
  session.adopt(chain());
  const command::Answer answer = llvm::cantFail(session.answer("functions --html /<script>|a/"));
  ASSERT_EQ(answer.form, command::Form::Html);
  std::string text;
  llvm::raw_string_ostream out(text);
  llvm::cantFail(print(answer, session.view(), {}, out));
  EXPECT_NE(text.find("<title>functions --html /&lt;script&gt;|a/</title>"), std::string::npos);
  EXPECT_EQ(text.find("{{"), std::string::npos);
  EXPECT_EQ(llvm::StringRef(text).count("</script>"), 3U);
  EXPECT_TRUE(llvm::StringRef(text).ends_with("</html>\n"));
  EXPECT_NE(text.find("Copyright (c) 2012-2014 Chris Pettitt"), std::string::npos);
}

} // namespace
} // namespace lockvet::output
