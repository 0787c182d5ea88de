// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "analyzer/index/compilation_database.h"
#include "testsuite/unit/index/temporary_tree.h"

namespace lockvet::index {
namespace {

CompilationDatabase parse(const std::string& text) {
  return llvm::cantFail(parseCompilationDatabase(text, "/b/compile_commands.json"));
}

std::string errorOf(const std::string& text) {
  auto database = parseCompilationDatabase(text, "/b/compile_commands.json");
  return database ? "accepted" : llvm::toString(database.takeError());
}

TEST(CompilationDatabase, HasCommandsAndArguments) {
  const CompilationDatabase database = parse(R"([
    {"directory": "/b/sub", "file": "../src/a.c", "command": "cc -DX='1 2' -c ../src/a.c"},
    {"directory": "build", "file": "/src/b.cpp", "arguments": ["c++", "-c", "/src/b.cpp"]}])");
  ASSERT_EQ(database.commands.size(), 2u);
  EXPECT_EQ(database.commands[0].file, "/b/src/a.c");
  EXPECT_EQ(database.commands[0].directory, "/b/sub");
  EXPECT_EQ(database.commands[0].arguments,
            (std::vector<std::string>{"clang", "-DX=1 2", "../src/a.c"}));
  EXPECT_EQ(database.commands[1].directory, "/b/build");
  EXPECT_EQ(database.commands[1].arguments[0], "clang++");
}

TEST(CompilationDatabase, OneFileWithOtherFlagsIsAnotherUnit) {
  const CompilationDatabase database = parse(R"([
    {"directory": "/b", "file": "a.c", "command": "cc -DA -c a.c -o 1.o"},
    {"directory": "/b", "file": "a.c", "command": "cc -DB -c a.c -o 2.o"},
    {"directory": "/b", "file": "a.c", "command": "cc -DA -c a.c -o 3.o"}])");
  EXPECT_EQ(database.commands.size(), 2u);
  EXPECT_EQ(database.duplicates, 1u);
}

TEST(CompilationDatabase, OtherLanguagesAreCounted) {
  const CompilationDatabase database = parse(R"([
    {"directory": "/b", "file": "a.S", "command": "cc -c a.S"},
    {"directory": "/b", "file": "a.c", "command": "cc -c a.c"}])");
  EXPECT_EQ(database.commands.size(), 1u);
  EXPECT_EQ(database.other_languages, 1u);
}

TEST(CompilationDatabase, SenselessEntriesAreLeftOutAndReported) {
  const CompilationDatabase database = parse(R"([
    7,
    {"directory": "/b", "command": "cc -c a.c"},
    {"directory": "/b", "file": "b.c"},
    {"directory": "/b", "file": "c.c", "arguments": ["cc", 3]},
    {"directory": "/b", "file": "d.c", "command": "cc @/nowhere/flags -c d.c"},
    {"directory": "/b", "file": "e.c", "command": ""},
    {"directory": "/b", "file": "f.c", "command": "cc -c f.c"}])");
  EXPECT_EQ(database.commands.size(), 1u);
  const char* expected[] = {
      "entry 1 of '/b/compile_commands.json' is left out: it is not an object",
      "entry 2 of '/b/compile_commands.json' is left out: it has no \"file\"",
      "'/b/b.c': it has neither \"command\" nor \"arguments\"",
      "'/b/c.c': \"arguments\" holds something that is not a string",
      "'/b/d.c': the response file '/nowhere/flags' cannot be read",
      "'/b/e.c': its command names no compiler, or no file"};
  ASSERT_EQ(database.problems.size(), std::size(expected));
  for (size_t index = 0; index != std::size(expected); ++index)
    EXPECT_NE(database.problems[index].find(expected[index]), std::string::npos)
        << database.problems[index];
}

TEST(CompilationDatabase, GarbageIsOneErrorWithItsPlace) {
  EXPECT_NE(errorOf("[\n  {\"file\": ]").find("2:"), std::string::npos);
  EXPECT_NE(errorOf("[\n  {\"file\": ]").find("is not JSON"), std::string::npos);
  EXPECT_NE(errorOf("{}").find("is not an array"), std::string::npos);
  EXPECT_NE(errorOf("[1]").find("no entry that can be used"), std::string::npos);
  EXPECT_NE(errorOf(std::string(1'000'000, '[')).find("nested too deeply"), std::string::npos);
  // Brackets in strings are no nesting, whatever is escaped there.
  EXPECT_EQ(errorOf(R"([{"directory": "/b", "file": "a.c", "command": "cc \\ \")" +
                    std::string(100, '[') + R"(\" -c a.c"}])"),
            "accepted");
  EXPECT_EQ(errorOf("[]"), "accepted");
}

using ReadDatabase = test::TemporaryTree;

TEST_F(ReadDatabase, TakesAFileOrADirectory) {
  writeDatabase({{"a.c", "-DA"}});
  const std::string file = path("compile_commands.json");
  EXPECT_EQ(llvm::cantFail(readCompilationDatabase(directory_)).path, file);
  EXPECT_EQ(llvm::cantFail(readCompilationDatabase(file)).commands[0].file, path("a.c"));
  auto missing = readCompilationDatabase(path("nowhere"));
  EXPECT_NE(llvm::toString(missing.takeError()).find("give the build directory with -p"),
            std::string::npos);
}

} // namespace
} // namespace lockvet::index
