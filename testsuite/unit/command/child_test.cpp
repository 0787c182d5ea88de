// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/child.h"

#include <gtest/gtest.h>

namespace lockvet::command {
namespace {

using namespace std::chrono_literals;

std::string errorOf(llvm::Expected<std::string> output) {
  return output ? "" : llvm::toString(output.takeError());
}

TEST(Child, readsAllAndIsRead) {
  const std::string text(1 << 20, 'x'); // more than a pipe holds
  EXPECT_EQ(llvm::cantFail(outputOf("cat", {"-"}, text, 1min, nullptr)), text);
  EXPECT_EQ(llvm::cantFail(outputOf("cat", {}, "", 1min, nullptr)), "");
}

TEST(Child, saysWhatIsWrong) {
  EXPECT_EQ(errorOf(outputOf("no-such-program", {}, "", 1min, nullptr)),
            "there is no program no-such-program");
  EXPECT_EQ(errorOf(outputOf("false", {}, "", 1min, nullptr)), "false failed");
}

TEST(Child, isKilledWhenItTakesTooLong) {
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(errorOf(outputOf("sleep", {"600"}, "", 1s, nullptr)),
            "sleep takes longer than 1 seconds");
  // One that writes all the time is no better.
  EXPECT_EQ(errorOf(outputOf("yes", {}, "", 1s, nullptr)), "yes takes longer than 1 seconds");
  EXPECT_LT(std::chrono::steady_clock::now() - start, 60s);
}

TEST(Child, canBeStopped) {
  const std::atomic<bool> stop = true;
  EXPECT_EQ(errorOf(outputOf("sleep", {"600"}, "", 10min, &stop)), "interrupted");
}

} // namespace
} // namespace lockvet::command
