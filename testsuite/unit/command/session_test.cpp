// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A session without a store: what commands change, and what they leave when they fail.

#include "vrc/command/session.h"

#include <fstream>
#include <gtest/gtest.h>

namespace lockvet::command {
namespace {

class SessionTest : public testing::Test {
protected:
  SessionTest() {
    for (const char* line : {"node a", "node b", "node c", "edge a b", "edge b c", "label x c"})
      llvm::cantFail(session_.run(line));
  }

  /// Names of the functions that a spec stands for, or the error.
  std::string functions(const std::string& spec) {
    auto result = session_.run("functions " + spec);
    if (!result)
      return llvm::toString(result.takeError());
    std::string names;
    for (graph::Node node : std::get<Functions>(*result).nodes)
      names += session_.graph().name(node).str() + " ";
    return names;
  }

  uint64_t count(const std::string& path) {
    return std::get<Number>(llvm::cantFail(session_.run("paths --count " + path))).value;
  }

  Session session_;
};

TEST_F(SessionTest, aLabelWithBlanks) {
  llvm::cantFail(session_.run("label \"is odd\" a b"));
  auto listed = llvm::cantFail(session_.run("label \"is odd\""));
  EXPECT_EQ(std::get<Functions>(listed).nodes.size(), 2U);
}

TEST_F(SessionTest, aFailedCommandChangesNothing) {
  const size_t changes = session_.changes.size();
  for (const char* line :
       {"label y nothing", "edge a nothing", "edge [a|b] c", "omit nothing", "node", "only ["})
    EXPECT_FALSE(bool(llvm::expectedToOptional(session_.run(line)))) << line;
  EXPECT_EQ(session_.changes.size(), changes);
  EXPECT_EQ(functions("[]"), "a b c ");
}

TEST_F(SessionTest, nodesMadeUnderAFilterAreVisible) {
  llvm::cantFail(session_.run("omit b"));
  EXPECT_EQ(count("a ... c"), 0U);
  llvm::cantFail(session_.run("node d"));
  EXPECT_EQ(functions("[]"), "a c d ");
  const uint64_t generation = session_.generation();
  llvm::cantFail(session_.run("reset --graph"));
  EXPECT_EQ(functions("[]"), "") << "all nodes were made by hand";
  EXPECT_NE(session_.generation(), generation);
  llvm::cantFail(session_.run("node e"));
  EXPECT_EQ(functions("[]"), "e ");
}

TEST_F(SessionTest, resetTakesBackWhatIsAsked) {
  llvm::cantFail(session_.run("omit b"));
  llvm::cantFail(session_.run("reset --filters"));
  EXPECT_EQ(functions("[]"), "a b c ");
  EXPECT_EQ(functions("[x]"), "c ");
  llvm::cantFail(session_.run("omit b"));
  llvm::cantFail(session_.run("reset --labels"));
  EXPECT_EQ(functions("[]"), "a c ");
  EXPECT_EQ(functions("[x]"), "nothing has the label 'x' (at column 12)");
  llvm::cantFail(session_.run("label x a"));
  const uint64_t generation = session_.generation();
  llvm::cantFail(session_.run("reset"));
  EXPECT_EQ(functions("[]"), "a b c ") << "nodes and edges stay, as in the older tool";
  EXPECT_EQ(count("a ... c"), 1U);
  EXPECT_EQ(functions("[x]"), "nothing has the label 'x' (at column 12)");
  EXPECT_EQ(session_.generation(), generation) << "nodes mean what they meant";
}

TEST_F(SessionTest, additionsWaitUntilSomebodyAsks) {
  functions("a");
  const auto before = session_.settledGraph();
  for (const char* line : {"node d", "edge c d", "label y d", "label y a", "node d"})
    llvm::cantFail(session_.run(line));
  EXPECT_TRUE(session_.hasPendingEdits());
  EXPECT_EQ(session_.settledGraph(), before);
  EXPECT_EQ(functions("[y]"), "a d ");
  EXPECT_FALSE(session_.hasPendingEdits());
  EXPECT_EQ(count("a ... d"), 1U);
  EXPECT_EQ(functions("d"), "d ") << "the same node again adds nothing";
}

TEST_F(SessionTest, nodesOfOneNameHaveFiles) {
  llvm::cantFail(session_.run("node a one.c"));
  llvm::cantFail(session_.run("node a one.c"));
  llvm::cantFail(session_.run("node a"));
  EXPECT_EQ(functions("a"), "a a ");
  auto edge = session_.run("edge a b");
  EXPECT_EQ(llvm::toString(edge.takeError()),
            "2 functions are called 'a'; [\"a\",file:...] names one (at column 6)");
  llvm::cantFail(session_.run("edge [\"a\",file:one.c] c"));
  EXPECT_EQ(count("[file:one.c] c"), 1U);
}

TEST_F(SessionTest, labelsAreForWhatIsVisible) {
  llvm::cantFail(session_.run("omit b"));
  llvm::cantFail(session_.run("label y b"));
  llvm::cantFail(session_.run("label y a"));
  llvm::cantFail(session_.run("reset --filters"));
  EXPECT_EQ(functions("[y]"), "a ");
}

TEST_F(SessionTest, namesOfTheOlderToolMayHaveBlanks) {
  for (const char* line :
       {"node (unnamed struct at a b.h:3:1)::run c.c",
        "edge a (unnamed struct at a b.h:3:1)::run call",
        "label function_pointer (unnamed struct at a b.h:3:1)::run", "label y [x|/^a$/]"})
    llvm::cantFail(session_.run(line));
  EXPECT_EQ(functions("[function_pointer]"), "(unnamed struct at a b.h:3:1)::run ");
  EXPECT_EQ(functions("a:callees"), "b (unnamed struct at a b.h:3:1)::run ");
  EXPECT_EQ(functions("[y]"), "a c ");
}

TEST_F(SessionTest, historyHasWhatWasTyped) {
  const std::string file = testing::TempDir() + "lockvet_history_test.vrc";
  std::ofstream(file) << "functions a\n";
  for (const std::string& line : {std::string("  functions a "), std::string("# no command"),
                                  std::string("nonsense"), "source " + file})
    llvm::consumeError(session_.run(line).takeError());
  const std::string text = std::get<Text>(llvm::cantFail(session_.run("history"))).text;
  EXPECT_TRUE(llvm::StringRef(text).ends_with(
      "    7  functions a\n    8  nonsense\n    9  source " + file + "\n   10  history\n"))
      << text;
  for (int count = 0; count < 2000; ++count)
    llvm::cantFail(session_.run("functions a"));
  EXPECT_EQ(session_.history.size(), 1000U);
}

TEST_F(SessionTest, timingIsSwitchedOnAndOff) {
  EXPECT_FALSE(llvm::cantFail(session_.answer("functions a")).timing);
  llvm::cantFail(session_.run("enable --timing"));
  EXPECT_GE(llvm::cantFail(session_.answer("functions a")).timing.value().wall, 0);
  llvm::cantFail(session_.run("disable --timing"));
  EXPECT_FALSE(llvm::cantFail(session_.answer("functions a")).timing);
  EXPECT_FALSE(bool(llvm::expectedToOptional(session_.run("enable"))));
}

TEST_F(SessionTest, sourcedCommandsAnswerAsTheyCome) {
  const std::string file = testing::TempDir() + "lockvet_session_test.vrc";
  std::ofstream(file) << "# two answers\nfunctions a\nlabel y a\nlabel y\nquit\nfunctions b\n";
  size_t answers = 0;
  session_.on_answer = [&](const Answer& answer) {
    EXPECT_EQ(std::get<Functions>(answer.result).nodes, std::vector<graph::Node>{0});
    ++answers;
  };
  llvm::cantFail(session_.run("source " + file));
  EXPECT_EQ(answers, 2U);
  EXPECT_TRUE(session_.wantsToQuit());
}

TEST_F(SessionTest, anyCommandTakesAForm) {
  EXPECT_EQ(llvm::cantFail(session_.answer("functions a")).form, std::nullopt);
  EXPECT_EQ(llvm::cantFail(session_.answer("functions a --html")).form, Form::Html);
  const Answer answer = llvm::cantFail(session_.answer("  paths --json a b "));
  EXPECT_EQ(answer.form, Form::Json);
  EXPECT_EQ(answer.line, "paths --json a b");
  EXPECT_FALSE(bool(llvm::expectedToOptional(session_.answer("functions --json --svg a"))));
  EXPECT_EQ(functions("--dot a"), "a ") << "the value is the same";
}

TEST_F(SessionTest, allPathsComeOneByOne) {
  llvm::cantFail(session_.run("edge a c"));
  size_t seen = 0;
  session_.on_path = [&](const query::Path& path) { seen = seen * 10 + path.size(); };
  const auto result = std::get<Paths>(llvm::cantFail(session_.run("paths --all a ... c")));
  EXPECT_EQ(seen, 23U) << "shortest first";
  EXPECT_EQ(result.handed_over, 2U);
  EXPECT_TRUE(result.paths.empty());
  EXPECT_TRUE(
      std::get<Paths>(llvm::cantFail(session_.run("paths --all --limit 1 a ... c"))).is_cut);
  const auto json = std::get<Paths>(llvm::cantFail(session_.run("paths --all --json a ... c")));
  EXPECT_EQ(json.paths.size(), 2U) << "one value is one value";
}

TEST_F(SessionTest, anInterruptionEndsAWholeFile) {
  const std::string file = testing::TempDir() + "lockvet_interruption_test.vrc";
  std::ofstream(file) << "functions a\nlabel z a\n";
  session_.on_answer = [&](const Answer&) { session_.interrupt(); };
  EXPECT_FALSE(bool(llvm::expectedToOptional(session_.run("source " + file))));
  EXPECT_EQ(session_.graph().labelled("z"), nullptr);
  EXPECT_EQ(functions("a"), "a ") << "the next command runs";
}

} // namespace
} // namespace lockvet::command
