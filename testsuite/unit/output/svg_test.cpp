// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Graphviz, played by a program that never ends.

#include "vrc/output/output.h"

#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace lockvet::output {
namespace {

class SvgTest : public testing::Test {
protected:
  SvgTest() : path_(getenv("PATH")) {
    const std::string folder = testing::TempDir() + "lockvet_svg_test";
    mkdir(folder.c_str(), 0700);
    std::ofstream(folder + "/dot") << "#!/bin/sh\nexec /bin/sleep 600\n";
    chmod((folder + "/dot").c_str(), 0700);
    setenv("PATH", folder.c_str(), 1);
    for (const char* line : {"node a", "node b", "edge a b"})
      llvm::cantFail(session_.run(line));
  }
  ~SvgTest() override { setenv("PATH", path_.c_str(), 1); }

  std::string errorOf(std::chrono::milliseconds limit) {
    const command::Answer answer = llvm::cantFail(session_.answer("callees --svg a"));
    if (stops_)
      session_.interrupt();
    std::string text;
    llvm::raw_string_ostream out(text);
    return llvm::toString(print(answer, session_.view(), {.drawing_time = limit}, out));
  }

  command::Session session_;
  bool stops_ = false;

private:
  std::string path_;
};

TEST_F(SvgTest, aDrawingThatTakesTooLongIsGivenUp) {
  EXPECT_EQ(
      errorOf(std::chrono::seconds(1)),
      "a drawing of 2 functions and 1 edges: dot takes longer than 1 seconds; --dot and --html "
      "show it without Graphviz");
}

TEST_F(SvgTest, anInterruptionEndsIt) {
  stops_ = true;
  EXPECT_TRUE(llvm::StringRef(errorOf(std::chrono::minutes(10))).contains("interrupted"));
}

} // namespace
} // namespace lockvet::output
