// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "vrc/command/arguments.h"

#include <gtest/gtest.h>

namespace lockvet::command {
namespace {

constexpr Option kOptions[] = {{"--limit", "N", ""}, {"--avoid", "SPEC", ""}, {"--all", "", ""}};

Arguments parse(llvm::StringRef line) {
  return llvm::cantFail(Arguments::parse(line, line.find(' '), kOptions));
}

using Words = std::vector<std::string>;

TEST(Arguments, optionsStandAnywhere) {
  const Arguments arguments = parse("paths --limit 5 a --all b --avoid=c");
  EXPECT_EQ(arguments.words(), (Words{"a", "b"}));
  EXPECT_EQ(arguments.operands(), "                a       b          ");
  EXPECT_EQ(llvm::cantFail(arguments.number("--limit", 1)), 5U);
  EXPECT_TRUE(arguments.has("--all"));
  EXPECT_EQ(arguments.value("--avoid"), "c");
  EXPECT_EQ(arguments.offset("--avoid"), 34U);
  EXPECT_EQ(llvm::cantFail(parse("paths a").number("--limit", 20)), 20U);
}

TEST(Arguments, termsAreOneWord) {
  EXPECT_EQ(parse("f --avoid [a, /x y/] z").value("--avoid"), "[a, /x y/]");
  EXPECT_EQ(parse("f --avoid=/x --all/ z").value("--avoid"), "/x --all/");
  EXPECT_EQ(parse("f \"a --all b\" c").words(), (Words{"a --all b", "c"}));
  EXPECT_FALSE(parse("f [\"--all\"] /--all x/ a|/ --all /").has("--all"));
}

TEST(Arguments, aSlashWithinAWordIsAFiles) {
  EXPECT_TRUE(parse("f [file:block/*.c] --all").has("--all"));
  EXPECT_TRUE(parse("f [a,file:b/c] block/io.c --all").has("--all"));
  EXPECT_EQ(parse("source /tmp/a.vrc --all").words(), (Words{"/tmp/a.vrc"}));
}

TEST(Arguments, twoDashesEndOptions) {
  const Arguments arguments = parse("f -- --all");
  EXPECT_FALSE(arguments.has("--all"));
  EXPECT_EQ(arguments.words(), Words{"--all"});
}

TEST(Arguments, wordsKeepTheirPlace) {
  const Arguments arguments = parse("label \"a b\" --all  f g");
  EXPECT_EQ(arguments.words(), (Words{"a b", "f", "g"}));
  EXPECT_EQ(arguments.wordOffset(0), 6U);
  EXPECT_EQ(arguments.wordOffset(1), 19U);
  EXPECT_EQ(arguments.wordOffset(9), arguments.line().size());
  EXPECT_EQ(arguments.withoutFirstWord(), "                   f g");
  EXPECT_FALSE(parse("f  ").hasOperands());
}

} // namespace
} // namespace lockvet::command
