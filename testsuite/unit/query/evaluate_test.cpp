// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What specs stand for where the property test doesn't go: names, files, regular expressions, and
// what is said about mistakes.

#include "vrc/graph/graph_builder.h"
#include "vrc/query/automaton.h"
#include "vrc/query/error.h"
#include "vrc/query/parser.h"

#include <gtest/gtest.h>

namespace lockvet::query {
namespace {

using graph::NodeKind;

class Evaluate : public testing::Test {
protected:
  Evaluate() : graph_(make()) {}

  static Graph make() {
    graph::GraphBuilder builder;
    const uint32_t block = builder.addFile("/src/block/io.c");
    const uint32_t main = builder.addFile("/src/main.c");
    builder.addNode("main", "main", NodeKind::Function, {main, 1, 1});
    builder.addNode("init", "init", NodeKind::Function, {main, 9, 1});
    builder.addNode("init", "init", NodeKind::Function, {block, 3, 1});
    builder.addNode("io::File::preadv", "preadv", NodeKind::Function, {block, 7, 1});
    builder.addNode("BlockDriver::open", "open", NodeKind::Slot, {});
    builder.addNode("g_malloc", "g_malloc", NodeKind::External, {});
    builder.addLabel("coroutine_fn", 3);
    return builder.finish();
  }

  /// Numbers of nodes, or "OFFSET: message".
  std::string nodes(llvm::StringRef text) {
    auto spec = parseNodeSpec(text);
    auto set = spec ? evaluate(*spec, {.graph = graph_}) : spec.takeError();
    std::string result;
    if (set)
      for (Node node : set->set_bits())
        result += std::to_string(node) + " ";
    else
      llvm::handleAllErrors(set.takeError(), [&](const QueryError& error) {
        result = std::to_string(error.offset()) + ": " + error.text();
      });
    return result;
  }

  Graph graph_;
};

TEST_F(Evaluate, namesWithAndWithoutScopes) {
  EXPECT_EQ(nodes("init"), "1 2 ");
  EXPECT_EQ(nodes("preadv"), "3 ");
  EXPECT_EQ(nodes("io::File::preadv"), "3 ");
  EXPECT_EQ(nodes("open"), "4 ");
  EXPECT_EQ(nodes("\"BlockDriver::open\" main"), "0 4 ");
}

TEST_F(Evaluate, labelsOfKinds) {
  EXPECT_EQ(nodes("[external]"), "5 ");
  EXPECT_EQ(nodes("[function_pointer]"), "4 ");
  EXPECT_EQ(nodes("[!external,!function_pointer]"), "0 1 2 3 ");
  EXPECT_EQ(nodes("[no_coroutine_fn]"), "") << "known everywhere, so no mistake";
  EXPECT_EQ(nodes("[requires:x]"), "");
}

TEST_F(Evaluate, files) {
  EXPECT_EQ(nodes("[file:block/*.c]"), "2 3 ");
  EXPECT_EQ(nodes("[file:main.c]"), "0 1 ");
  EXPECT_EQ(nodes("[\"init\",file:block/**]"), "2 ");
  EXPECT_EQ(nodes("[file:/src/*.c]"), "0 1 ");
  EXPECT_EQ(nodes("[file:io]"), "");
}

TEST_F(Evaluate, regularExpressions) {
  EXPECT_EQ(nodes("/^i/"), "1 2 3 ");
  EXPECT_EQ(nodes("/^(?!i)\\w+$/"), "0 5 ");
  EXPECT_EQ(nodes("//"), "0 1 2 3 4 5 ");
  EXPECT_EQ(nodes("main /a(b/"), "9: in the regular expression: missing closing parenthesis");
  EXPECT_EQ(nodes("/(a*)*b(*FAIL)(?:x|(a+)+)+y/"), "") << "pathological, but ends";
}

TEST_F(Evaluate, mistakesAreNamed) {
  EXPECT_EQ(nodes("main int"), "5: there is no function or pointer 'int'; did you mean 'init'?");
  EXPECT_EQ(nodes("g_maloc"), "0: there is no function or pointer 'g_maloc'; did you mean "
                              "'g_malloc'?");
  EXPECT_EQ(nodes("[corutine_fn]"),
            "1: nothing has the label 'corutine_fn'; did you mean 'coroutine_fn'?");
  EXPECT_EQ(nodes("[main]"), "1: nothing has the label 'main'; in brackets a function's name "
                             "stands in quotes: \"main\"");
}

TEST_F(Evaluate, filtersHideNodes) {
  NodeSet visible(6, true);
  visible.reset(2);
  const View view{.graph = graph_, .visible = &visible};
  auto count = [&](llvm::StringRef text) {
    return llvm::cantFail(evaluate(llvm::cantFail(parseNodeSpec(text)), view)).count();
  };
  EXPECT_EQ(count("init"), 1U);
  EXPECT_EQ(count("[]"), 5U);
  EXPECT_EQ(count("!main"), 4U);
  EXPECT_EQ(count("/init/"), 1U);
}

TEST_F(Evaluate, aPathHasAtMost64Parts) {
  std::string text;
  for (int part = 0; part < 64; ++part)
    text += "main ";
  const View view{.graph = graph_};
  auto parts = [&](const std::string& path, const Constraints& constraints) {
    auto automaton = makeAutomaton(llvm::cantFail(parsePath(path)), view, constraints);
    return automaton ? std::to_string(automaton->states()) : llvm::toString(automaton.takeError());
  };
  EXPECT_EQ(parts(text, {}), "64");
  EXPECT_NE(parts(text + "main", {}).find("more than 64 parts"), std::string::npos);
  Constraints through;
  through.through = NodeSet(6, true);
  EXPECT_EQ(parts(text.substr(0, 21 * 5), through), "63");
  EXPECT_NE(parts(text.substr(0, 22 * 5), through).find("more than 64"), std::string::npos);
}

} // namespace
} // namespace lockvet::query
