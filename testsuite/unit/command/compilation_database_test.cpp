// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/compilation_database.h"

#include <fstream>
#include <gtest/gtest.h>

namespace lockvet::command {
namespace {

llvm::Expected<std::vector<Unit>> read(const std::string& text) {
  const std::string file = testing::TempDir() + "lockvet_compilation_database_test.json";
  std::ofstream(file) << text;
  return readCompilationDatabase(file);
}

std::string errorOf(const std::string& text) {
  auto units = read(text);
  return units ? "" : llvm::toString(units.takeError());
}

TEST(CompilationDatabase, namesAreAbsoluteInEachForm) {
  const auto units = llvm::cantFail(read(R"json([
    {"directory": "/b", "file": "../s/a.c", "command": "cc -o x.o -c 'a b' -o \"a b.o\""},
    {"directory": "/b", "file": "/s/b.c", "arguments": ["cc", "-c", "-o", "./b.o"]},
    {"directory": "/b", "file": "c.c", "output": "c.o", "command": "cc -o d.o"},
    {"directory": "/b", "file": "d.c", "command": "cc -c d.c -o"}])json"));
  ASSERT_EQ(units.size(), 4U);
  EXPECT_EQ(units[0].source, "/s/a.c");
  EXPECT_EQ(units[0].object, "/b/a b.o");
  EXPECT_EQ(units[1].source, "/s/b.c");
  EXPECT_EQ(units[1].object, "/b/b.o");
  EXPECT_EQ(units[2].object, "/b/c.o");
  EXPECT_EQ(units[3].object, "");
}

TEST(CompilationDatabase, whatIsNoneIsAnError) {
  EXPECT_TRUE(llvm::StringRef(errorOf("{}")).contains("expected a list of units"));
  EXPECT_TRUE(llvm::StringRef(errorOf("[3]")).contains("each unit is an object with a 'file'"));
  EXPECT_TRUE(llvm::StringRef(errorOf("[{\"file\": 3}]")).contains("with a 'file'"));
  EXPECT_FALSE(errorOf("[").empty());
  auto missing = readCompilationDatabase("/nonexistent.json");
  EXPECT_TRUE(llvm::StringRef(llvm::toString(missing.takeError())).starts_with("/nonexistent"));
}

} // namespace
} // namespace lockvet::command
