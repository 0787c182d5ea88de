// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/missing_header.h"
#include "testsuite/unit/index/temporary_tree.h"

#include <gtest/gtest.h>

namespace lockvet::index {
namespace {

class MissingHeader : public test::TemporaryTree {};

constexpr const char* kReason = "src/a.c:1:10: 'made.h' file not found";

TEST_F(MissingHeader, IsLookedForInTheIncludeDirectories) {
  CompileCommand command;
  command.directory = path("");
  command.file = path("src/a.c");
  command.arguments = {"clang", "-Igenerated", "-isystem", "elsewhere", "src/a.c"};
  EXPECT_FALSE(mayFindHeaderNow(command, kReason));
  write("other/made.h", "");
  EXPECT_FALSE(mayFindHeaderNow(command, kReason));
  write("generated/made.h", "");
  EXPECT_TRUE(mayFindHeaderNow(command, kReason));
}

TEST_F(MissingHeader, MayStandBesideTheFileThatIncludesIt) {
  CompileCommand command;
  command.directory = path("");
  command.file = path("src/a.c");
  command.arguments = {"clang", "src/a.c"};
  EXPECT_FALSE(mayFindHeaderNow(command, kReason));
  write("src/made.h", "");
  EXPECT_TRUE(mayFindHeaderNow(command, kReason));
}

TEST_F(MissingHeader, OtherReasonsAreTriedAgain) {
  EXPECT_TRUE(
      mayFindHeaderNow({}, "the file does not exist; if the build generates it, build first"));
  EXPECT_TRUE(mayFindHeaderNow({}, ""));
}

} // namespace
} // namespace lockvet::index
