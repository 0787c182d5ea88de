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
  for (const char* line : {"label y nothing", "edge a nothing", "omit nothing", "node", "only ["})
    EXPECT_FALSE(bool(llvm::expectedToOptional(session_.run(line)))) << line;
  EXPECT_EQ(session_.changes.size(), changes);
  EXPECT_EQ(functions("[]"), "a b c ");
}

TEST_F(SessionTest, nodesMadeUnderAFilterAreVisible) {
  llvm::cantFail(session_.run("omit b"));
  EXPECT_EQ(count("a ... c"), 0U);
  llvm::cantFail(session_.run("node d"));
  EXPECT_EQ(functions("[]"), "a c d ");
  llvm::cantFail(session_.run("reset --labels"));
  EXPECT_EQ(functions("[]"), "") << "all nodes were made by hand";
  llvm::cantFail(session_.run("node e"));
  EXPECT_EQ(functions("[]"), "e ");
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
